"""Connecting: what SQLite and PostgreSQL need so that both keep the same promises."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

BUSY_SECONDS = 20
"""How long a writer on SQLite waits for the one before it."""

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
)


def connect(url: str) -> sa.Engine:
    """An engine for ``sqlite:///path``, ``sqlite://`` (memory) or ``postgresql+psycopg://``."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    return sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)


def _sqlite(url: str) -> sa.Engine:
    memory = sa.make_url(url).database in (None, "", ":memory:")
    options: dict[str, Any] = {"poolclass": sa.StaticPool} if memory else {}
    engine = sa.create_engine(url, connect_args={"check_same_thread": False}, **options)
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _prepare(raw: Any, _record: object) -> None:
    raw.isolation_level = None  # the driver begins nothing by itself: begin_to_write does
    for pragma in _PRAGMAS:
        raw.execute(pragma)


def begin_to_write(connection: sa.Connection) -> None:
    """On SQLite the one writer: whoever reads here may write without losing a race later."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def begin_to_read(connection: sa.Connection) -> None:
    """One unchanging view of the data for everything read on this connection."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    else:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
