"""What the virus scanner said of each file that was sent."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"

_TABLE = """CREATE TABLE scans (
    digest TEXT NOT NULL,
    verdict TEXT DEFAULT '' NOT NULL,
    found TEXT DEFAULT '' NOT NULL,
    scanned_at MOMENT NOT NULL,
    CONSTRAINT pk_scans PRIMARY KEY (digest)
)"""


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    connection.exec_driver_sql(_TABLE.replace("MOMENT", moment))
