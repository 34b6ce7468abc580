"""What keeps a dossier from being destroyed, and how it is destroyed: holds, proposals, certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .kept import CaseStatus, Dossier

HoldKind = Literal["dossier", "person", "document"]
DestructionState = Literal["proposed", "approved", "refused", "done"]


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold, placed in ``dossier``. ``target``: what is held, there and wherever else it is.

    Of a dossier its id; of a person the digest of identity number or of name and day of birth, else the
    party's id; of a document its id, or the digest of a file.
    """

    id: str
    dossier: str
    kind: HoldKind
    target: str
    name: str
    reason: str
    made_by: str
    made_at: datetime
    ended_by: str = ""
    ended_at: datetime | None = None
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class FiledCase:
    """A case as its keeping sees it. ``ended_at``: when its last input was played, if it is over."""

    id: str
    procedure: str
    status: CaseStatus
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Filed:
    """All of a dossier on which its keeping depends.

    ``documents``: kinds registered in it; ``holds``: those that hold now; ``pending``: messages and
    notices still under way; ``linked``: numbers of linked dossiers with open cases; ``certificate``:
    under which it was destroyed.
    """

    dossier: Dossier
    cases: Sequence[FiledCase]
    documents: frozenset[str]
    holds: Sequence[Hold]
    pending: int
    linked: Sequence[str]
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What would be destroyed: payloads by stream, files by SHA-256, rows by table."""

    streams: Mapping[str, int]
    files: Sequence[str]
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Destruction:
    """A proposal to destroy dossiers, made by one person and decided by another."""

    id: str
    number: str
    state: DestructionState
    proposed_by: str
    proposed_at: datetime
    reason: str
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Doomed:
    """A dossier of a proposal, with the rule and the end of its period as proposed."""

    destruction: str
    dossier: str
    rule: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Certificate:
    """That a dossier was destroyed: ``stream`` and ``seq`` are the journal entry that certifies it."""

    number: str
    dossier: str
    destruction: str
    stream: str
    seq: int
    made_at: datetime
