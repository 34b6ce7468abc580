"""The store on SQLAlchemy: one open store is one transaction, and here is the only commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from threading import RLock
from typing import Any

import sqlalchemy as sa

from engine.ports import Clock, Queue, Store

from .apart import ApartRows
from .copies import CopyRows
from .destroying import DestroyingRows
from .dispatches import DispatchRows
from .drafts import DraftRows
from .dues import DueRows
from .duty import DutyRows
from .engines import begin_to_read, begin_to_write, connect, connect_to_read, forget
from .inbox import InboxRows
from .linking import LinkRows
from .log import LogRows
from .messages import MessageRows
from .papers import PaperRows
from .people import PeopleRows
from .proofs import ProofRows
from .refusals import refusals
from .registers import RegisterRows
from .releases import ReleaseRows
from .retention import RetentionRows
from .running import RunningRows
from .seals import SealRows
from .tasks import TaskRows
from .visiting import VisitingRows
from .walks import WalkRows


class SqlStore(
    TaskRows,
    ReleaseRows,
    MessageRows,
    LinkRows,
    DispatchRows,
    CopyRows,
    RetentionRows,
    DestroyingRows,
    PaperRows,
    DraftRows,
    ApartRows,
    DutyRows,
    PeopleRows,
    InboxRows,
    RunningRows,
    RegisterRows,
    VisitingRows,
    SealRows,
    DueRows,
    ProofRows,
    LogRows,
    WalkRows,
):
    """All areas of the store on one transaction."""


class Database:
    """Opens stores on a database whose schema is there (``storage.schema.migrate``).

    ``queue`` is told which rows can be worked on; ``kept_for``: how long a message that nobody
    waits for may still be delivered by itself.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        queue: Queue | None = None,
        kept_for: timedelta = timedelta(days=30),
    ) -> None:
        self.engine = connect(url)
        self._reading = connect_to_read(url, self.engine)
        # SQLite lets one write at a time: waiting in line here is quicker than asking it again.
        self._has_line = self.engine.dialect.name == "sqlite"
        self._line: AbstractContextManager[Any] = RLock() if self._has_line else nullcontext()
        self._kept: sa.Connection | None = None
        self.queue = queue
        self._clock = clock
        self._kept_for = kept_for

    @contextmanager
    def open(self) -> Iterator[Store]:
        """One transaction: committed when left, or not at all; raises the families of errors.py."""
        with self._line, refusals(), self._writing() as connection:
            begin_to_write(connection)
            store = SqlStore(connection, self._clock, self._kept_for)
            yield store
            if self.queue and store.wakes:
                self.queue.enlist(connection, store.wakes)
            connection.commit()
            if store.has_destroyed:
                forget(connection)
        if self.queue and store.wakes:
            self.queue.stir()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """A connection; where they write in line always the same, whose pages are at hand still."""
        connection, self._kept = self._kept or self.engine.connect(), None
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if self._has_line:
            self._kept = connection
        else:
            connection.close()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection for lists and screens: one unchanging view, nothing written."""
        with refusals(), self._reading.connect() as connection:
            begin_to_read(connection)
            yield connection
            connection.commit()  # after a rollback PostgreSQL's driver forgets what it prepared

    def close(self) -> None:
        if self._kept:
            self._kept.close()
            self._kept = None
        self._reading.dispose()
        self.engine.dispose()
