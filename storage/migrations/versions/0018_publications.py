"""Each publication of a procedure on its own: an old release may be published anew."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"

_STATEMENTS = (
    """CREATE TABLE publications (
    procedure TEXT NOT NULL,
    version INTEGER NOT NULL,
    release TEXT NOT NULL,
    author TEXT DEFAULT '' NOT NULL,
    approver TEXT DEFAULT '' NOT NULL,
    published_at MOMENT NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_publications PRIMARY KEY (procedure, version),
    CONSTRAINT fk_publications_release FOREIGN KEY(release) REFERENCES releases (digest)
)""",
    "INSERT INTO publications (procedure, version, release, author, approver, published_at)"
    " SELECT procedure, version, digest, author, approver, published_at FROM releases",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.replace("MOMENT", moment))
