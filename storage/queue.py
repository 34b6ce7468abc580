"""Queues that wake workers: a thread beside SQLite, Procrastinate jobs on PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import Any

import sqlalchemy as sa
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from engine.errors import Conflict
from engine.model import Wake
from engine.ports import Store, Works

QUEUE = "due"
REVIVAL = 10
"""Seconds that a sweep waits for the jobs of dead workers to be put back."""
SWEPT = 1_000
"""How many forgotten rows one sweep wakes."""


@contextmanager
def one_server(folder: Path) -> Iterator[None]:
    """Only one serving process on a SQLite folder; raises Conflict (folder_in_use).

    The lock is SQLite's own, so that it is portable and ends with the process, however it ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "serving.lock", timeout=0)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise Conflict("folder_in_use", folder=str(folder)) from error
        yield


class ThreadQueue:
    """One process, one thread: whatever wakes it, it does all that is due."""

    def __init__(self) -> None:
        self._stirred = Event()
        self._stopped = Event()

    def enlist(self, transaction: Any, wakes: Sequence[Wake]) -> None:
        """The rows are enough."""

    def stir(self) -> None:
        self._stirred.set()

    def sweep(self, store: Store) -> None:
        self._stirred.set()

    def run(self, worker: Works) -> None:
        while not self._stopped.is_set():
            self._stirred.wait()
            self._stirred.clear()
            worker.work_due()

    def stop(self) -> None:
        self._stopped.set()
        self._stirred.set()


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between heartbeats of a worker, and without one until it counts as dead."""

    heartbeat: float = 10
    stalled: float = 30
    poll: float = 5
    concurrency: int = 4


class JobQueue:
    """Jobs of Procrastinate, written in the journal's own transaction; jobs of one case in turn.

    A job whose row has been consumed does nothing, so jobs may be lost or doubled without harm.
    """

    def __init__(self, url: str, pace: Pace | None = None) -> None:
        self.url = url
        plain = sa.make_url(url).set(drivername="postgresql")
        self._address = plain.render_as_string(hide_password=False)
        self._pace = pace or Pace()
        self._jobs = JobManager(SyncPsycopgConnector())
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[None], App] | None = None
        self._stopped = Event()

    def enlist(self, transaction: sa.Connection, wakes: Sequence[Wake]) -> None:
        jobs = [_job(wake) for wake in wakes]
        self._jobs.batch_defer_jobs(jobs, connection=transaction.connection.driver_connection)

    def stir(self) -> None:
        """The database notifies the workers."""

    def sweep(self, store: Any) -> None:
        """Rows without a job get one; one sweeper at a time, the others have nothing to add."""
        self._revive()
        connection: sa.Connection = store.connection
        if not connection.execute(sa.text("SELECT pg_try_advisory_xact_lock(20260302)")).scalar():
            return
        idle = {wake.id: wake for wake in store.idle_dues(SWEPT)}
        queued = sa.text(
            "SELECT queueing_lock FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing') AND queueing_lock = ANY(:ids)"
        )
        known = set(connection.execute(queued, {"ids": list(idle)}).scalars())
        store.wakes += [wake for id, wake in idle.items() if id not in known]

    def _revive(self) -> None:
        """Jobs of workers that died go back into the queue."""
        if self._running:
            loop, _, app = self._running
            with suppress(RuntimeError, CancelledError, TimeoutError):  # it is being stopped
                asyncio.run_coroutine_threadsafe(self._revive_in(app), loop).result(REVIVAL)

    async def _revive_in(self, app: App) -> None:
        manager = app.job_manager
        seconds = self._pace.stalled
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
            try:
                await manager.retry_job(job)
            except ConnectorException:
                continue  # another worker was faster

    # Running -------------------------------------------------------------------------------

    def run(self, worker: Works) -> None:
        asyncio.run(self._run(worker))

    async def _run(self, worker: Works) -> None:
        pace = self._pace
        app = App(connector=PsycopgConnector(conninfo=self._address, max_size=pace.concurrency + 2))

        @app.task(name=QUEUE, queue=QUEUE)
        def work(**wake: Any) -> None:
            worker.work(Wake(**wake))

        async with app.open_async():
            running = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=pace.concurrency,
                    fetch_job_polling_interval=pace.poll,
                    update_heartbeat_interval=pace.heartbeat,
                    stalled_worker_timeout=pace.stalled,
                    delete_jobs="always",
                    install_signal_handlers=current_thread() is main_thread(),
                )
            )
            self._running = (asyncio.get_running_loop(), running, app)
            if self._stopped.is_set():
                running.cancel()
            try:
                with suppress(asyncio.CancelledError):
                    await running
            finally:
                self._running = None

    def stop(self) -> None:
        self._stopped.set()
        if self._running:
            loop, running, _ = self._running
            loop.call_soon_threadsafe(running.cancel)


def _job(wake: Wake) -> Job:
    return Job(
        id=None,
        queue=QUEUE,
        task_name=QUEUE,
        lock=wake.case or wake.id,
        queueing_lock=wake.id,
        task_kwargs=asdict(wake),
    )
