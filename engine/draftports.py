"""What the designer asks of the store: drafts with their files. Part of ``engine.ports.Store``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from .model import Data, Draft, DraftChange, DraftComment, DraftFile


class Drafts(Protocol):
    """Working copies; the bytes of their files lie beside those of releases."""

    def draft(self, draft_id: str) -> Draft:
        """Raises NotFound (no_draft)."""

    def draft_of(self, procedure: str, person: str) -> Draft | None:
        """The one that this person works on or has submitted."""

    def add_draft(self, draft: Draft, files: Mapping[str, bytes]) -> None:
        """Raises Conflict (lost_race) when this person has one of the procedure already."""

    def save_draft(self, draft: Draft) -> None:
        """Everything about it but its files; its version is one more than the stored one.

        Raises Conflict (lost_race) when another save was faster.
        """

    def draft_files(self, draft_id: str) -> Mapping[str, DraftFile]:
        """By name, sorted."""

    def draft_bytes(self, draft_id: str, name: str = "") -> Mapping[str, bytes]:
        """The files' bytes by name, sorted: all, or the one of that name."""

    def content(self, digest: str) -> bytes:
        """The bytes that a change speaks of."""

    def change_files(
        self, draft: Draft, changes: Sequence[DraftChange], new: Sequence[bytes]
    ) -> None:
        """Note the changes, bring the files to where these say; ``new``: bytes not kept before."""

    def draft_changes(self, draft_id: str) -> Sequence[DraftChange]:
        """The last ones, the first of them first."""

    def was_offered(self, person: str, digest: str) -> bool:
        """Whether a release of this digest was published, or put forward by this person."""

    def comments(self, draft_id: str) -> Sequence[DraftComment]:
        """The first one first."""

    def save_comment(self, comment: DraftComment) -> None: ...

    def rehearsal(self, draft_id: str, person: str) -> Data | None:
        """What this person last tried out on a draft: plain JSON as it was kept."""

    def save_rehearsal(self, draft_id: str, person: str, told: Data) -> None: ...

    def forget_rehearsals(self, draft_id: str) -> None:
        """Whatever anybody tried out on it."""
