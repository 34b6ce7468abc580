"""Certificates by which a person signs, beside the seals; whose place a use of one fills."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"

_STATEMENTS = (
    "ALTER TABLE seals ADD COLUMN person TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE seal_uses ADD COLUMN place TEXT DEFAULT '' NOT NULL",
    "CREATE INDEX ix_seals_person ON seals (person)",
    "CREATE INDEX ix_papers_file ON papers (file)",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
