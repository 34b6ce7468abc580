"""What many cases have in common stands once, of a moved case what ran under each release: told anew."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"

_STATEMENTS = (
    "DROP TABLE walks",
    """CREATE TABLE ways (
    id TEXT NOT NULL,
    variant TEXT DEFAULT '' NOT NULL,
    path TEXT DEFAULT '' NOT NULL,
    facts BYTES NOT NULL,
    lasted BYTES NOT NULL,
    CONSTRAINT pk_ways PRIMARY KEY (id)
)""",
    "CREATE INDEX ix_ways_variant ON ways (variant)",
    """CREATE TABLE walks (
    case_id TEXT NOT NULL,
    release TEXT DEFAULT '' NOT NULL,
    whole BOOLEAN DEFAULT true NOT NULL,
    dossier TEXT NOT NULL,
    procedure TEXT DEFAULT '' NOT NULL,
    org TEXT DEFAULT '' NOT NULL,
    type TEXT DEFAULT '' NOT NULL,
    mediators TEXT DEFAULT '' NOT NULL,
    begun_at MOMENT NOT NULL,
    fault TEXT DEFAULT '' NOT NULL,
    way TEXT,
    lengths BYTES NOT NULL,
    CONSTRAINT pk_walks PRIMARY KEY (case_id, release),
    CONSTRAINT fk_walks_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
    CONSTRAINT fk_walks_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id),
    CONSTRAINT fk_walks_way FOREIGN KEY(way) REFERENCES ways (id)
)""",
    "CREATE INDEX ix_walks_release ON walks (procedure, release)",
    "CREATE INDEX ix_walks_way ON walks (way)",
    "UPDATE cases SET walked = -1",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    on_sqlite = connection.dialect.name == "sqlite"
    moment = "TEXT" if on_sqlite else "TIMESTAMP WITH TIME ZONE"
    binary = "BLOB" if on_sqlite else "BYTEA"
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.replace("MOMENT", moment).replace("BYTES", binary))
