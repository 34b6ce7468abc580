"""Indexes by which the first page of every search of the journals comes at once in a long journal."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"

VIEWED = "'read', 'reveal', 'health_read', 'file_open', 'print', 'take_away'"
CORRECTED = "'correct', 'record_ended', 'set_again', 'void_copy'"


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    for statement in (
        "CREATE INDEX ix_journal_verb ON journal (verb, at)",
        "CREATE INDEX ix_journal_role ON journal (role, at) WHERE role <> ''",
        "CREATE INDEX ix_journal_behalf ON journal (at) WHERE on_behalf <> ''",
        "CREATE INDEX ix_journal_absent ON journal (on_behalf) WHERE on_behalf <> ''",
        f"CREATE INDEX ix_journal_viewed ON journal (at) WHERE verb IN ({VIEWED})",
        f"CREATE INDEX ix_journal_corrected ON journal (at) WHERE verb IN ({CORRECTED})",
    ):
        connection.exec_driver_sql(statement)
