"""OCEL 2.0 as JSON: events beside the dossiers, cases, tasks, offices, staff and parties they touch."""

from __future__ import annotations

import json
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
Objects = dict[str, dict[str, Any]]


def ocel(log: Iterable[Trace]) -> Iterator[str]:
    """The log in portions; event types are the activities, as in ``engine.eventlog.xes``.

    Ids of objects begin with their type.
    """
    objects: Objects = {}
    activities: set[str] = set()
    yield '{"events":['
    between = "\n"
    for trace in log:
        _case(objects, trace)
        for one in trace.happenings:
            activities.add(one.activity)
            yield between + _json(_event(objects, trace, one))
            between = ",\n"
    yield '\n],"eventTypes":' + _json([_type(one, _EVENT) for one in sorted(activities)])
    yield ',\n"objectTypes":' + _json([_type(name, _OBJECTS[name]) for name in sorted(_OBJECTS)])
    yield ',\n"objects":['
    for number, key in enumerate(sorted(objects)):
        yield (",\n" if number else "\n") + _json(objects[key])
    yield "\n]}\n"


def _case(objects: Objects, trace: Trace) -> None:
    at = rfc3339(trace.started_at)
    dossier = _object(objects, "dossier", trace.dossier, [("number", trace.number, at)])
    told = _object(objects, "case", trace.case, [("procedure", trace.procedure, at)])
    told["relationships"] = [_related(dossier["id"], "part of")]
    if trace.org:
        office = _object(objects, "office", trace.org, [])
        told["relationships"].append(_related(office["id"], "run by"))


def _event(objects: Objects, trace: Trace, one: Happening) -> dict[str, Any]:
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
            related.append(_related(_object(objects, kind, name, about)["id"], qualifier))
    return {
        "id": f"{trace.case}:{one.seq}",
        "type": one.activity,
        "time": rfc3339(one.at),
        "attributes": [
            {"name": name, "value": value} for name, value in zip(_EVENT, values, strict=True)
        ],
        "relationships": related,
    }


def _object(
    objects: Objects, kind: str, name: str, about: list[tuple[str, str, str]]
) -> dict[str, Any]:
    """The object of that name; what is known of it now, if nothing was before."""
    told = objects.setdefault(
        f"{kind}:{name}",
        {"id": f"{kind}:{name}", "type": kind, "attributes": [], "relationships": []},
    )
    if about and not told["attributes"]:
        told["attributes"] = [
            {"name": name, "value": value, "time": at} for name, value, at in about
        ]
    return told


def _related(target: str, qualifier: str) -> dict[str, str]:
    return {"objectId": target, "qualifier": qualifier}


def _type(name: str, attributes: Iterable[str]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": one, "type": "string"} for one in attributes]}


def _json(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
