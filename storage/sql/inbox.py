"""Lists that people keep under a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from engine.errors import NotFound
from storage.tables import saved_views as kept

from .transaction import Transaction


class InboxRows(Transaction):
    def saved_views(self, person: str) -> Sequence[str]:
        query = sa.select(kept.c.name).where(kept.c.person == person)
        return list(self.run(query.order_by(kept.c.name)).scalars())

    def save_view(self, person: str, name: str, wanted: Mapping[str, str], at: datetime) -> None:
        row = {"person": person, "name": name, "wanted": dict(wanted), "saved_at": at}
        self.upsert(kept, [row])

    def drop_view(self, person: str, name: str) -> None:
        """Raises NotFound (no_view)."""
        gone = sa.delete(kept).where(kept.c.person == person, kept.c.name == name)
        if self.run(gone).rowcount != 1:
            raise NotFound("no_view", name=name)
