"""What is kept: journal entries, cases, dossiers, people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from .acting import Data, Grant
from .step import Incident, Input, OpenTask


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
class Scan:
    """What the scanner said last of a file. ``found``: the name of what is in it, or why it was not
    scanned.
    """

    digest: str
    verdict: str  # clean, infected, unscanned
    found: str
    scanned_at: datetime


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
    matter: str = ""  # cause, amount and place, by which the same facts are found again
    police_no: str = ""  # number of the police case


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
    """An open task as the store keeps it: with who holds it.

    ``guarded``: somebody is barred from something in its dossier, so bars must be asked for.
    """

    task: OpenTask
    case: str
    opened_at: datetime
    holder: str = ""
    held_at: datetime | None = None
    due_at: datetime | None = None
    due_rule: str = ""
    guarded: bool = False


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
