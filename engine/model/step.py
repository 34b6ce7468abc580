"""What goes into a step and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from .acting import Data

# The step ----------------------------------------------------------------------------------

Verb = Literal[
    "start",  # data: initial case data, {"values": {pointer: value}}
    "complete",  # task; data: {"values": {pointer: value}, "outcome": str | None}
    "fire",  # task = timer's id: its due time has come
    "effect_returned",  # task = effect's id; data: {"result": value}
    "effect_failed",  # task = effect's id; data: {"error": code, "reason": text}
    "message",  # data: {"name", "key", "payload", "id"}
    "signal",  # data: {"name", "payload"}
    "facts_changed",  # recompute clocks under the new facts digest
    "party_changed",  # data: {"parties": [...]}
    "clock_paused",  # data: {"rule"}; also clock_resumed, clock_extended {"rule", "until"}
    "clock_resumed",
    "clock_extended",
    "correct",  # data: {"values": {pointer: value}}: a person mends case data, with a reason
    "cancel",  # the case ends here, with a reason
    "relocate",  # data: {"from": [place], "to": element}: tokens go on at another step, with a reason
    "move",  # goes on under the entry's release; data: {"from": digest of the one before}
    "retry",  # plays the held input of the open incident again
]


@dataclass(frozen=True, slots=True)
class Input:
    """What moves a case: journalled before it is believed, replayed to check it."""

    case: str
    seq: int
    verb: str
    received_at: datetime  # aware UTC: when it reached us; legal dates use this
    at: datetime  # aware UTC: never below the previous entry's
    task: str = ""  # id of the open task, timer or effect it answers
    data: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a case: survives a redrawn diagram, so what-if and moves address by it (conventions 1)."""

    element: str
    scope: str = ""  # element ids of the enclosing sub-processes and calls, joined by "/"
    item: int | None = None  # index of the multi-instance item
    occurrence: int = 0  # how many times this element was entered in this scope before


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Something a person must do. ``role``/``org``/``person``: candidates; "" means not restricted."""

    id: str
    place: Place
    role: str
    org: str = ""
    person: str = ""
    local: Data = field(default_factory=dict)  # the multi-instance item, seen by its form only


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to do outside, once the case is safely stored. The id is the handler's repeat key."""

    id: str
    place: Place
    operation: str
    params: Data


@dataclass(frozen=True, slots=True)
class Timer:
    """A drawn timer that waits. ``cycle``: fires again after this one."""

    id: str
    place: Place
    due: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """A drawn event that waits for a message or signal with this name and key."""

    id: str
    place: Place
    kind: Literal["message", "signal"]
    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message or signal thrown to other cases; its id is (case, seq, n)."""

    kind: Literal["message", "signal"]
    name: str
    key: str
    payload: Data


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A legal period that runs, is paused or has ended in a case.

    ``spans`` keeps what the end was computed from, so it can be explained and recomputed:
    ``extended_to`` wins over the computed end, ``pauses`` are (from, to or None).
    """

    rule: str
    place: Place
    started_at: datetime
    due: datetime
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    extended_to: datetime | None = None
    ended_at: datetime | None = None
    provisional: bool = False  # 暂算: the holiday calendar of that year is not known yet


@dataclass(frozen=True, slots=True)
class Passed:
    """One line of the trace: what happened to which element in this step, in order.

    ``what``: entered, done, cancelled, fired, thrown, decided, wrote, flow (element = sequence flow id).
    ``detail``: for decided {"decision", "inputs", "outputs", "rules", "digest"}; for wrote {pointer: value}.
    """

    what: str
    place: Place
    detail: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Incident:
    """Why a case stands still: the error code with its parameters and the place."""

    code: str
    place: Place | None
    params: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step gives. Sorted, complete: ``tasks`` ... ``clocks`` are all that is open afterwards."""

    state: bytes
    tasks: tuple[OpenTask, ...]
    effects: tuple[Effect, ...]
    messages: tuple[Message, ...]  # thrown in this step only
    subscriptions: tuple[Subscription, ...]
    timers: tuple[Timer, ...]
    clocks: tuple[RunningClock, ...]  # ended ones included
    data: Data
    ended: bool
    trace: tuple[Passed, ...]
    incident: Incident | None = None  # then nothing above moved: the input is held (conventions 1)
    dues: Mapping[str, RunningClock] = field(default_factory=dict)  # by task id: the clock to meet


@dataclass(frozen=True, slots=True)
class Problem:
    """One field that does not fit: where (JSON pointer), code and parameters of the text."""

    pointer: str
    code: str
    params: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found in a procedure. Codes have ``<code>`` (text) and ``<code>_hint`` in texts/."""

    code: str
    element: str
    level: Literal["error", "warning"] = "error"
    file: str = ""
    params: Data = field(default_factory=dict)
