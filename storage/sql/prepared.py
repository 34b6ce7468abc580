"""Statements that every completion runs: compiled once, then handed to the driver as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

Row = Sequence[Any]


class Prepared:
    """A write that always names the same columns; a row has their values in the same order.

    SQLAlchemy would work out anew each time what it did the time before: more than the write costs.
    """

    def __init__(self, statement: sa.ClauseElement, columns: Sequence[str]) -> None:
        self._statement, self._columns = statement, list(columns)
        self._ready: dict[str, _Ready] = {}

    def run(self, connection: sa.Connection, row: Row, *more: Row) -> int:
        """Write one row, or several with one statement; how many rows it touched."""
        ready = self._ready.get(connection.dialect.name) or self._compile(connection.dialect)
        if not connection.in_transaction():
            connection.begin()
        if more:
            bound: Any = [*map(ready.bind, (row, *more))]
            return _written(connection, ready.sql, bound, "executemany")
        return _written(connection, ready.sql, ready.bind(row), "execute")

    def _compile(self, dialect: sa.Dialect) -> _Ready:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=self._columns)
        self._ready[dialect.name] = ready = _Ready(compiled, self._columns)
        return ready


def _written(connection: sa.Connection, sql: str, bound: Any, how: str) -> int:
    """Straight to the driver; who listens is told, and what it refuses is raised, as always."""
    dialect: Any = connection.dialect
    cursor = connection.connection.cursor()
    for hear in connection.dispatch.before_cursor_execute:
        hear(connection, cursor, sql, bound, None, how == "executemany")
    try:
        getattr(cursor, how)(sql, bound)
        return int(cursor.rowcount)
    except dialect.loaded_dbapi.Error as error:
        base = dialect.loaded_dbapi.Error
        raise sa.exc.DBAPIError.instance(sql, bound, error, base, dialect=dialect) from error
    finally:
        cursor.close()


class _Ready:
    """One statement in the words of one database."""

    def __init__(self, compiled: Any, columns: list[str]) -> None:
        self.sql = str(compiled)
        self._is_positional: bool = compiled.positional
        processors: Mapping[str, Callable[[Any], Any]] = compiled._bind_processors
        self._names = list(compiled.positiontup if compiled.positional else compiled.binds)
        self._fields = [(columns.index(name), processors.get(name)) for name in self._names]

    def bind(self, row: Row) -> tuple[Any, ...] | dict[str, Any]:
        """The values of a row as the driver takes them."""
        found = [process(row[at]) if process else row[at] for at, process in self._fields]
        return tuple(found) if self._is_positional else dict(zip(self._names, found, strict=True))
