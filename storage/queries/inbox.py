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


_KEPT = tb.saved_views.c
_OWN = sa.select(_KEPT.name, _KEPT.wanted).where(_KEPT.person == sa.bindparam("person"))
_OWN = _OWN.order_by(_KEPT.name)


def saved_views(db: sa.Connection, person: str, of: str = "") -> list[SavedView]:
    """One's own of a list, by name: "" of the inbox, "journal" of what was sought in all journals."""
    kept_ones = (SavedView(row.name, row.wanted) for row in db.execute(_OWN, {"person": person}))
    return [one for one in kept_ones if one.wanted.get("list", "") == of]
