"""One worker process on PostgreSQL, as ``liandiao worker`` runs it, with short patience: URL."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from engine.commands import Engine
from engine.worker import Patience, Worker, turn_clock
from storage.queue import JobQueue, Pace
from storage.sql import Database

PACE = Pace(heartbeat=0.5, stalled=3, poll=1, concurrency=4)


def now() -> datetime:
    return datetime.now(UTC)


def desk(url: str, queue: JobQueue) -> tuple[Database, Engine]:
    """A database and the verbs on it, with one service outside."""
    database = Database(url, now, queue)
    return database, Engine(database.open, now, {"notify.send": lambda key, params: key}, None)


def main(url: str) -> None:
    queue = JobQueue(url, PACE)
    database, engine = desk(url, queue)
    worker = Worker(engine, database.open, now, Patience(lease_seconds=3))
    turn_clock(worker, queue, every_seconds=0.5)


if __name__ == "__main__":
    main(sys.argv[1])
