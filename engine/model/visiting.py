"""The nouns of a party's own door: an invitation and the session it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody outside is asked in: a party, or an agent in that party's place.

    ``party``: the party's record; ``role``: PARTY_A, PARTY_B, THIRD or AGENT;
    ``link``: SHA-256 of the link's secret; ``code``: SHA-256 of secret and code together.
    """

    id: str
    dossier: str
    party: str
    name: str
    role: str
    link: str
    code: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    failures: int = 0
    locked_until: datetime | None = None

    @property
    def person(self) -> str:
        """Who acts: the party, or the agent under the invitation's own id."""
        return self.id if self.role == "AGENT" else self.party


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser let in by an invitation. ``id_hash``: SHA-256 of what its cookie holds."""

    id_hash: str
    invitation: str
    created_at: datetime
    seen_at: datetime
    idle_until: datetime
    ends_at: datetime
    csrf: str
    address: str = ""
