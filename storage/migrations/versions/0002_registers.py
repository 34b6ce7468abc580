"""Registers: versions of entries, append-only."""

from __future__ import annotations

from alembic import op

from storage.triggers import records_statements

revision = "0002"
down_revision = "0001"

_TABLE = """CREATE TABLE records (
    entry TEXT NOT NULL,
    version INTEGER NOT NULL,
    register TEXT DEFAULT '' NOT NULL,
    dossier TEXT DEFAULT '' NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    about TEXT DEFAULT '' NOT NULL,
    "values" TEXT DEFAULT '{}' NOT NULL,
    tags TEXT DEFAULT '' NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    made_by TEXT DEFAULT '' NOT NULL,
    made_at MOMENT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_records PRIMARY KEY (entry, version)
)"""
_INDEXES = (
    "CREATE INDEX ix_records_register ON records (register, dossier, name)",
    "CREATE INDEX ix_records_about ON records (about, register)",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    dialect = connection.dialect.name
    moment = "TEXT" if dialect == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    table = _TABLE.replace("MOMENT", moment)
    for statement in (table, *_INDEXES, *records_statements(dialect)):
        connection.exec_driver_sql(statement)
