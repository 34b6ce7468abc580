"""Open tasks without a period stand in the order in which they came, no longer in none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

LATER = {
    "postgresql": "opened_at + INTERVAL '7000 years'",
    "sqlite": "(substr(opened_at, 1, 4) + 7000) || substr(opened_at, 5)",
}


def upgrade() -> None:
    tasks = sa.table("tasks", *map(sa.column, ("sort_at", "due_at", "done_at")))
    undated = sa.update(tasks).where(tasks.c.due_at.is_(None), tasks.c.done_at.is_(None))
    op.execute(undated.values(sort_at=sa.literal_column(LATER[op.get_bind().dialect.name])))
