"""What the engine asks for; storage and wiring fulfil it. Protocols only.

Longer than other modules: whoever writes a store finds in one place what it must do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol

from .dispatchports import Dispatches
from .draftports import Drafts
from .figureports import Walks
from .inboxports import SavedViews
from .linkports import Links
from .model import (
    CalendarDay,
    Case,
    Claimed,
    Credential,
    Data,
    Dossier,
    Due,
    Effect,
    Entry,
    Facts,
    Grant,
    Held,
    Message,
    Organisation,
    Outcome,
    Party,
    Payload,
    Person,
    Pulse,
    Record,
    Release,
    RunningClock,
    Scan,
    Session,
    SettingValue,
    Timer,
    Wake,
)
from .model.retained import Certificate
from .paperports import Papers
from .printports import Copies
from .proofports import Log, Proofs
from .retentionports import Retention
from .sealports import Seals
from .staffports import Staff
from .visitports import Visiting

Clock = Callable[[], datetime]
"""The time now, aware UTC."""


class Blobs(Protocol):
    """Files by SHA-256: written once, verified on read."""

    def put(self, content: bytes) -> str: ...
    def get(self, digest: str) -> bytes: ...
    def has(self, digest: str) -> bool: ...
    def remove(self, digest: str, certificate: Certificate) -> None:
        """Destroy a file under a certificate; nothing happens where there is none any more."""

    def digests(self, after: str = "") -> Iterator[str]:
        """Of all files there are, in order."""


class Journal(Protocol):
    """Append-only streams. ``append`` raises Conflict when a seq is taken (somebody was faster)."""

    def head(self, stream: str) -> Entry | None: ...
    def append(self, entry: Entry, payload: Payload) -> None: ...
    def entries(self, stream: str, after: int = -1) -> Iterator[tuple[Entry, Payload | None]]: ...
    def streams(self, prefix: str = "") -> Iterator[str]: ...
    def erase(self, stream: str, seq: int, certificate: str) -> None:
        """Remove a payload for ever, under a certificate of destruction that there is; once only."""


class Releases(Protocol):
    def release(self, digest: str) -> Release: ...
    def current_release(self, procedure: str) -> Release: ...
    def current_digests(self) -> Sequence[str]:
        """The latest version of every procedure."""

    def add_release(
        self, release: Release, author: str, approver: str, at: datetime, note: str = ""
    ) -> Release:
        """Publish it as the procedure's next version, an old one anew too.

        ``release.version``: the next one as far as was seen; Conflict (lost_race) when another
        publication was faster. 0: whichever is the next.
        """

    def facts(self, digest: str) -> Facts: ...
    def current_facts(self) -> Facts: ...
    def add_facts(self, facts: Facts, at: datetime) -> None: ...


class Cases(Protocol):
    """Cases and all that is derived from their outcome.

    ``add_case`` and ``save_case`` write the row and bring open tasks, timers, effects, subscriptions,
    clocks and outgoing messages to what ``outcome`` says (rows that stay keep holder and lease).
    ``save_case`` raises Conflict unless the case stands where this transaction saw it, one entry
    before, or two where a note came first.
    """

    def case(self, case_id: str) -> Case: ...
    def cases_in(self, dossier_id: str) -> Sequence[str]:
        """Ids of a dossier's cases, the oldest first."""

    def add_case(self, case: Case, outcome: Outcome) -> None: ...
    def save_case(self, case: Case, outcome: Outcome) -> None: ...
    def touch_case(self, case: Case) -> None:
        """Only seq, leaf, at and status moved (a note, a held input)."""

    def readdress(self, case: Case, outcome: Outcome) -> None:
        """After a move: what waits is called, and offered, as the new release says."""

    def open_task(self, task_id: str) -> Claimed | None: ...
    def closed_task(self, task_id: str) -> Data | None:
        """{"case", "by", "at", "how"} of a task that is no longer open."""

    def hold_task(self, task_id: str, holder: str, at: datetime | None) -> None: ...
    def clocks(self, case_id: str) -> Sequence[RunningClock]:
        """Every clock of a case, ended ones too."""

    def due_clocks(self, case_id: str) -> Sequence[tuple[RunningClock, datetime]]:
        """Running clocks whose planned moment has come, with that moment."""

    def plan_clock(self, case_id: str, clock: RunningClock, at: datetime | None) -> None:
        """When the case is turned next for this clock: its next reminder or its breach, else never.

        A clock that is new or has changed is due for planning at once.
        """

    def due_timers(self, case_id: str, until: datetime) -> Sequence[Timer]: ...
    def effect(self, effect_id: str) -> tuple[str, Effect] | None:
        """(case id, effect) while its result is still awaited."""

    def finish_effect(self, effect_id: str) -> None: ...
    def open_incident(self, held: Held) -> None: ...
    def incident(self, incident_id: str) -> Held: ...
    def incident_of(self, case_id: str) -> Held | None: ...
    def close_incident(self, incident_id: str) -> None: ...
    def drafts(self, task_id: str, person: str) -> Data | None: ...
    def keep_draft(self, task_id: str, person: str, values: Data, at: datetime) -> None: ...
    def drop_drafts(self, task_id: str) -> None: ...


