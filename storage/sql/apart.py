"""Who is barred from what in a dossier, the claims that a recusal takes away, and who stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

import sqlalchemy as sa

from engine.errors import Conflict
from engine.model import Bar, Claimed, Substitution
from storage.tables import OPEN, bars, substitutions, tasks

from .rows import CLAIMED, claimed_of
from .transaction import Transaction

BAR = tuple(field.name for field in fields(Bar))
SUBSTITUTION = tuple(field.name for field in fields(Substitution))


class ApartRows(Transaction):
    def bars(self, dossier_id: str) -> Sequence[Bar]:
        """Every bar of a dossier in the order made, ended ones too."""
        query = sa.select(*(bars.c[name] for name in BAR)).where(bars.c.dossier == dossier_id)
        rows = self.run(query.order_by(bars.c.made_at, bars.c.id))
        return [Bar(**row._mapping) for row in rows]

    def add_bars(self, added: Sequence[Bar]) -> None:
        """One that is there already stays as it was first put up."""
        self.run(self.insert(bars).on_conflict_do_nothing(), [asdict(bar) for bar in added])

    def end_bar(self, bar_id: str, at: datetime, reason: str) -> None:
        """Raises Conflict (bar_ended) unless it holds now."""
        ending = sa.update(bars).where(bars.c.id == bar_id, bars.c.ended_at.is_(None))
        if self.run(ending, {"ended_at": at, "end_reason": reason}).rowcount != 1:
            raise Conflict("bar_ended")

    def held_in(self, dossier_id: str, person: str) -> Sequence[Claimed]:
        """The open tasks of a dossier that somebody holds."""
        query = sa.select(*(tasks.c[name] for name in CLAIMED)).where(
            tasks.c.dossier == dossier_id, tasks.c.holder == person, OPEN
        )
        return [claimed_of(row) for row in self.run(query.order_by(tasks.c.id))]

    def unname(self, dossier_id: str, person: str) -> None:
        """The open tasks of a dossier that are for this person alone are offered to their role."""
        named = (tasks.c.dossier == dossier_id) & (tasks.c.person == person) & OPEN
        self.run(sa.update(tasks).where(named), {"person": ""})

    # Standing in ----------------------------------------------------------------------------

    def substitution(self, substitution_id: str) -> Substitution:
        """Raises NotFound (no_substitution)."""
        query = sa.select(*(substitutions.c[name] for name in SUBSTITUTION))
        row = self.found(query.where(substitutions.c.id == substitution_id), "no_substitution")
        return Substitution(**row._mapping)

    def substitutions(self, person: str, since: datetime) -> Sequence[Substitution]:
        """Those for somebody's absence that end after ``since``, the first one first."""
        query = sa.select(*(substitutions.c[name] for name in SUBSTITUTION)).where(
            substitutions.c.person == person, substitutions.c.ends_at > since
        )
        rows = self.run(query.order_by(substitutions.c.starts_at))
        return [Substitution(**row._mapping) for row in rows]

    def save_substitution(self, substitution: Substitution) -> None:
        self.upsert(substitutions, [asdict(substitution)])
