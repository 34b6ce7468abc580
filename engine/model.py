"""The nouns: frozen, no I/O, no library types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Data = dict[str, Any]
"""FEEL values by name: None, bool, Decimal, str, date, time, datetime, timedelta, Months, list, dict."""

Bilingual = Mapping[str, str]
"""``{"zh": ..., "en": ...}``."""


# People ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grant:
    """A role (code of rules.md 1) that a person holds in an organisation, maybe at a duty post."""

    role: str
    org: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person with the grants valid now, maybe in another's place."""

    person: str
    name: str
    grants: tuple[Grant, ...] = ()
    on_behalf: str = ""  # person or party in whose place this is done
    address: str = ""  # network address, kept in the payload only

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)


SYSTEM = Actor("system", "system")


# Releases ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Release:
    """One published, immutable version of a procedure: the closure of its files (conventions 4).

    ``files``: own files by relative name (``process.bpmn``, ``forms/register.json``), shared ones as
    ``shared/...``, called procedures as ``call/<procedure>/...``. ``digest`` names exactly these bytes.
    """

    procedure: str
    digest: str
    files: Mapping[str, bytes]
    version: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """A content-addressed snapshot of what lies outside a release and may change.

    ``calendars``: {"CN": {"off": [iso dates], "on": [make-up working days], "known_until": iso date}};
    ``settings``: FEEL values by setting id; ``registers``: what diagrams read, by register id.
    """

    digest: str
    calendars: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    registers: Mapping[str, Any] = field(default_factory=dict)


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


# Forms, checks -----------------------------------------------------------------------------


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


# Journal -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry: commitments only (conventions 2). Digests are lower-case hex SHA-256.

    ``kind``: input (replayed) or note (chained, skipped by replay). ``previous`` is the leaf of the
    entry before ("" for the first); ``leaf`` = SHA-256(0x00 || body), body the RFC 8785 JSON of the rest.
    """

    stream: str  # "case:<id>", "dossier:<id>", "person:<id>", ...
    seq: int
    kind: Literal["input", "note"]
    verb: str
    actor: str
    on_behalf: str
    role: str
    received_at: datetime
    at: datetime
    element: str
    place: Data  # {} or {"scope", "item", "occurrence", "task"}
    step: int
    release: str
    facts: str
    payload: str  # digest of salt and payload
    state: str  # salted digest of the observable outcome; "" for notes
    previous: str
    leaf: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """What an entry commits to and a lawful erasure may remove once."""

    salt: str  # 32 hex digits
    data: Data
    reason: str = ""
    address: str = ""
    certificate: str = ""  # set when erased: names the certificate of destruction


# What is kept ------------------------------------------------------------------------------

DossierKind = Literal["dispute", "detention", "governance"]
CaseStatus = Literal["open", "held", "ended", "cancelled"]  # held: an incident waits


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in. ``grants`` hold (role, org, post) with validity kept by the store."""

    id: str
    login: str
    name: str
    grants: tuple[Grant, ...] = ()
    active: bool = True
    lang: str = "zh"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A court, station, office, committee, centre or unit; a studio is a place of a committee (K4)."""

    id: str
    name: str
    kind: str  # COURT, TRIBUNAL, POLICE, JUSTICE_OFFICE, COMMITTEE, STUDIO, CENTRE, HOSPITAL, UNIT, BUREAU
    parent: str = ""
    area: str = ""  # administrative code
    active: bool = True
    detail: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Party:
    """A party record of a dossier; ``detail`` follows rules.md 2.1 (kind, id_type, id_no, phone, ...)."""

    id: str
    dossier: str
    side: str  # A, B, THIRD
    name: str
    detail: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dossier:
    """One dispute or one detention, or one unit's year of governance."""

    id: str
    number: str
    kind: DossierKind
    title: str
    org: str
    opened_at: datetime
    linked: str = ""  # the dispute behind a detention, the earlier dossier of a re-application


@dataclass(frozen=True, slots=True)
class Case:
    """One running procedure. ``seq``/``leaf``/``at`` are the head of its journal: the optimistic lock."""

    id: str
    dossier: str
    procedure: str
    release: str
    facts: str
    org: str
    started_at: datetime
    seq: int
    leaf: str
    at: datetime
    status: CaseStatus
    state: bytes
    step: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """An open task as the store keeps it: with who holds it."""

    task: OpenTask
    case: str
    opened_at: datetime
    holder: str = ""
    held_at: datetime | None = None
    due_at: datetime | None = None
    due_rule: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """An open incident with the input that waits to be played again, if any."""

    id: str
    case: str
    incident: Incident
    opened_at: datetime
    input: Input | None = None
    actor: str = ""
    attempts: int = 0
