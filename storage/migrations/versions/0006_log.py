"""The log: leaves, nodes, checkpoints; what was journalled before gets in line for it."""

from __future__ import annotations

from alembic import op

from storage.log_triggers import log_statements

revision = "0006"
down_revision = "0005"

_TABLES = (
    """CREATE TABLE log_pending (
    stream TEXT NOT NULL,
    seq INTEGER NOT NULL,
    CONSTRAINT pk_log_pending PRIMARY KEY (stream, seq)
)""",
    """CREATE TABLE log_leaves (
    position INTEGER NOT NULL,
    stream TEXT DEFAULT '' NOT NULL,
    seq INTEGER NOT NULL,
    leaf TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_log_leaves PRIMARY KEY (position),
    CONSTRAINT uq_log_leaves_stream_seq UNIQUE (stream, seq)
)""",
    """CREATE TABLE log_nodes (
    height INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_log_nodes PRIMARY KEY (height, position)
)""",
    """CREATE TABLE checkpoints (
    size INTEGER NOT NULL,
    note TEXT NOT NULL,
    CONSTRAINT pk_checkpoints PRIMARY KEY (size)
)""",
    "INSERT INTO log_pending (stream, seq) SELECT stream, seq FROM journal",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    for statement in (*_TABLES, *log_statements(connection.dialect.name)):
        connection.exec_driver_sql(statement)
