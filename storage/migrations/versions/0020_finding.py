"""Indexes for finding entries in all journals: by time, by who acted, by element."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    for statement in (
        "CREATE INDEX ix_journal_at ON journal (at)",
        "CREATE INDEX ix_journal_actor ON journal (actor, at)",
        "CREATE INDEX ix_journal_element ON journal (element, at) WHERE element <> ''",
    ):
        connection.exec_driver_sql(statement)
