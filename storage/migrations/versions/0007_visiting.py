"""The parties' own door: invitations, and the browsers let in by them."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"

_STATEMENTS = (
    """CREATE TABLE invitations (
    id TEXT NOT NULL,
    dossier TEXT NOT NULL,
    party TEXT DEFAULT '' NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    role TEXT DEFAULT '' NOT NULL,
    link TEXT NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    made_by TEXT DEFAULT '' NOT NULL,
    made_at MOMENT NOT NULL,
    expires_at MOMENT NOT NULL,
    revoked_at MOMENT,
    failures INTEGER DEFAULT 0 NOT NULL,
    locked_until MOMENT,
    CONSTRAINT pk_invitations PRIMARY KEY (id),
    CONSTRAINT fk_invitations_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id),
    CONSTRAINT uq_invitations_link UNIQUE (link)
)""",
    "CREATE INDEX ix_invitations_dossier ON invitations (dossier)",
    """CREATE TABLE visits (
    id_hash TEXT NOT NULL,
    invitation TEXT NOT NULL,
    created_at MOMENT NOT NULL,
    seen_at MOMENT NOT NULL,
    idle_until MOMENT NOT NULL,
    ends_at MOMENT NOT NULL,
    csrf TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_visits PRIMARY KEY (id_hash),
    CONSTRAINT fk_visits_invitation FOREIGN KEY(invitation) REFERENCES invitations (id)
)""",
    "CREATE INDEX ix_visits_invitation ON visits (invitation)",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.replace("MOMENT", moment))
