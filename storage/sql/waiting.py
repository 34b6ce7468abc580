"""What a case waits for besides people: what it is known by, and how it lies in its table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from engine.model import Case, Effect, Outcome, RunningClock, Subscription, Timer

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wait:
    """One of them. ``mark``: what of it may change while its id stays, its times."""

    id: str
    kind: str
    source: Timer | Effect | Subscription | RunningClock
    mark: str = ""


def waiting(case_id: str, outcome: Outcome) -> Iterator[Wait]:
    """Everything an outcome leaves the case waiting for."""
    for timer in outcome.timers:
        yield Wait(timer.id, "timer", timer, timer.due.isoformat())
    for effect in outcome.effects:
        yield Wait(effect.id, "effect", effect)
    for heard in outcome.subscriptions:
        yield Wait(heard.id, heard.kind, heard)
    for clock in outcome.clocks:
        if not clock.ended_at:
            paused = " paused" if is_paused(clock) else ""
            yield Wait(clock_id(case_id, clock), "clock", clock, clock.due.isoformat() + paused)


def wait_row(case: Case, wait: Wait, is_new: bool = True) -> Row:
    """Its row, free to be worked on. ``is_new``: a clock then says all since its start."""
    return {
        "id": wait.id,
        "case_id": case.id,
        "kind": wait.kind,
        "name": "",
        "key": "",
        "place": asdict(wait.source.place),
        "data": {},
        "due_at": None,
        "end_at": None,
        "attempts": 0,
        "lease": "",
        "leased_until": None,
        "failure": {},
    } | _columns(case, wait.source, is_new)


def _columns(case: Case, source: Timer | Effect | Subscription | RunningClock, is_new: bool) -> Row:
    match source:
        case Timer():
            return {"due_at": source.due}
        case Effect():
            return {"name": source.operation, "data": source.params, "due_at": case.at}
        case Subscription():
            return {"name": source.name, "key": source.key}
    planned_at = min(case.at, source.started_at) if is_new else case.at
    due_at = None if is_paused(source) else planned_at
    return {"name": source.rule, "due_at": due_at, "end_at": source.due}


def is_paused(clock: RunningClock) -> bool:
    return bool(clock.pauses) and clock.pauses[-1][1] is None


def clock_id(case_id: str, clock: RunningClock) -> str:
    place = clock.place
    return f"{case_id}/{clock.rule}/{place.scope}/{place.element}/{place.item}/{place.occurrence}"
