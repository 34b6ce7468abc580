"""Who may not do something in a dossier, and who stands in for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

RECUSED = "recused"
"""The rule of a bar that somebody declared or decided, instead of following from what was done."""
DRAWN = "drawn"
"""The rule of a bar that the diagram draws with ``ld:not``."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """``substitute`` acts in the place of ``person`` from ``starts_at`` until before ``ends_at``."""

    id: str
    person: str
    substitute: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    made_by: str
    made_at: datetime
    end_reason: str = ""  # why it ended before its time


@dataclass(frozen=True, slots=True)
class Bar:
    """A person may not act in a dossier; ``case``, ``procedure``, ``element``, ``role``: "" = any.

    ``rule``: DRAWN, RECUSED, or a row of duties.toml. ``cause``: the element done before (its
    procedure's ``release`` says its name), or the ground of a recusal (PARTY_OR_RELATIVE, ...).
    """

    id: str
    dossier: str
    person: str
    rule: str
    made_by: str
    made_at: datetime
    case: str = ""
    procedure: str = ""
    element: str = ""
    role: str = ""
    cause: str = ""
    release: str = ""
    reason: str = ""
    ended_at: datetime | None = None
    end_reason: str = ""
