"""Where on which drawing things happen: a release's own diagram, those it calls, closed planes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.diagram import Diagram, Node, read_diagram
from engine.model import Outcome, Place, Release
from webui.words import pick

from .telling import Moment

MAIN = "process.bpmn"
WAS = frozenset({"entered", "done", "fired", "thrown", "cancelled", "flow"})
"""What happened to an element that makes it part of the path."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An element on one drawing. ``home``: the drawing's file within the release."""

    home: str
    element: str

    @property
    def key(self) -> str:
        """As it travels to the browser."""
        return f"{self.home}#{self.element}"


@dataclass(frozen=True, slots=True)
class Marks:
    """What one entry lights: where it happened, what it passed, where tokens wait now, what failed."""

    at: Spot | None
    passed: tuple[Spot, ...]
    here: tuple[Spot, ...]
    wrong: tuple[Spot, ...]


class Atlas:
    """All drawings of a release, by file name."""

    def __init__(self, release: Release) -> None:
        self.files = release.files
        names = (name for name in sorted(release.files) if name.endswith(MAIN))
        self.drawings: Mapping[str, Diagram] = {
            name: read_diagram(release.files[name])
            for name in names
            if name == MAIN or name.startswith("call/")
        }

    def home(self, scope: str) -> str:
        """The drawing on which what lies in a scope is drawn: that of the innermost call."""
        home = MAIN
        for part in filter(None, scope.split("/")):
            node = self.drawings[home].nodes.get(part)
            called = f"call/{node.called}/{MAIN}" if node and node.called else ""
            home = called if called in self.drawings else home
        return home

    def spot(self, element: str, scope: str) -> Spot:
        """Where an element of a scope is drawn."""
        return Spot(self.home(scope), element)

    def node(self, element: str, scope: str) -> Node | None:
        """The drawn element, None for a flow and for what the drawing does not hold."""
        return self.drawings[self.home(scope)].nodes.get(element)

    def name(self, element: str, place: Mapping[str, Any]) -> str:
        """What an element is called on its drawing; ``place``: as a journal entry bears it."""
        node = self.node(element, str(place.get("scope", "")))
        return pick(node.name, element) if node else element

    def draws(self, spot: Spot) -> bool:
        """Whether it is on one of these drawings: a case may have come from another release."""
        drawing = self.drawings.get(spot.home)
        return drawing is not None and (
            spot.element in drawing.nodes or spot.element in drawing.flows
        )

    def only(self, marks: Marks) -> Marks:
        """Of marks of another release, those that can be lit here."""
        at = marks.at if marks.at and self.draws(marks.at) else None
        rest = (marks.passed, marks.here, marks.wrong)
        return Marks(at, *(tuple(filter(self.draws, some)) for some in rest))

    def marks(self, moment: Moment) -> Marks:
        """What to light for one entry."""
        entry, outcome = moment.told.entry, moment.told.outcome
        at = self.spot(entry.element, entry.place.get("scope", "")) if entry.element else None
        trace = outcome.trace if outcome else ()
        passed = (spot for one in trace if one.what in WAS for spot in self.around(one.place))
        wrong = (at,) if at and (moment.told.fault or entry.verb == "held") else ()
        here = self._tokens(moment.after) if moment.after else ()
        return Marks(at, tuple(dict.fromkeys(passed)), tuple(dict.fromkeys(here)), wrong)

    def _tokens(self, after: Outcome) -> Iterator[Spot]:
        places = [one.place for one in after.tasks] + [one.place for one in after.effects]
        places += [one.place for one in after.timers] + [one.place for one in after.subscriptions]
        for place in places:
            node = self.node(place.element, place.scope)
            if node and not node.attached_to and node.type != "startEvent":
                yield from self.around(place)

    def around(self, place: Place) -> Iterator[Spot]:
        """The element, and each closed part and call it lies in, so that every drawing says where."""
        yield self.spot(place.element, place.scope)
        parts = place.scope.split("/") if place.scope else []
        for depth, part in enumerate(parts):
            around = self.spot(part, "/".join(parts[:depth]))
            shape = self.drawings[around.home].shapes.get(part)
            if shape and not shape.expanded:
                yield around
