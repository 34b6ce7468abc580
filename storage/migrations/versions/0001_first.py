"""The first schema, and on PostgreSQL that of the queue."""

from __future__ import annotations

from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    dialect = connection.dialect.name
    script = Path(__file__).with_name(f"0001_first.{dialect}.sql").read_text("utf-8")
    for statement in script.split(";\n\n"):
        connection.exec_driver_sql(statement)
    if dialect == "postgresql":
        connection.exec_driver_sql(SchemaManager.get_schema())
