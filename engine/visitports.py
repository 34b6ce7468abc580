"""What the second door asks of the store: invitations and visits. Part of ``engine.ports.Store``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .model import Invitation, Visit


class Visiting(Protocol):
    """Who outside is asked in, and which browsers came in by it."""

    def save_invitation(self, invitation: Invitation) -> None: ...
    def invitation(self, invitation_id: str) -> Invitation:
        """Raises NotFound (no_invitation)."""

    def invitation_by_link(self, link: str) -> Invitation:
        """By the SHA-256 of the link's secret; raises NotFound (no_invitation)."""

    def invitations(self, dossier_id: str) -> Sequence[Invitation]: ...
    def outsider(self, person: str) -> str:
        """The name of a party or invited agent; "" where the id is none."""

    def visit(self, id_hash: str) -> Visit | None: ...
    def save_visit(self, visit: Visit) -> None: ...
    def end_visits(self, invitation_id: str) -> None: ...
