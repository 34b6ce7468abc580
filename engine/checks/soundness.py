"""Can it always come to an end: proved by a search of the markings, or said not to be decided.

Each sub-process is searched by itself: what happens in it touches nothing around it but by
completing, or by what it throws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.diagram import Diagram
from engine.model import Finding

from .search import Fault, Searched, search
from .subject import Subject
from .tokens import KNOWN, MAY_FAIL, Inside, Marking, Net

MOST_STATES = 20_000
"""Markings of one scope; beyond them it is said not to be decided."""
ERRORS = frozenset({"deadlock"})
"""Faults that refuse publication; the others may be meant, and are told."""


@dataclass(frozen=True, slots=True)
class Proof:
    """``undecided``: ids of the sub-processes (or the process) that could not be gone through."""

    states: int
    faults: tuple[Fault, ...]
    undecided: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        return not self.faults and not self.undecided


def may_prove(diagram: Diagram) -> bool:
    """Whether every flow joins two known elements of one scope: else there is nothing to search."""
    nodes = diagram.nodes
    ends = ((nodes.get(one.source), nodes.get(one.target)) for one in diagram.flows.values())
    return all(one.type in KNOWN for one in nodes.values()) and all(
        a is not None and b is not None and a.scope == b.scope for a, b in ends
    )


def prove(diagram: Diagram, most: int = MOST_STATES) -> Proof:
    """Search every scope of a diagram that ``may_prove``, the innermost first."""
    states, faults, undecided = 0, list[Fault](), list[str]()
    for scope, found, _ in _searched(diagram, most):
        states += found.states
        faults += found.faults
        if not found.is_decided:
            undecided.append(scope.rpartition("/")[2] or diagram.process_id)
    return Proof(states, tuple(faults), tuple(undecided))


def prove_from(diagram: Diagram, scope: str, at: Marking) -> Searched:
    """Go through all that one scope of a diagram that ``may_prove`` can come to from there."""
    *_, (_, _, inside) = _searched(diagram, MOST_STATES)
    return search(Net(diagram, scope, inside), MOST_STATES, at)


def _searched(diagram: Diagram, most: int) -> Iterator[tuple[str, Searched, dict[str, Inside]]]:
    """Each scope with what was met in it, and what is known by then of those deeper in."""
    scopes = {one.scope for one in diagram.nodes.values()} | {""}
    inside: dict[str, Inside] = {}
    for scope in sorted(scopes, key=lambda one: (-one.count("/") - bool(one), one)):
        found = search(Net(diagram, scope, inside), most)
        inside[scope.rpartition("/")[2]] = _told(diagram, scope, found)
        yield scope, found, inside


def _told(diagram: Diagram, scope: str, found: Searched) -> Inside:
    """What the activity around a scope needs to know of it."""
    deep = [one for one in diagram.nodes.values() if scope == one.scope or _below(one.scope, scope)]
    codes = {
        (event.kind, event.code)
        for one in deep
        if one.type in ("endEvent", "intermediateThrowEvent")
        for event in one.events
    }
    handled = any(one.triggered_by_event for one in diagram.children(scope))
    return Inside(
        completes=found.completes or handled or not found.is_decided or bool(found.faults),
        fails=any(one.type in MAY_FAIL for one in deep),
        codes=frozenset(codes),
    )


def _below(scope: str, around: str) -> bool:
    return not around or scope.startswith(f"{around}/")


def soundness(subject: Subject) -> Iterator[Finding]:
    """No dead end, no two tokens where one is meant, nothing that never happens."""
    diagram = subject.diagram
    if not may_prove(diagram):
        return  # what is broken, or cannot be run, is refused by other rules
    proof = prove(diagram)
    for fault in proof.faults:
        say = subject.finding if fault.kind in ERRORS else subject.warning
        titles = [subject.title(one) for one in fault.path]
        way = {lang: " → ".join(one[lang] for one in titles) for lang in ("zh", "en")}
        yield say(f"soundness_{fault.kind}", fault.element, way=way, path=" ".join(fault.path))
    for name in proof.undecided:
        yield subject.warning("soundness_undecided", name, most=MOST_STATES)


RULES = (soundness,)
