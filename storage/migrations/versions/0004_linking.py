"""Linked offices, letters to and from them, dossiers shared with them."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"

_TABLES = """CREATE TABLE agencies (
    code TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    org TEXT DEFAULT '' NOT NULL,
    home TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    keys TEXT DEFAULT '[]' NOT NULL,
    gives TEXT DEFAULT '[]' NOT NULL,
    takes TEXT DEFAULT '[]' NOT NULL,
    valid_from MOMENT NOT NULL,
    valid_until MOMENT,
    CONSTRAINT pk_agencies PRIMARY KEY (code)
);
CREATE TABLE letters (
    id TEXT NOT NULL,
    direction TEXT DEFAULT '' NOT NULL,
    message TEXT DEFAULT '' NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    agency TEXT NOT NULL,
    at MOMENT NOT NULL,
    dossier_office TEXT DEFAULT '' NOT NULL,
    dossier_number TEXT DEFAULT '' NOT NULL,
    digest TEXT DEFAULT '' NOT NULL,
    way TEXT DEFAULT '' NOT NULL,
    due_at MOMENT,
    attempts INTEGER DEFAULT '0' NOT NULL,
    lease TEXT DEFAULT '' NOT NULL,
    leased_until MOMENT,
    failure TEXT DEFAULT '{}' NOT NULL,
    settled_at MOMENT,
    CONSTRAINT pk_letters PRIMARY KEY (id),
    CONSTRAINT fk_letters_agency FOREIGN KEY (agency) REFERENCES agencies (code)
);
CREATE INDEX ix_letters_agency ON letters (agency, direction, state, at);
CREATE INDEX ix_letters_message ON letters (message);
CREATE INDEX ix_letters_due_at ON letters (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE shared_dossiers (
    agency TEXT NOT NULL,
    office TEXT NOT NULL,
    number TEXT NOT NULL,
    dossier TEXT NOT NULL,
    CONSTRAINT pk_shared_dossiers PRIMARY KEY (agency, office, number),
    CONSTRAINT uq_shared_dossiers_agency_dossier UNIQUE (agency, dossier),
    CONSTRAINT fk_shared_dossiers_agency FOREIGN KEY (agency) REFERENCES agencies (code),
    CONSTRAINT fk_shared_dossiers_dossier FOREIGN KEY (dossier) REFERENCES dossiers (id)
)"""


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for statement in _TABLES.replace("MOMENT", moment).split(";\n"):
        connection.exec_driver_sql(statement)
