"""Whether what was typed into a form then would be taken by the form of another release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine.counterparts import pair
from engine.diagram import Node, read_diagram
from engine.errors import Invalid
from engine.facts import for_case
from engine.forms import Form, read_form, submit
from engine.forms.raw import as_raw
from engine.model import Data, Facts, Problem, Release
from engine.package import DIAGRAM
from engine.registers import FACTS, read_by
from engine.workdays import local_day

TYPES = "shared/types.json"
Both = tuple[str, str]
"""The id of an element in two releases."""


@dataclass(frozen=True, slots=True)
class Fit:
    """``problems``: what the new form would refuse and the old one took."""

    data: Data
    problems: tuple[Problem, ...] = ()


class Forms:
    """The forms of two releases side by side, each pair judged once for being the same.

    ``known``, ``drawn``: the elements of the one and of the other; ``alike``: old path to new id where
    one element fits better than all others (engine/counterparts.py).
    """

    def __init__(self, old: Release, new: Release) -> None:
        self.old, self.new = old, new
        self.known, self.drawn = _nodes(old), _nodes(new)
        self.alike = pair(old.files, new.files).names
        self._pairs: dict[Both, tuple[Form, Form] | None] = {}

    def fit(self, both: Both, data: Data, seen: Data, facts: Facts, now: datetime) -> Fit:
        """What the new form makes of the values and outcome that were recorded.

        ``both``: the element's id then and on the draft; ``seen``: the case's data, the
        multi-instance item on top.
        """
        pair = self._pair(both)
        if pair is None or not isinstance(data.get("values"), Mapping):
            return Fit(data)
        settings = for_case(facts, seen.get("case"), local_day(now)).settings
        context = {**seen, "settings": settings}
        new, values = _judged(pair[1], data, context, now)
        old = _judged(pair[0], data, context, now)[0] if new else ()
        worse = [one for one in new if (one.pointer, one.code) not in _keys(old)]
        gone = [
            Problem(pointer, "whatif_field_gone")
            for pointer, value in data["values"].items()
            if pointer in pair[0].fields and pointer not in pair[1].fields and value is not None
        ]
        return Fit(data if values is None else {**data, "values": values}, (*worse, *gone))

    def _pair(self, both: Both) -> tuple[Form, Form] | None:
        """None when nothing changed, or one of them has no form."""
        if both not in self._pairs:
            old, new = _content(self.old, both[0]), _content(self.new, both[1])
            same = old == new and self.old.files.get(TYPES) == self.new.files.get(TYPES)
            self._pairs[both] = None
            if old is not None and new is not None and not same:
                types = (one.files.get(TYPES, b"{}") for one in (self.old, self.new))
                self._pairs[both] = (_read(old, next(types)), _read(new, next(types)))
        return self._pairs[both]


def _nodes(release: Release) -> dict[str, Node]:
    """Of the procedure and of those it calls, by id."""
    found: dict[str, Node] = {}
    for name in sorted(release.files):
        if name.rpartition("/")[2] == DIAGRAM:
            found |= read_diagram(release.files[name]).nodes
    return found


def _content(release: Release, element: str) -> bytes | None:
    name = f"forms/{element}.json"
    paths = [one for one in release.files if one == name or one.endswith(f"/{name}")]
    return release.files[min(paths, key=len)] if paths else None


@lru_cache(maxsize=512)
def _read(content: bytes, types: bytes) -> Form:
    return read_form(content, types)


def _judged(
    form: Form, data: Data, context: Data, now: datetime
) -> tuple[tuple[Problem, ...], Mapping[str, Any] | None]:
    """What a form refuses of recorded values, and what it makes of them otherwise."""
    known = {name: value for name, value in data["values"].items() if name in form.fields}
    held: Data = {FACTS: {name: [] for name in read_by(form)}}
    outcome = data.get("outcome") or ("" if form.outcomes else None)
    try:
        taken = submit(form, as_raw(form, known), {**context, **held}, now, outcome)
    except Invalid as refused:
        return refused.problems or (Problem("", refused.code, refused.params),), None
    others = {name: value for name, value in data["values"].items() if name not in form.fields}
    return (), {**others, **taken.values}


def _keys(problems: tuple[Problem, ...]) -> set[tuple[str, str]]:
    return {(one.pointer, one.code) for one in problems}
