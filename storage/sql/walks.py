"""How cases went, one row each."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from engine.model import Walk
from storage.tables import UNWALKED, cases, walks

from .transaction import Transaction

ERASED = "not_replayable"


class WalkRows(Transaction):
    def unwalked(self, limit: int, after: str = "") -> Sequence[str]:
        """Ids of cases whose journal has grown since they were walked, in order."""
        query = sa.select(cases.c.id).where(UNWALKED, cases.c.id > after)
        return list(self.run(query.order_by(cases.c.id).limit(limit)).scalars())

    def count_unwalked(self) -> int:
        query = sa.select(sa.func.count()).select_from(cases).where(UNWALKED)
        return int(self.run(query).scalar_one())

    def keep_walk(self, walk: Walk) -> None:
        """What was told before an erasure stays: it holds nothing that was erased."""
        row = walk_row(walk)
        seq = row.pop("seq")
        if walk.fault == ERASED:
            self.run(self.insert(walks).on_conflict_do_nothing(), row)
        else:
            self.upsert(walks, [row])
        self.run(sa.update(cases).where(cases.c.id == walk.case_id).values(walked=seq))

    def forget_walks(self) -> None:
        self.run(sa.update(cases).values(walked=-1))


def walk_row(walk: Walk) -> dict[str, Any]:
    """Ids of mediators stand between spaces, so that one can be looked for; facts are deflated."""
    row = asdict(walk)
    row["mediators"] = f" {' '.join(walk.mediators)} "
    row["path"] = "\n".join(walk.path)
    row["facts"] = zlib.compress("\n".join(walk.facts).encode())
    return row
