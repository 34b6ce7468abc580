"""How cases went, one row each, and which cases are to be walked (again)."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"

_STATEMENTS = (
    """CREATE TABLE walks (
    case_id TEXT NOT NULL,
    dossier TEXT NOT NULL,
    procedure TEXT DEFAULT '' NOT NULL,
    release TEXT DEFAULT '' NOT NULL,
    org TEXT DEFAULT '' NOT NULL,
    type TEXT DEFAULT '' NOT NULL,
    mediators TEXT DEFAULT '' NOT NULL,
    begun_at MOMENT NOT NULL,
    fault TEXT DEFAULT '' NOT NULL,
    variant TEXT DEFAULT '' NOT NULL,
    path TEXT DEFAULT '' NOT NULL,
    facts BYTES NOT NULL,
    CONSTRAINT pk_walks PRIMARY KEY (case_id),
    CONSTRAINT fk_walks_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
    CONSTRAINT fk_walks_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id)
)""",
    "CREATE INDEX ix_walks_release ON walks (procedure, release)",
    "CREATE INDEX ix_walks_variant ON walks (variant)",
    "ALTER TABLE cases ADD COLUMN walked INTEGER DEFAULT '-1' NOT NULL",
    "CREATE INDEX ix_cases_unwalked ON cases (id, procedure) WHERE walked <> seq",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    on_sqlite = connection.dialect.name == "sqlite"
    moment = "TEXT" if on_sqlite else "TIMESTAMP WITH TIME ZONE"
    binary = "BLOB" if on_sqlite else "BYTEA"
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.replace("MOMENT", moment).replace("BYTES", binary))
