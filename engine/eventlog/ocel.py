"""OCEL 2.0 as JSON: events beside the dossiers, cases, tasks, offices, staff and parties they touch."""

from __future__ import annotations

import json
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from typing import Any

from engine.journal import rfc3339

from .happenings import Happening, Trace

_EVENT = ("verb", "lifecycle", "role", "element", "release")
_OBJECTS = {
    "dossier": ("number",),
    "case": ("procedure",),
    "task": ("element",),
    "office": (),
    "actor": (),
}


class _Objects:
    """Each object once. Those to which nothing can come any more lie deflated until the end."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, Any]] = {}
        self._closed: set[str] = set()
        self._deflating = zlib.compressobj(1)
        self._deflated: list[bytes] = []
        self._between = "\n"

    def of(self, kind: str, name: str, about: list[tuple[str, str, str]]) -> str:
        """The id of the object of that name; what is known of it now, if nothing was before."""
        key = f"{kind}:{name}"
        if key not in self._closed:
            told = self._open.setdefault(key, _bare(key, kind))
            if about and not told["attributes"]:
                told["attributes"] = [
                    {"name": name, "value": value, "time": at} for name, value, at in about
                ]
        return key

    def relate(self, key: str, related: list[dict[str, str]]) -> None:
        self._open[key]["relationships"] = related

    def close(self) -> None:
        """A case is told: what waits yet are other cases that were named and are still to come."""
        whole = [
            one for one in self._open.values() if one["type"] != "case" or one["relationships"]
        ]
        for told in whole:
            self._write(self._open.pop(told["id"]))
            if told["type"] != "task":  # it belongs to this case alone
                self._closed.add(told["id"])

    def _write(self, told: dict[str, Any]) -> None:
        line = f"{self._between}{_json(told)}".encode()
        if portion := self._deflating.compress(line):
            self._deflated.append(portion)
        self._between = ",\n"

    def all(self) -> Iterator[str]:
        """Every object, in the order in which they were done with."""
        for told in self._open.values():
            self._write(told)
        self._deflated.append(self._deflating.flush())
        inflating, read = zlib.decompressobj(), getincrementaldecoder("utf-8")()
        for portion in self._deflated:
            yield read.decode(inflating.decompress(portion))


def _bare(key: str, kind: str) -> dict[str, Any]:
    return {"id": key, "type": kind, "attributes": [], "relationships": []}


def ocel(log: Iterable[Trace]) -> Iterator[str]:
    """The log in portions; event types are the activities, as in ``engine.eventlog.xes``.

    Ids of objects begin with their type.
    """
    objects = _Objects()
    activities: set[str] = set()
    yield '{"events":['
    between = "\n"
    for trace in log:
        _case(objects, trace)
        for one in trace.happenings:
            activities.add(one.activity)
            yield between + _json(_event(objects, trace, one))
            between = ",\n"
        objects.close()
    yield '\n],"eventTypes":' + _json([_type(one, _EVENT) for one in sorted(activities)])
    yield ',\n"objectTypes":' + _json([_type(name, _OBJECTS[name]) for name in sorted(_OBJECTS)])
    yield ',\n"objects":['
    yield from objects.all()
    yield "\n]}\n"


def _case(objects: _Objects, trace: Trace) -> None:
    at = rfc3339(trace.started_at)
    dossier = objects.of("dossier", trace.dossier, [("number", trace.number, at)])
    case = objects.of("case", trace.case, [("procedure", trace.procedure, at)])
    related = [_related(dossier, "part of")]
    if trace.org:
        related.append(_related(objects.of("office", trace.org, []), "run by"))
    objects.relate(case, related)


def _event(objects: _Objects, trace: Trace, one: Happening) -> dict[str, Any]:
    values = (one.verb, one.lifecycle, one.role, one.element, one.release)
    related = [_related(f"case:{trace.case}", "of"), _related(f"dossier:{trace.dossier}", "in")]
    for kind, name, qualifier in (
        ("actor", one.actor, "by"),
        ("actor", one.behalf, "for"),
        ("task", one.task, "on"),
        ("case", one.sender, "from"),
    ):
        if name:
            about = [("element", one.element, rfc3339(one.at))] if kind == "task" else []
            related.append(_related(objects.of(kind, name, about), qualifier))
    return {
        "id": f"{trace.case}:{one.seq}",
        "type": one.activity,
        "time": rfc3339(one.at),
        "attributes": [
            {"name": name, "value": value} for name, value in zip(_EVENT, values, strict=True)
        ],
        "relationships": related,
    }


def _related(target: str, qualifier: str) -> dict[str, str]:
    return {"objectId": target, "qualifier": qualifier}


def _type(name: str, attributes: Iterable[str]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": one, "type": "string"} for one in attributes]}


def _json(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
