"""Seals, and the ledger of their use."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"

_STATEMENTS = (
    """CREATE TABLE seals (
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    "key" TEXT DEFAULT '' NOT NULL,
    custody TEXT DEFAULT '' NOT NULL,
    demonstration BOOLEAN DEFAULT true NOT NULL,
    certificate TEXT DEFAULT '' NOT NULL,
    serial TEXT DEFAULT '' NOT NULL,
    certified_until MOMENT,
    valid_from MOMENT NOT NULL,
    valid_until MOMENT NOT NULL,
    status TEXT DEFAULT '' NOT NULL,
    changed_at MOMENT NOT NULL,
    revoked_at MOMENT,
    CONSTRAINT pk_seals PRIMARY KEY (id),
    CONSTRAINT fk_seals_owner FOREIGN KEY(owner) REFERENCES organisations (id)
)""",
    "CREATE INDEX ix_seals_owner ON seals (owner)",
    """CREATE TABLE seal_uses (
    id TEXT NOT NULL,
    number TEXT DEFAULT '' NOT NULL,
    seal TEXT NOT NULL,
    serial TEXT DEFAULT '' NOT NULL,
    person TEXT DEFAULT '' NOT NULL,
    "case" TEXT DEFAULT '' NOT NULL,
    dossier TEXT DEFAULT '' NOT NULL,
    org TEXT DEFAULT '' NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    document TEXT DEFAULT '' NOT NULL,
    case_no TEXT DEFAULT '' NOT NULL,
    source TEXT DEFAULT '' NOT NULL,
    holds TEXT,
    code TEXT NOT NULL,
    begun_at MOMENT NOT NULL,
    digest TEXT DEFAULT '' NOT NULL,
    size INTEGER DEFAULT 0 NOT NULL,
    result TEXT DEFAULT '' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    ended_at MOMENT,
    recheck_at MOMENT,
    superseded_by TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_seal_uses PRIMARY KEY (id),
    CONSTRAINT fk_seal_uses_seal FOREIGN KEY(seal) REFERENCES seals (id),
    CONSTRAINT uq_seal_uses_holds UNIQUE (holds),
    CONSTRAINT uq_seal_uses_code UNIQUE (code)
)""",
    "CREATE INDEX ix_seal_uses_serial ON seal_uses (serial)",
    "CREATE INDEX ix_seal_uses_digest ON seal_uses (digest)",
    "CREATE INDEX ix_seal_uses_document ON seal_uses (document)",
    "CREATE INDEX ix_seal_uses_begun_at ON seal_uses (begun_at)",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.replace("MOMENT", moment))
