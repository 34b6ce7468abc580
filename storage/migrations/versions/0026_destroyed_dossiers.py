"""Nothing more is put into a dossier that was destroyed."""

from __future__ import annotations

from alembic import op

from storage.guarding import closing_statements

revision = "0026"
down_revision = "0025"

CLOSED = ("cases", "parties", "attachments", "documents", "records", "invitations", "holds")
"""The tables there were."""


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    for statement in closing_statements(connection.dialect.name, CLOSED):
        connection.exec_driver_sql(statement)
