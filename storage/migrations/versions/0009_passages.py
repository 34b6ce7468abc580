"""An index for how often each element was passed, in time and late."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    connection.exec_driver_sql(
        "CREATE INDEX ix_tasks_passed ON tasks (procedure, element, case_id, due_at, done_at, how) "
        "WHERE done_at IS NOT NULL AND how = 'complete'"
    )
