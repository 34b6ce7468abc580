"""Dossiers that name the one before them are found by an index of their own."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    connection.exec_driver_sql(
        "CREATE INDEX ix_dossiers_linked ON dossiers (linked) WHERE linked <> ''"
    )
