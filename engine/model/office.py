"""The nouns of the office around the cases: signing in, settings, calendars, duty, due work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from .acting import Data


@dataclass(frozen=True, slots=True)
class Credential:
    """How a person signs in. ``hash``: argon2; ``failures``: wrong passwords since the last right one."""

    person: str
    hash: str
    must_change: bool
    changed_at: datetime
    failures: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. ``id_hash``: SHA-256 of what its cookie holds; over at either limit."""

    id_hash: str
    person: str
    created_at: datetime
    seen_at: datetime
    idle_until: datetime
    ends_at: datetime
    csrf: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class SettingValue:
    """One version of a setting. ``layer``: "" whole country, an area code, or an organisation id."""

    id: str
    setting: str
    layer: str
    value: Any  # a FEEL value
    valid_from: datetime
    made_by: str
    made_at: datetime
    reason: str = ""
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """An edited day: ``off``, ``on`` (a make-up working day) or ``plain`` (as its weekday says)."""

    id: str
    calendar: str
    day: date
    kind: Literal["off", "on", "plain"]
    name: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DutyPost:
    """A place of duty to which tasks are offered instead of to a named officer (rules 15.5).

    ``roles``: codes separated by spaces, whose open tasks in the organisation one shift hands to the next.
    """

    id: str
    org: str
    name: str
    active: bool = True
    roles: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is on duty at a post, from ``starts_at`` until before ``ends_at``; what was handed over."""

    id: str
    post: str
    person: str
    starts_at: datetime
    ends_at: datetime
    handover: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One version of an entry of a register: what it says from a day on (both days included).

    Never changed and never removed; of the versions of an entry the one that began last holds.
    ``dossier``: "" for a register of the office; ``about``: what it is looked up by (a person, a
    party, another dossier); ``tags``: lines "pointer=value" that lists filter by.
    """

    entry: str
    version: int
    register: str
    dossier: str
    name: str
    about: str
    values: Data  # FEEL values by pointer
    tags: str
    words: str  # everything that is text, for searching
    valid_from: date
    valid_until: date | None
    made_by: str
    made_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    """What one shift handed to the next: a note, and the tasks open then (ids)."""

    id: str
    post: str
    shift: str
    given_by: str
    given_at: datetime
    note: str
    tasks: tuple[str, ...] = ()
    taken_by: str = ""
    taken_at: datetime | None = None


# Due work -----------------------------------------------------------------------------------

DueKind = Literal["timer", "clock", "effect", "message", "letter", "dispatch"]


@dataclass(frozen=True, slots=True)
class Wake:
    """A row that can be worked on as soon as the transaction that wrote it is committed."""

    kind: DueKind
    id: str
    case: str


@dataclass(frozen=True, slots=True)
class Due:
    """Due work that a worker holds by ``lease``: nobody else works on it before the lease ends.

    ``case``: for a message that of its sender, for a letter its office, for a dispatch
    its dossier; ``attempts``: tries that
    failed before this one.
    """

    kind: DueKind
    id: str
    case: str
    due_at: datetime
    attempts: int
    lease: str


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a worker process is: when it was last seen, what it did, and how late (milliseconds)."""

    worker: str
    started_at: datetime
    seen_at: datetime
    done: int = 0
    failed: int = 0
    late_ms: int = 0
    latest_ms: int = 0
