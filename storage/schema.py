"""The schema: made at once in memory, migrated forward on disk, never opened when it is newer."""

from __future__ import annotations

import sqlalchemy as sa

from .tables import metadata
from .triggers import statements


def create(engine: sa.Engine) -> None:
    """All tables and triggers on an empty database that will not be kept."""
    with engine.begin() as connection:
        metadata.create_all(connection)
        for statement in statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
