"""Designers' drafts of procedures, with the history of their files and comments on them."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"

_STATEMENTS = (
    """CREATE TABLE drafts (
    id TEXT NOT NULL,
    procedure TEXT DEFAULT '' NOT NULL,
    person TEXT DEFAULT '' NOT NULL,
    base TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    digest TEXT DEFAULT '' NOT NULL,
    version INTEGER DEFAULT '0' NOT NULL,
    opened_at MOMENT NOT NULL,
    saved_at MOMENT NOT NULL,
    submitted_at MOMENT,
    decided_by TEXT DEFAULT '' NOT NULL,
    decided_at MOMENT,
    CONSTRAINT pk_drafts PRIMARY KEY (id)
)""",
    "CREATE INDEX ix_drafts_procedure ON drafts (procedure, state)",
    "CREATE UNIQUE INDEX uq_drafts_worked_on ON drafts (procedure, person)"
    " WHERE state IN ('open', 'submitted')",
    """CREATE TABLE draft_files (
    draft TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    version INTEGER DEFAULT '0' NOT NULL,
    saved_by TEXT DEFAULT '' NOT NULL,
    saved_at MOMENT NOT NULL,
    CONSTRAINT pk_draft_files PRIMARY KEY (draft, name),
    CONSTRAINT fk_draft_files_draft FOREIGN KEY(draft) REFERENCES drafts (id),
    CONSTRAINT fk_draft_files_digest FOREIGN KEY(digest) REFERENCES contents (digest)
)""",
    """CREATE TABLE draft_changes (
    draft TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    before TEXT DEFAULT '' NOT NULL,
    after TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_draft_changes PRIMARY KEY (draft, version, name),
    CONSTRAINT fk_draft_changes_draft FOREIGN KEY(draft) REFERENCES drafts (id)
)""",
    "CREATE INDEX ix_draft_changes_before ON draft_changes (before)",
    "CREATE INDEX ix_draft_changes_after ON draft_changes (after)",
    """CREATE TABLE draft_comments (
    id TEXT NOT NULL,
    draft TEXT NOT NULL,
    file TEXT DEFAULT '' NOT NULL,
    element TEXT DEFAULT '' NOT NULL,
    person TEXT DEFAULT '' NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    said_at MOMENT NOT NULL,
    closed_by TEXT DEFAULT '' NOT NULL,
    closed_at MOMENT,
    CONSTRAINT pk_draft_comments PRIMARY KEY (id),
    CONSTRAINT fk_draft_comments_draft FOREIGN KEY(draft) REFERENCES drafts (id)
)""",
    "CREATE INDEX ix_draft_comments_draft ON draft_comments (draft, said_at)",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.replace("MOMENT", moment))
