"""What the engine asks for about linked offices: a part of ``engine.ports``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from .model import Data
from .model.linked import Agency, Exchanged


class Links(Protocol):
    """Linked offices; letters: one row per message and office that it goes to or comes from."""

    def agency(self, code: str) -> Agency: ...
    def agencies(self) -> Sequence[Agency]: ...
    def save_agency(self, agency: Agency) -> None: ...
    def letter(self, letter_id: str) -> Exchanged | None: ...
    def letters(self, agency: str, state: str) -> Sequence[Exchanged]:
        """Those of an office in a state, the oldest first."""

    def add_letter(self, letter: Exchanged, due_at: datetime | None, why: Data) -> None:
        """``due_at``: the worker sends it then; None: it goes by a file, or it came in."""

    def settle_letter(self, letter: Exchanged, failure: Data) -> None:
        """It went, or failed for good: nothing more is due."""

    def resend_letter(self, letter_id: str) -> None: ...
    def explain_letter(self, letter_id: str, why: Data) -> None:
        """Why what came in became a hand-over item."""

    def shared_dossier(self, agency: str, number: tuple[str, str]) -> str:
        """The dossier that an office means by (who numbered it, number); "" when it shares none."""

    def share_dossier(
        self, agency: str, dossier: str, number: tuple[str, str] | None = None
    ) -> tuple[str, str]:
        """(who numbered it, "" ourselves; number) under which both offices speak of a dossier."""

    def offices_sharing(self, dossier: str) -> Sequence[str]:
        """Codes of the offices that a dossier is shared with."""

    def place_message(self, message_id: str, dossier: str) -> None: ...
    def dossier_awaiting(self, name: str, key: str) -> str:
        """The dossier of the oldest case that waits for this message under a key; "" none."""


class CaseNumbers(Protocol):
    """The court's own case system (K16)."""

    def ask(self, key: str, court: str, word: str) -> str:
        """A number with this type word, the same for the same key; "": a clerk types it in.

        Raises Failed; permanent when the system says no.
        """
