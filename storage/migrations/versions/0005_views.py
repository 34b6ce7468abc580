"""Lists of the inbox that people keep under a name."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"

_TABLE = """CREATE TABLE saved_views (
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    wanted TEXT DEFAULT '{}' NOT NULL,
    saved_at MOMENT NOT NULL,
    CONSTRAINT pk_saved_views PRIMARY KEY (person, name),
    CONSTRAINT fk_saved_views_person FOREIGN KEY(person) REFERENCES people (id)
)"""


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    connection.exec_driver_sql(_TABLE.replace("MOMENT", moment))