class Messages(Protocol):
    """Messages between cases: rows written by the sender, consumed in the receiver's transaction."""

    def message(self, message_id: str) -> Message: ...
    def origin(self, message_id: str) -> tuple[str, str]:
        """(dossier, organisation of the sender's case); "" where there is none."""

    def receivers(self, message_id: str) -> Sequence[str]:
        """Ids of cases with a matching subscription: within the dossier, else by the global key."""

    def consume_message(self, message_id: str, case_id: str) -> bool:
        """False if it was consumed before (a duplicate)."""

    def hand_over(self, message_id: str, at: datetime) -> None:
        """Nobody waits for it: make it a visible hand-over item (conventions 4).

        Should somebody begin to wait before it expires, it is delivered after all.
        """

    def add_message(self, message_id: str, message: Message, dossier: str = "") -> bool:
        """Take in a message from outside; False if this id came before."""

    def close_hand_over(self, message_id: str, by: str, reason: str) -> None:
        """A clerk dealt with it; raises Conflict (hand_over_closed)."""


class People(SavedViews, Protocol):
    def person(self, person_id: str) -> Person: ...
    def save_person(self, person: Person) -> None: ...
    def organisation(self, org_id: str) -> Organisation: ...
    def save_organisation(self, organisation: Organisation) -> None: ...
    def dossier(self, dossier_id: str) -> Dossier: ...
    def save_dossier(self, dossier: Dossier) -> None: ...
    def parties(self, dossier_id: str) -> Sequence[Party]: ...
    def save_party(self, party: Party) -> None: ...
    def add_document(self, case: Case, document: Data) -> None:
        """Register a document of the case's dossier: id, kind, number, digest, data."""

    def next_number(self, series: str, key: str) -> int:
        """The next number of a series; the same key gets the same number again."""


class Access(Protocol):
    """How people sign in, and roles for a time."""

    def person_by_login(self, login: str) -> Person: ...
    def grant(
        self, person_id: str, grant: Grant, valid_from: datetime, valid_until: datetime | None
    ) -> None: ...
    def end_grant(self, person_id: str, grant: Grant) -> bool:
        """A role ends now, one that begins later never begins; whether there was such a one."""

    def credential(self, person_id: str) -> Credential | None: ...
    def save_credential(self, credential: Credential) -> None: ...
    def session(self, id_hash: str) -> Session | None: ...
    def save_session(self, session: Session) -> None: ...
    def end_session(self, id_hash: str) -> None: ...
    def end_sessions(self, person_id: str) -> None: ...
    def sweep_sessions(self) -> int: ...


