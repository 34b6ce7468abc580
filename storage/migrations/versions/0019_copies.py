"""Printed copies under numbers."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"

_TABLE = """CREATE TABLE copies (
    id TEXT NOT NULL,
    dossier TEXT NOT NULL,
    digest TEXT DEFAULT '' NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    number INTEGER DEFAULT '0' NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    seal TEXT DEFAULT '' NOT NULL,
    printer TEXT DEFAULT '' NOT NULL,
    workstation TEXT DEFAULT '' NOT NULL,
    printed_by TEXT DEFAULT '' NOT NULL,
    printed_at MOMENT NOT NULL,
    voided_by TEXT DEFAULT '' NOT NULL,
    voided_at MOMENT,
    void_reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_copies PRIMARY KEY (id),
    CONSTRAINT fk_copies_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id),
    CONSTRAINT uq_copies_dossier_digest_number UNIQUE (dossier, digest, number)
)"""


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    connection.exec_driver_sql(_TABLE.replace("MOMENT", moment))
