"""What a case still owes the outside world because it did not work yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.tables import waits


@dataclass(frozen=True, slots=True)
class OwedRow:
    """An effect that failed and is tried again at ``due_at``; ``failure``: {"code", ...}."""

    element: str
    attempts: int
    failure: dict[str, Any]
    due_at: datetime | None


def owed(db: sa.Connection, case_id: str) -> list[OwedRow]:
    """The next to be tried first."""
    wait = waits.c
    failed = (wait.case_id == case_id) & (wait.kind == "effect") & (wait.attempts > 0)
    query = sa.select(wait.place, wait.attempts, wait.failure, wait.due_at).where(failed)
    rows = db.execute(query.order_by(wait.due_at))
    return [OwedRow(row.place["element"], *row[1:]) for row in rows]
