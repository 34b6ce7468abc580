"""A designer's working copy of a procedure, what changed in it, and what reviewers say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

DraftState = Literal["open", "submitted", "published", "dropped"]


@dataclass(frozen=True, slots=True)
class Draft:
    """One designer's copy of a procedure's own files.

    ``base``: digest of the release it began from ("" for a new procedure); ``version``: how often
    it was saved; ``digest``: of the release that was submitted; ``note``: the release note.
    """

    id: str
    procedure: str
    person: str
    base: str
    opened_at: datetime
    saved_at: datetime
    version: int = 0
    state: DraftState = "open"
    note: str = ""
    digest: str = ""
    submitted_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        """Whether nobody works on it any more."""
        return self.state in ("published", "dropped")


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file of a draft as it stands: SHA-256 of its bytes, the draft's version that saved it."""

    name: str
    digest: str
    version: int
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class DraftChange:
    """What one save did to one file; digests of before and after, "" where there is no such file."""

    version: int
    name: str
    kind: Literal["edit", "undo", "redo"]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DraftComment:
    """What somebody says of a draft, pinned to an element of a file ("" = to all of it)."""

    id: str
    draft: str
    file: str
    element: str
    person: str
    text: str
    said_at: datetime
    closed_by: str = ""
    closed_at: datetime | None = None
