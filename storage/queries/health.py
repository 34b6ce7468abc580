"""Whether the product is well: the database answers, the clock turns, nothing piles up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import tables as tb


@dataclass(frozen=True, slots=True)
class Health:
    """Counts for the health page; ``workers`` (id, started_at, seen_at, done, failed, late_ms, latest_ms)."""

    database: str
    workers: list[sa.Row[Any]]
    overdue: int  # due and not done yet; what waits for a person to mend its case is not
    oldest_due_at: datetime | None
    open_tasks: int
    open_cases: int
    open_incidents: int
    unsealed: int  # journal entries that are not in the signed log yet


def health(db: sa.Connection, now: datetime) -> Health:
    """One look at the tables; two statements."""
    worker, due = tb.workers.c, _due(now).subquery()
    counts = sa.select(
        _count(due, sa.true()),
        sa.select(sa.func.min(due.c.due_at)).scalar_subquery(),
        sa.select(sa.func.count()).select_from(tb.tasks).where(tb.OPEN).scalar_subquery(),
        _count(tb.cases, tb.cases.c.status.in_(("open", "held"))),
        _count(tb.incidents, tb.incidents.c.closed_at.is_(None)),
        _count(tb.log_pending, sa.true()),
    )
    overdue, oldest, tasks, cases, incidents, unsealed = db.execute(counts).one()
    workers = list(db.execute(sa.select(*worker).order_by(worker.seen_at.desc()).limit(20)))
    return Health(db.dialect.name, workers, overdue, oldest, tasks, cases, incidents, unsealed)


def _due(now: datetime) -> sa.CompoundSelect[Any]:
    """When each piece of work that a worker would claim now was due."""
    runs = sa.exists().where(tb.cases.c.id == tb.waits.c.case_id, tb.cases.c.status == "open")
    own = (tb.messages, tb.letters, tb.dispatches)
    return sa.union_all(
        sa.select(tb.waits.c.due_at).where(tb.waits.c.due_at <= now, runs),
        *(sa.select(table.c.due_at).where(table.c.due_at <= now) for table in own),
    )


def _count(table: sa.FromClause, where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(table).where(where).scalar_subquery()
