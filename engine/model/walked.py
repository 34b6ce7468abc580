"""How a case went, as one value that many are added up from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Timed:
    """What an entry was to a period. ``due_at``: None where it only moved it; ``ended_at``: when the
    period ended by it, None where it noted that the period was over.
    """

    seq: int
    at: datetime
    rule: str
    due_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_early(self) -> bool:
        """Ended in time."""
        return bool(self.due_at and self.ended_at and self.ended_at <= self.due_at)

    @property
    def is_late(self) -> bool:
        """Ended after it was due, or was over and had not ended."""
        return bool(self.due_at) and not self.is_early


@dataclass(frozen=True, slots=True)
class Way:
    """What happened in a case, or in the part of it that ran under one release.

    ``path``: what people, parties, other cases and timers did, as element ids in order, ``variant`` its
    digest; ``facts``: see ``engine.figures.walking``; ``lengths``: (fact, whole seconds) of each wait
    and each piece of work. Both in order, so that cases which went the same way have the same facts.
    """

    release: str
    path: tuple[str, ...] = ()
    variant: str = ""
    facts: tuple[str, ...] = ()
    lengths: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """One case up to its entry ``seq``, told from its journal alone.

    ``type``: of its dispute; ``mediators``: who acted in that role; ``ways``: the whole case; of one that
    was moved the whole, without a release, and then what ran under each; ``fault``: why it cannot be
    told ("": it can), as replay says it; ``timed``: the entries about periods.
    """

    case_id: str
    seq: int
    dossier: str
    procedure: str
    release: str
    org: str
    begun_at: datetime
    type: str = ""
    mediators: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    fault: str = ""
    timed: tuple[Timed, ...] = ()
