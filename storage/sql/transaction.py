"""One open connection with what every area of the store does on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import NotFound
from engine.model import Case, DueKind, Entry, Wake
from engine.ports import Clock

Values = Mapping[str, Any]
Insert = sqlite.Insert | postgresql.Insert


Marks = Mapping[str, Any]
"""Open rows by id, with what of them may change while the id stays."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a transaction has seen of a case; ``open`` is {"tasks": marks, "waits": marks}."""

    case: Case
    open: Mapping[str, Marks] = field(default_factory=dict)

    @property
    def tasks(self) -> Marks:
        return self.open.get("tasks", {})

    @property
    def waits(self) -> Marks:
        return self.open.get("waits", {})


class Transaction:
    """Everything read and written here is committed together, or not at all.

    ``kept_for``: how long a message that nobody waits for may still be delivered by itself;
    ``wakes``: rows that can be worked on as soon as this is committed; ``has_destroyed``: contents
    that must leave the disk as well.
    """

    def __init__(self, connection: sa.Connection, clock: Clock, kept_for: timedelta) -> None:
        self.connection = connection
        self._clock = clock
        self.kept_for = kept_for
        self.known: dict[str, Known] = {}
        self.last: dict[str, Entry] = {}
        self.wakes: list[Wake] = []
        self.has_destroyed = False

    def wake(self, kind: DueKind, row_id: str, case_id: str) -> None:
        self.wakes.append(Wake(kind, row_id, case_id))

    def now(self) -> datetime:
        return self._clock()

    def run(
        self, statement: sa.Executable, rows: Values | Sequence[Values] | None = None
    ) -> sa.CursorResult[Any]:
        return self.connection.execute(statement, rows)

    def found(self, statement: sa.Select[Any], code: str, **params: Any) -> sa.Row[Any]:
        """The first row; raises NotFound with ``code`` when there is none."""
        row = self.run(statement).first()
        if row is None:
            raise NotFound(code, **params)
        return row

    def upsert(self, table: sa.Table, rows: Sequence[Values]) -> None:
        """Insert rows; for a key that is there, set every other given column."""
        if rows:
            self.run(upserting(table, self.on_postgres, tuple(rows[0])), rows)

    def insert(self, table: sa.Table) -> Insert:
        """An insert that knows ``on_conflict`` in the dialect at hand."""
        return inserting(table, self.on_postgres)

    @property
    def on_postgres(self) -> bool:
        return self.connection.dialect.name == "postgresql"


def inserting(table: sa.Table, on_postgres: bool) -> Insert:
    return postgresql.insert(table) if on_postgres else sqlite.insert(table)


@cache
def upserting(table: sa.Table, on_postgres: bool, columns: tuple[str, ...]) -> Insert:
    """Built once: building costs more than running it."""
    insert = inserting(table, on_postgres)
    given = {name: insert.excluded[name] for name in columns if name not in table.primary_key.c}
    return insert.on_conflict_do_update(table.primary_key, set_=given)
