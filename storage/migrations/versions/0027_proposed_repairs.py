"""Repairs that wait for a second person are found by an index of their own."""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    connection.exec_driver_sql(
        "CREATE INDEX ix_journal_proposed ON journal (at) WHERE verb = 'repair_proposed'"
    )
