"""Typeset versions of documents, kept as they were made."""

from __future__ import annotations

from alembic import op

from storage.triggers import papers_statements

revision = "0012"
down_revision = "0011"

_TABLE = """CREATE TABLE papers (
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    letter TEXT DEFAULT '' NOT NULL,
    release TEXT DEFAULT '' NOT NULL,
    made_by TEXT DEFAULT '' NOT NULL,
    made_at MOMENT NOT NULL,
    file TEXT DEFAULT '' NOT NULL,
    size INTEGER DEFAULT '0' NOT NULL,
    anchors TEXT DEFAULT '[]' NOT NULL,
    data TEXT DEFAULT '{}' NOT NULL,
    problems TEXT DEFAULT '[]' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_papers PRIMARY KEY (document, version),
    CONSTRAINT fk_papers_document FOREIGN KEY(document) REFERENCES documents (id)
)"""


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    dialect = connection.dialect.name
    moment = "TEXT" if dialect == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for statement in (_TABLE, *papers_statements(dialect)):
        connection.exec_driver_sql(statement.replace("MOMENT", moment))
