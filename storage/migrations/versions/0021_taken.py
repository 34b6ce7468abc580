"""Indexes for what a case took and a dossier sent, read for related dossiers and the case's picture."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    connection.exec_driver_sql("CREATE INDEX ix_receipts_case_id ON receipts (case_id)")
    connection.exec_driver_sql("CREATE INDEX ix_messages_dossier ON messages (dossier)")
