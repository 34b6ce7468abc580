"""Who may not act in which dossier."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

_TABLE = """CREATE TABLE bars (
    id TEXT NOT NULL,
    dossier TEXT NOT NULL,
    person TEXT DEFAULT '' NOT NULL,
    rule TEXT DEFAULT '' NOT NULL,
    "case" TEXT DEFAULT '' NOT NULL,
    procedure TEXT DEFAULT '' NOT NULL,
    element TEXT DEFAULT '' NOT NULL,
    role TEXT DEFAULT '' NOT NULL,
    cause TEXT DEFAULT '' NOT NULL,
    release TEXT DEFAULT '' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    made_by TEXT DEFAULT '' NOT NULL,
    made_at MOMENT NOT NULL,
    ended_at MOMENT,
    end_reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_bars PRIMARY KEY (id),
    CONSTRAINT fk_bars_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id)
)"""
_INDEXES = (
    "CREATE INDEX ix_bars_dossier ON bars (dossier)",
    "CREATE INDEX ix_bars_person_dossier ON bars (person, dossier) WHERE ended_at IS NULL",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for statement in (_TABLE.replace("MOMENT", moment), *_INDEXES):
        connection.exec_driver_sql(statement)
