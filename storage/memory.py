"""A store that lives in memory and is gone with its process: stories, the designer, a quick look.

It is the same store on a database without a file, so that nothing behaves differently there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

import sqlalchemy as sa

from engine.ports import Clock, Queue, Store

from .schema import create
from .sql import Database


class Memory(Database):
    """One connection, one transaction at a time."""

    def __init__(self, clock: Clock, queue: Queue | None = None) -> None:
        super().__init__("sqlite://", clock, queue)
        self._turn = RLock()
        create(self.engine)

    @contextmanager
    def open(self) -> Iterator[Store]:
        with self._turn, super().open() as store:
            yield store

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        with self._turn, super().read() as connection:
            yield connection
