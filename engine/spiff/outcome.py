"""What a step gives and what pages read: everything that is open, read off the stored form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.lexical import parse_datetime
from engine.model import (
    Data,
    Effect,
    Incident,
    OpenTask,
    Outcome,
    Place,
    RunningClock,
    Subscription,
    Timer,
)
from engine.values import from_json

from .data import CaseData
from .dues import dues_of
from .run import Run
from .state import Plain, dump, load_clock, load_frames, pack


class State:
    """A case as pages read it: its data and all that is open in it, oldest first.

    Each part is worked out when it is first asked for; a step that goes on from it changes nothing
    in it. ``content``: the stored bytes, b"" of a case that has not begun.
    """

    def __init__(self, plain: Plain, content: bytes = b"") -> None:
        self.plain = plain
        self.content = content
        self.ended: bool = plain["ended"]

    @cached_property
    def data(self) -> Data:
        data: Data = from_json(self.plain["data"])
        return data

    @cached_property
    def tasks(self) -> tuple[OpenTask, ...]:
        layers = CaseData(frames=load_frames(self.plain))
        return tuple(_task(row, layers) for row in self._rows if _is_task(row))

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        return tuple(_effect(row) for row in self._rows if _is_effect(row))

    @cached_property
    def subscriptions(self) -> tuple[Subscription, ...]:
        return tuple(_subscription(row) for row in self._rows if _hears(row))

    @cached_property
    def timers(self) -> tuple[Timer, ...]:
        return tuple(_timer(row) for row in self._rows if "due" in row.note)

    @cached_property
    def clocks(self) -> tuple[RunningClock, ...]:
        return tuple(load_clock(one) for one in self.plain["clocks"])

    @cached_property
    def _rows(self) -> list[_Row]:
        return sorted(_rows(self.plain), key=lambda row: row.key)


@dataclass(frozen=True, slots=True)
class _Row:
    """A token with a public id, as it is stored."""

    key: int
    id: str
    place: Place
    state: int
    frame: int
    note: Mapping[str, Any]


def outcome(run: Run) -> Outcome:
    """What the step has given."""
    plain = pack(run)
    seen = State(plain)
    clocks = tuple(run.periods.clocks)
    return Outcome(
        state=dump(plain, run.data.values),
        tasks=seen.tasks,
        effects=seen.effects,
        messages=tuple(run.messages),
        subscriptions=seen.subscriptions,
        timers=seen.timers,
        clocks=clocks,
        data=run.data.values,
        ended=run.has_ended,
        trace=tuple(run.trace),
        dues=dues_of(seen.tasks, clocks, run.program.named, run.program.rules),
    )


def unmoved(state: State | None, incident: Incident) -> Outcome:
    """The step failed: what was open before is open still."""
    seen = state or State({"ended": False, "data": {}, "scopes": [], "clocks": [], "frames": []})
    return Outcome(
        state=seen.content,
        tasks=seen.tasks,
        effects=seen.effects,
        messages=(),
        subscriptions=seen.subscriptions,
        timers=seen.timers,
        clocks=seen.clocks,
        data=seen.data,
        ended=seen.ended,
        trace=(),
        incident=incident,
    )


def _rows(plain: Plain) -> Iterator[_Row]:
    for _, scope, _, _, _, tokens in plain["scopes"]:
        for key, _, name, state, _, _, frame, item, occurrence, public, note in tokens:
            if public:
                within = "/".join(part for part in (scope, note.get("within", "")) if part)
                yield _Row(key, public, Place(name, within, item, occurrence), state, frame, note)


def _is_task(row: _Row) -> bool:
    return "role" in row.note and row.state == TaskState.READY


def _is_effect(row: _Row) -> bool:
    return "operation" in row.note and row.state == TaskState.STARTED


def _hears(row: _Row) -> bool:
    return row.note.get("key") is not None


def _task(row: _Row, layers: CaseData) -> OpenTask:
    note = row.note
    local = layers.local(row.frame)
    return OpenTask(row.id, row.place, note["role"], note["org"], note["person"], local)


def _effect(row: _Row) -> Effect:
    return Effect(row.id, row.place, row.note["operation"], from_json(row.note["params"]))


def _subscription(row: _Row) -> Subscription:
    note = row.note
    return Subscription(row.id, row.place, note["kind"], note["name"], note["key"])


def _timer(row: _Row) -> Timer:
    return Timer(row.id, row.place, parse_datetime(row.note["due"]))
