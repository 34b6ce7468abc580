"""What designers try out on drafts: a story in the making, one per draft and person."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"

_TABLE = """CREATE TABLE rehearsals (
    draft TEXT NOT NULL,
    person TEXT NOT NULL,
    told TEXT DEFAULT '{}' NOT NULL,
    saved_at MOMENT NOT NULL,
    CONSTRAINT pk_rehearsals PRIMARY KEY (draft, person),
    CONSTRAINT fk_rehearsals_draft FOREIGN KEY(draft) REFERENCES drafts (id)
)"""


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    moment = "TEXT" if connection.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    connection.exec_driver_sql(_TABLE.replace("MOMENT", moment))
