"""Legal holds, destructions and their certificates; the guard under every delete of case data."""

from __future__ import annotations

from alembic import op

from storage.guarding import guard_statements

revision = "0024"
down_revision = "0023"

GUARDED = (
    *("parties", "attachments", "documents", "papers", "records", "bars", "copies", "dispatches"),
    *("invitations", "holds", "messages", "receipts", "incidents", "scans", "certificates"),
    *("destructions", "doomed", "destroyed_files", "dossiers", "cases", "tasks", "seal_uses"),
    *("letters", "shared_dossiers", "series", "numbers", "handovers"),
)
"""The tables there were: a later one gets its guard from its own migration."""
_STATEMENTS = (
    """CREATE TABLE holds (
    id TEXT NOT NULL,
    dossier TEXT NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    target TEXT DEFAULT '' NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    made_by TEXT DEFAULT '' NOT NULL,
    made_at MOMENT NOT NULL,
    ended_by TEXT DEFAULT '' NOT NULL,
    ended_at MOMENT,
    end_reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_holds PRIMARY KEY (id),
    CONSTRAINT fk_holds_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id)
)""",
    "CREATE INDEX ix_holds_dossier ON holds (dossier)",
    "CREATE INDEX ix_holds_target ON holds (target)",
    """CREATE TABLE destructions (
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    proposed_by TEXT DEFAULT '' NOT NULL,
    proposed_at MOMENT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    decided_by TEXT DEFAULT '' NOT NULL,
    decided_at MOMENT,
    decision TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_destructions PRIMARY KEY (id),
    CONSTRAINT uq_destructions_number UNIQUE (number)
)""",
    """CREATE TABLE doomed (
    destruction TEXT NOT NULL,
    dossier TEXT NOT NULL,
    rule TEXT DEFAULT '' NOT NULL,
    due_at MOMENT NOT NULL,
    CONSTRAINT pk_doomed PRIMARY KEY (destruction, dossier),
    CONSTRAINT fk_doomed_destruction FOREIGN KEY(destruction) REFERENCES destructions (id),
    CONSTRAINT fk_doomed_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id)
)""",
    "CREATE INDEX ix_doomed_dossier ON doomed (dossier)",
    """CREATE TABLE certificates (
    number TEXT NOT NULL,
    dossier TEXT NOT NULL,
    destruction TEXT NOT NULL,
    stream TEXT DEFAULT '' NOT NULL,
    seq INTEGER NOT NULL,
    made_at MOMENT NOT NULL,
    CONSTRAINT pk_certificates PRIMARY KEY (number),
    CONSTRAINT uq_certificates_dossier UNIQUE (dossier),
    CONSTRAINT fk_certificates_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id),
    CONSTRAINT fk_certificates_destruction FOREIGN KEY(destruction) REFERENCES destructions (id)
)""",
    """CREATE TABLE destroyed_files (
    digest TEXT NOT NULL,
    certificate TEXT NOT NULL,
    gone_at MOMENT,
    CONSTRAINT pk_destroyed_files PRIMARY KEY (digest),
    CONSTRAINT fk_destroyed_files_certificate FOREIGN KEY(certificate) REFERENCES certificates (number)
)""",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    dialect = connection.dialect.name
    moment = "TEXT" if dialect == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    made = (statement.replace("MOMENT", moment) for statement in _STATEMENTS)
    for statement in (*made, *guard_statements(dialect, GUARDED)):
        connection.exec_driver_sql(statement)
