"""Notices on their way to parties."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"

_STATEMENTS = (
    """CREATE TABLE dispatches (
    id TEXT NOT NULL,
    dossier TEXT NOT NULL,
    party TEXT DEFAULT '' NOT NULL,
    channel TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    document TEXT DEFAULT '' NOT NULL,
    consent TEXT DEFAULT '' NOT NULL,
    invitation TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    made_by TEXT DEFAULT '' NOT NULL,
    made_at MOMENT NOT NULL,
    secret TEXT DEFAULT '{}' NOT NULL,
    reference TEXT DEFAULT '' NOT NULL,
    failure TEXT DEFAULT '{}' NOT NULL,
    due_at MOMENT,
    attempts INTEGER DEFAULT '0' NOT NULL,
    lease TEXT DEFAULT '' NOT NULL,
    leased_until MOMENT,
    sent_at MOMENT,
    settled_at MOMENT,
    CONSTRAINT pk_dispatches PRIMARY KEY (id),
    CONSTRAINT fk_dispatches_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id)
)""",
    "CREATE INDEX ix_dispatches_dossier_made_at ON dispatches (dossier, made_at)",
    "CREATE INDEX ix_dispatches_due_at ON dispatches (due_at) WHERE due_at IS NOT NULL",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.replace("MOMENT", moment))
