"""The schema: made at once in memory, migrated forward on disk, never opened when it is newer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from engine.errors import Conflict

from .sql.engines import begin_to_write, connect
from .sql.refusals import refusals
from .tables import metadata
from .triggers import statements

SCRIPTS = Path(__file__).parent / "migrations"


def create(engine: sa.Engine) -> None:
    """All tables and triggers on an empty database that will not be kept."""
    with engine.begin() as connection:
        metadata.create_all(connection)
        for statement in statements(connection.dialect.name):
            connection.exec_driver_sql(statement)


def migrate(url: str) -> str:
    """Bring a database to this version's schema, keeping what is in it; the revision reached.

    Raises Conflict (schema_newer) when the database was made by a later version.
    """
    engine = connect(url)
    try:
        with refusals(), engine.begin() as connection:
            begin_to_write(connection)
            _refuse_newer(connection)
            if _revision(connection) != _scripts().get_current_head():
                command.upgrade(_config(connection), "head")
            return _revision(connection)
    finally:
        engine.dispose()


def check(engine: sa.Engine) -> None:
    """Raises Conflict: schema_newer, or schema_older (``liandiao migrate`` brings it forward)."""
    with refusals(), engine.connect() as connection:
        _refuse_newer(connection)
        if _revision(connection) != _scripts().get_current_head():
            raise Conflict("schema_older", found=_revision(connection) or "-")


def _refuse_newer(connection: sa.Connection) -> None:
    revision = _revision(connection)
    try:
        if revision:
            _scripts().get_revision(revision)
    except CommandError as error:
        raise Conflict("schema_newer", found=revision) from error


def _revision(connection: sa.Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
