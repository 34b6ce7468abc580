"""What the engine asks for; storage and wiring fulfil it. Protocols only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from .model import (
    Case,
    Claimed,
    Data,
    Dossier,
    Effect,
    Entry,
    Facts,
    Held,
    Message,
    Organisation,
    Outcome,
    Party,
    Payload,
    Person,
    Release,
    Timer,
)

Clock = Callable[[], datetime]
"""The time now, aware UTC."""


class Blobs(Protocol):
    """Files by SHA-256: written once, verified on read."""

    def put(self, content: bytes) -> str: ...
    def get(self, digest: str) -> bytes: ...
    def has(self, digest: str) -> bool: ...


class Journal(Protocol):
    """Append-only streams. ``append`` raises Conflict when a seq is taken (somebody was faster)."""

    def head(self, stream: str) -> Entry | None: ...
    def append(self, entry: Entry, payload: Payload) -> None: ...
    def entries(self, stream: str, after: int = -1) -> Iterator[tuple[Entry, Payload | None]]: ...
    def streams(self, prefix: str = "") -> Iterator[str]: ...


class Releases(Protocol):
    def release(self, digest: str) -> Release: ...
    def current_release(self, procedure: str) -> Release: ...
    def add_release(
        self, release: Release, author: str, approver: str, at: datetime
    ) -> Release: ...
    def facts(self, digest: str) -> Facts: ...
    def current_facts(self) -> Facts: ...
    def add_facts(self, facts: Facts, at: datetime) -> None: ...


class Cases(Protocol):
    """Cases and all that is derived from their outcome.

    ``add_case`` and ``save_case`` write the row and bring open tasks, timers, effects, subscriptions,
    clocks and outgoing messages to what ``outcome`` says (rows that stay keep holder and lease).
    ``save_case`` raises Conflict unless the stored seq is ``case.seq - 1``.
    """

    def case(self, case_id: str) -> Case: ...
    def add_case(self, case: Case, outcome: Outcome) -> None: ...
    def save_case(self, case: Case, outcome: Outcome) -> None: ...
    def touch_case(self, case: Case) -> None:
        """Only seq, leaf, at and status moved (a note, a held input)."""

    def open_task(self, task_id: str) -> Claimed | None: ...
    def closed_task(self, task_id: str) -> Data | None:
        """{"case", "by", "at", "how"} of a task that is no longer open."""

    def hold_task(self, task_id: str, holder: str, at: datetime | None) -> None: ...
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
    def receivers(self, message_id: str) -> Sequence[str]:
        """Ids of cases with a matching subscription: within the dossier, else by the global key."""

    def consume_message(self, message_id: str, case_id: str) -> bool:
        """False if it was consumed before (a duplicate)."""

    def hand_over(self, message_id: str, at: datetime) -> None:
        """Nobody can receive it: make it a visible hand-over item (conventions 4)."""


class People(Protocol):
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


class Store(Journal, Releases, Cases, Messages, People, Protocol):
    """One open store is one transaction: it commits when left, or not at all."""


OpenStore = Callable[[], AbstractContextManager[Store]]


class Queue(Protocol):
    """Only wakes: rows are the truth (conventions 7)."""

    def wake(self, kind: str, row_id: str, case: str, at: datetime) -> None: ...


ServiceHandler = Callable[[str, Data], Any]
"""Performs an effect: (repeat key, params) -> FEEL value; raises Failed."""
