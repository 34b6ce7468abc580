"""The lists that a reader kept for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from storage import tables as tb


@dataclass(frozen=True, slots=True)
class SavedView:
    """A name, and what the list is narrowed to as the address says it."""

    name: str
    wanted: Mapping[str, str]


def saved_views(db: sa.Connection, person: str) -> list[SavedView]:
    """One's own, by name."""
    kept = tb.saved_views.c
    query = sa.select(kept.name, kept.wanted).where(kept.person == person).order_by(kept.name)
    return [SavedView(row.name, row.wanted) for row in db.execute(query)]
