"""What waits for the signed log lies in its key alone on SQLite: one page less for every entry."""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"

_STATEMENTS = (
    "CREATE TEMPORARY TABLE in_line AS SELECT stream, seq FROM log_pending",
    "DROP TABLE log_pending",
    """CREATE TABLE log_pending (
    stream TEXT NOT NULL,
    seq INTEGER NOT NULL,
    CONSTRAINT pk_log_pending PRIMARY KEY (stream, seq)
) WITHOUT ROWID""",
    "INSERT INTO log_pending (stream, seq) SELECT stream, seq FROM in_line",
    "DROP TABLE in_line",
)


def upgrade() -> None:
    connection = op.get_bind()
    for statement in _STATEMENTS if connection.dialect.name == "sqlite" else ():
        connection.exec_driver_sql(statement)
