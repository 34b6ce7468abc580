"""Connecting: what SQLite and PostgreSQL need so that both keep the same promises."""

from __future__ import annotations

import sqlite3
from math import inf
from time import monotonic
from typing import Any

import sqlalchemy as sa
from psycopg import OperationalError

BUSY_SECONDS = 20
"""How long a writer on SQLite waits for the one before it."""

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA secure_delete=ON",  # what is deleted or replaced is overwritten, not only let go
)


IDLE_SECONDS = 5
"""How long a connection to PostgreSQL may have rested before it is asked whether it still lives."""

PREPARED = 2
"""How often PostgreSQL plans a statement anew on a connection before it keeps the plan."""


def connect(url: str) -> sa.Engine:
    """An engine for ``sqlite:///path``, ``sqlite://`` (memory) or ``postgresql+psycopg://``."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    return _postgres(url)


def connect_to_read(url: str, writing: sa.Engine) -> sa.Engine:
    """An engine whose transactions see one unchanging view and write nothing.

    On PostgreSQL connections of its own: turning one round at each request costs more than a query.
    """
    if writing.dialect.name == "sqlite":
        return writing
    engine = _postgres(url, isolation_level="REPEATABLE READ")
    sa.event.listen(engine, "connect", _only_read)
    return engine


def _postgres(url: str, **options: Any) -> sa.Engine:
    prepared = {"prepare_threshold": PREPARED}
    pool = {"pool_size": 10, "max_overflow": 20, "pool_use_lifo": True}
    engine = sa.create_engine(url, connect_args=prepared, **pool, **options)
    sa.event.listen(engine, "checkin", _rest)
    sa.event.listen(engine, "checkout", _wake)
    return engine


def _only_read(raw: Any, _record: object) -> None:
    raw.read_only = True


def _rest(_raw: Any, record: Any) -> None:
    record.info["rests_since"] = monotonic()


def _wake(raw: Any, record: Any, _proxy: object) -> None:
    """Raises DisconnectionError for a connection that died while it rested: the pool takes another."""
    if monotonic() - record.info.get("rests_since", inf) < IDLE_SECONDS:
        return
    try:
        raw.execute("SELECT 1")
        raw.rollback()
    except OperationalError as error:
        raise sa.exc.DisconnectionError from error


def _sqlite(url: str) -> sa.Engine:
    memory = sa.make_url(url).database in (None, "", ":memory:")
    # The connection used last still has its pages and statements at hand.
    options: dict[str, Any] = {"poolclass": sa.StaticPool} if memory else {"pool_use_lifo": True}
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
        _begin(connection, "BEGIN IMMEDIATE")


def _begin(connection: sa.Connection, words: str) -> None:
    if not connection.in_transaction():
        connection.begin()
    _say(connection, words)


def _say(connection: sa.Connection, words: str) -> None:
    """Straight to the driver: SQLAlchemy's own way takes longer than beginning does."""
    raw: Any = connection.connection.driver_connection
    try:
        raw.execute(words)
    except sqlite3.Error as error:
        raise sa.exc.DBAPIError(words, None, error) from error


def forget(connection: sa.Connection) -> None:
    """On SQLite what was destroyed leaves the write-ahead file too, unless somebody reads just now."""
    if connection.dialect.name == "sqlite":
        _say(connection, "PRAGMA busy_timeout=0")
        _say(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
        _say(connection, f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def begin_to_read(connection: sa.Connection) -> None:
    """One unchanging view of the data for everything read on this connection."""
    if connection.dialect.name == "sqlite":
        _begin(connection, "BEGIN")
