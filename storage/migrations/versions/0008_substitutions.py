"""Who stands in for whom."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"

_TABLE = """CREATE TABLE substitutions (
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    substitute TEXT NOT NULL,
    starts_at MOMENT NOT NULL,
    ends_at MOMENT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    made_by TEXT DEFAULT '' NOT NULL,
    made_at MOMENT NOT NULL,
    end_reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_substitutions PRIMARY KEY (id),
    CONSTRAINT fk_substitutions_person FOREIGN KEY(person) REFERENCES people (id),
    CONSTRAINT fk_substitutions_substitute FOREIGN KEY(substitute) REFERENCES people (id)
)"""
_INDEXES = (
    "CREATE INDEX ix_substitutions_person_ends_at ON substitutions (person, ends_at)",
    "CREATE INDEX ix_substitutions_substitute_ends_at ON substitutions (substitute, ends_at)",
)


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for statement in (_TABLE.replace("MOMENT", moment), *_INDEXES):
        connection.exec_driver_sql(statement)
