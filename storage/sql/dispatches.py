"""Notices to parties, the worker's work until they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

import sqlalchemy as sa

from engine.model.dispatch import Dispatch
from storage.tables import dispatches

from .transaction import Transaction

DISPATCH = tuple(field.name for field in fields(Dispatch))


class DispatchRows(Transaction):
    def dispatch(self, dispatch_id: str) -> Dispatch | None:
        row = self.run(_all().where(dispatches.c.id == dispatch_id)).first()
        return Dispatch(**row._mapping) if row else None

    def dispatches(self, dossier: str) -> Sequence[Dispatch]:
        """Of a dossier, the newest first."""
        query = _all().where(dispatches.c.dossier == dossier)
        rows = self.run(query.order_by(dispatches.c.made_at.desc(), dispatches.c.id.desc()))
        return [Dispatch(**row._mapping) for row in rows]

    def queue_dispatch(self, dispatch: Dispatch) -> None:
        """The worker sends it, now."""
        self.run(sa.insert(dispatches), asdict(dispatch) | {"due_at": self.now()})
        self.wake("dispatch", dispatch.id, dispatch.dossier)

    def settle_dispatch(self, dispatch: Dispatch) -> None:
        """It went, arrived or failed for good: nothing more is due."""
        gone = {"due_at": None, "lease": "", "leased_until": None}
        row = sa.update(dispatches).where(dispatches.c.id == dispatch.id)
        self.run(row, asdict(dispatch) | gone)


def _all() -> sa.Select[tuple[object, ...]]:
    return sa.select(*(dispatches.c[name] for name in DISPATCH))
