"""How cases went, one row each."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from engine.model import Timed, Walk
from storage.tables import UNWALKED, cases, timed, walks

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
            self.run(sa.delete(timed).where(timed.c.case_id == walk.case_id))
            if walk.timed:
                self.run(sa.insert(timed), timed_rows(walk))
        self.run(sa.update(cases).where(cases.c.id == walk.case_id).values(walked=seq))

    def forget_walks(self) -> None:
        self.run(sa.update(cases).values(walked=-1))


def walk_row(walk: Walk) -> dict[str, Any]:
    """Ids of mediators stand between spaces, so that one can be looked for; facts are deflated."""
    row = asdict(replace(walk, timed=()))
    del row["timed"]
    row["mediators"] = f" {' '.join(walk.mediators)} "
    row["path"] = "\n".join(walk.path)
    row["facts"] = zlib.compress("\n".join(walk.facts).encode())
    return row


def timed_rows(walk: Walk) -> list[dict[str, Any]]:
    """One for each entry that was about periods."""
    seq = attrgetter("seq")
    entries = (list(some) for _, some in groupby(sorted(walk.timed, key=seq), seq))
    return [_timed_row(walk.case_id, some) for some in entries]


def _timed_row(case_id: str, some: Sequence[Timed]) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "seq": some[0].seq,
        "at": some[0].at,
        "late": any(one.is_late for one in some),
        "early": any(one.is_early for one in some),
        "rules": f" {' '.join(sorted({one.rule for one in some}))} ",
        "told": [
            {"rule": one.rule, "due": one.due_at, "ended": one.ended_at}
            for one in some
            if one.due_at
        ],
    }
