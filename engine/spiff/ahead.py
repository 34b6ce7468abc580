"""What a case can still come to from where it stands, and the clocks that nothing there would end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from engine.model import Facts, Input, Release, RunningClock

from .program import program_of
from .run import Run
from .state import load
from .tokens import Token


def endable(run: Run) -> list[RunningClock]:
    """The running clocks that an element still to come may end."""
    return [one for one in run.periods.clocks if one.ended_at is None and _may_end(run, one)]


def end_forlorn(run: Run, before: Iterable[RunningClock]) -> None:
    """End those of the clocks ``before`` that something would have ended and nothing does any more."""
    for clock in before:
        if clock in run.periods.clocks and not _may_end(run, clock):
            run.periods.end(clock.rule, run.now, clock.place)


def _may_end(run: Run, clock: RunningClock) -> bool:
    """A clock of one item of a repeated step is ended by that item or outside it, not by another."""
    item = clock.place.item
    coming = ahead(run.live(lambda one: item is None or one.item in (None, item)))
    marks = (mark for spec in coming for mark in spec.node.clocks if mark.ends)
    return any(mark.rule == clock.rule or mark.rule not in run.periods.rules for mark in marks)


def ahead(tokens: Iterable[Token]) -> list[Any]:
    """The specs where these tokens are or may still come to, in any order of happening."""
    todo: list[Any] = [token.task_spec for token in tokens]
    seen: dict[int, Any] = {}
    while todo:
        spec = todo.pop()
        if id(spec) not in seen:
            seen[id(spec)] = spec
            todo.extend(_onward(spec))
    return list(seen.values())


def coming(
    release: Release, facts: Facts, state: bytes, cause: Input
) -> frozenset[tuple[str, str]]:
    """(folder of its diagram, id) of every element where a case is or may still come to."""
    run = load(program_of(release), facts, cause, state)
    found = ahead(run.live(lambda _: True))
    return frozenset((spec._wf_spec.home, spec.name) for spec in found)


def _onward(spec: Any) -> Iterator[Any]:
    yield from (spec._wf_spec.task_specs[flow.target] for flow in spec.flows)
    yield from spec.boundary
    yield from (one for one in (getattr(spec, "target", None), getattr(spec, "opens", None)) if one)
    if spec.inner is not None:
        yield spec.inner.entry
        yield from spec.inner.handlers
