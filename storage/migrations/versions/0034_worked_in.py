"""What goes on in the cases that a person worked in is found in two indexes, without their tasks."""

from __future__ import annotations

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    for statement in (
        "DROP INDEX ix_tasks_case_id",
        "CREATE INDEX ix_tasks_case_id ON tasks (case_id, done_at)",
        "DROP INDEX ix_tasks_done",
        "CREATE INDEX ix_tasks_done ON tasks (done_by, done_at, case_id) WHERE done_at IS NOT NULL",
    ):
        connection.exec_driver_sql(statement)