class Office(Protocol):
    """Settings and calendar days (versions, never overwritten), files of a dossier."""

    def settings_at(self, moment: datetime) -> Sequence[SettingValue]: ...
    def add_setting(self, value: SettingValue) -> None: ...
    def calendar_days(self, calendar: str) -> Sequence[CalendarDay]: ...
    def add_calendar_day(self, day: CalendarDay) -> None: ...
    def add_attachment(self, dossier_id: str, by: str, attachment: Data) -> bool:
        """False when the dossier holds this file already."""

    def attachment(self, digest: str, dossier_id: str) -> Data: ...
    def save_scan(self, scan: Scan) -> None: ...
    def scan(self, digest: str) -> Scan | None: ...


class Records(Protocol):
    """Entries of registers: versions, never overwritten."""

    def add_records(self, records: Sequence[Record]) -> None:
        """New versions; Conflict (already_there) when a version of that number is there."""

    def versions(self, entry: str) -> Sequence[Record]:
        """Every version of an entry, the first one first."""

    def records_on(self, register: str, day: date, dossier: str = "") -> Sequence[Record]:
        """Of a register of the office, or of a dossier, the versions that hold on a day, by name."""


class Dues(Protocol):
    """Due work: claimed with a lease, so that each row has one worker at a time (conventions 7)."""

    def claim_due(self, worker: str, until: datetime, limit: int) -> Sequence[Due]:
        """Due rows that nobody holds, the longest due first; held until ``until``."""

    def claim_one(self, wake: Wake, worker: str, until: datetime) -> Due | None:
        """This row, if it is still due and nobody holds it."""

    def settle_due(self, due: Due) -> None:
        """Nothing more to do: unless the work itself removed or re-dated the row."""

    def postpone_due(self, due: Due, at: datetime, failure: Data) -> None:
        """Try again then; ``failure``: {"code", "reason"} of this try, {} when it just was too early."""

    def give_up_due(self, due: Due, failure: Data) -> None:
        """Never by itself again: closing the incident lets it be tried once more.

        A message becomes a hand-over item instead.
        """

    def idle_dues(self, limit: int) -> Sequence[Wake]:
        """Due rows that nobody holds."""

    def free_leases(self) -> int:
        """Nobody works any more (a served process starts): every lease is void."""

    def rouse_messages(self) -> int:
        """Make messages due for which somebody waits now; how many."""

    def next_due(self) -> datetime | None: ...
    def save_pulse(self, pulse: Pulse) -> None: ...
    def pulses(self) -> Sequence[Pulse]: ...


class Store(
    Journal,
    Releases,
    Cases,
    Messages,
    Links,
    Dispatches,
    Copies,
    People,
    Staff,
    Access,
    Office,
    Records,
    Papers,
    Drafts,
    Visiting,
    Seals,
    Dues,
    Proofs,
    Log,
    Walks,
    Retention,
    Protocol,
):
    """One open store is one transaction: it commits when left, or not at all."""


OpenStore = Callable[[], AbstractContextManager[Store]]


class Works(Protocol):
    """Whoever does the work that a queue hands out."""

    def work(self, wake: Wake) -> bool: ...
    def work_due(self) -> int: ...


class Queue(Protocol):
    """Only wakes: rows are the truth (conventions 7)."""

    def enlist(self, transaction: Any, wakes: Sequence[Wake]) -> None:
        """In the transaction that wrote the rows: it and the wakes are committed together."""

    def stir(self) -> None:
        """After that commit."""

    def sweep(self, store: Store) -> None:
        """Time has passed: wake what is due and has been forgotten."""

    def run(self, worker: Works) -> None:
        """Hand out work until stopped."""

    def stop(self) -> None: ...


ServiceHandler = Callable[[str, Data], Any]
"""Performs an effect: (repeat key, params) -> FEEL value; raises Failed."""
