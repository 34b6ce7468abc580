"""By which entries periods were kept, told from journals; every case is told once more."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"

_STATEMENTS = (
    """CREATE TABLE timed (
    case_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at MOMENT NOT NULL,
    late BOOLEAN DEFAULT false NOT NULL,
    early BOOLEAN DEFAULT false NOT NULL,
    rules TEXT DEFAULT '' NOT NULL,
    told TEXT DEFAULT '[]' NOT NULL,
    CONSTRAINT pk_timed PRIMARY KEY (case_id, seq),
    CONSTRAINT fk_timed_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
)""",
    "CREATE INDEX ix_timed_late ON timed (late, at)",
    "CREATE INDEX ix_timed_early ON timed (early, at)",
    "CREATE INDEX ix_timed_at ON timed (at)",
    "UPDATE cases SET walked = -1",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.replace("MOMENT", moment))
