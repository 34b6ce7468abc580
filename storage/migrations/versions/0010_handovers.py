"""What one shift hands to the next, and whose tasks a duty post keeps."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"

_STATEMENTS = (
    "ALTER TABLE duty_posts ADD COLUMN roles TEXT DEFAULT '' NOT NULL",
    """CREATE TABLE handovers (
    id TEXT NOT NULL,
    post TEXT NOT NULL,
    shift TEXT NOT NULL,
    given_by TEXT DEFAULT '' NOT NULL,
    given_at MOMENT NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    tasks TEXT DEFAULT '[]' NOT NULL,
    taken_by TEXT DEFAULT '' NOT NULL,
    taken_at MOMENT,
    CONSTRAINT pk_handovers PRIMARY KEY (id),
    CONSTRAINT fk_handovers_post FOREIGN KEY(post) REFERENCES duty_posts (id),
    CONSTRAINT fk_handovers_shift FOREIGN KEY(shift) REFERENCES shifts (id)
)""",
    "CREATE INDEX ix_handovers_post ON handovers (post, given_at)",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.replace("MOMENT", moment))
