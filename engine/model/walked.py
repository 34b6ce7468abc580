"""How a case went, as one value that many are added up from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Walk:
    """One case up to its entry ``seq``, told from its journal alone.

    ``type``: of its dispute; ``mediators``: who acted in that role; ``path``: what people, parties,
    other cases and timers did, as element ids in order, ``variant`` its digest; ``facts``: see
    ``engine.figures.walking``; ``fault``: why it cannot be told ("": it can), as replay says it.
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
    path: tuple[str, ...] = ()
    variant: str = ""
    facts: tuple[str, ...] = ()
    fault: str = ""
