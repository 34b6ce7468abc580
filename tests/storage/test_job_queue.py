"""Jobs on PostgreSQL: committed with the journal or not at all, one per row, harmless when doubled."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from engine.commands import Engine
from engine.errors import Conflict
from engine.model import Wake
from engine.worker import Worker, turn_clock
from storage.queue import JobQueue, Pace
from storage.sql import Database
from tests.builders import process, service
from tests.storage.builders import begin, effect, outcome, timer
from tests.storage.scenes import begin_case, verbs_of
from tests.storage.worker_process import now


@pytest.fixture
def queue(url_of):
    return JobQueue(url_of("postgresql"), Pace(heartbeat=0.5, stalled=2, poll=0.2))


@pytest.fixture
def database(queue, clock):
    made = Database(queue.url, clock, queue)
    yield made
    made.close()


def jobs(database):
    with database.read() as connection:
        query = "SELECT queueing_lock, lock FROM procrastinate_jobs ORDER BY id"
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_a_step_that_is_committed_leaves_its_job(database):
    with database.open() as store:
        begin(store, outcome(effects=(effect("e1"), effect("e2"))))
    assert jobs(database) == [("e1", "c1"), ("e2", "c1")]


def test_a_step_that_fails_leaves_no_job(database):
    def fails():
        with database.open() as store:
            begin(store, outcome(effects=(effect("e1"),)))
            raise Conflict("too_busy")

    with pytest.raises(Conflict):
        fails()
    assert jobs(database) == []


def test_a_sweep_gives_each_due_row_one_job(database, queue, clock):
    with database.open() as store:
        begin(store, outcome(timers=(timer("a"), timer("later", clock.at.replace(year=2030)))))
    assert jobs(database) == []
    for _ in range(2):
        with database.open() as store:
            queue.sweep(store)
    assert jobs(database) == [("a", "c1")]


def test_a_job_whose_row_is_consumed_does_nothing(database, clock):
    engine = Engine(database.open, clock, {"notify.send": lambda key, params: key}, None)
    send = service("send", "notify.send", result="sent")
    case = begin_case(engine, database.open, process("start -> send -> end", send))
    ((row, _),) = jobs(database)
    worker = Worker(engine, database.open, clock)
    assert [worker.work(Wake("effect", row, case)) for _ in range(2)] == [True, False]
    assert verbs_of(database.open, case) == ["start", "effect_returned"]


@dataclass
class Counting:
    """Stops the queue after it has handed out so many rows."""

    queue: JobQueue
    stop_after: int
    handed: list[Wake] = field(default_factory=list)

    def work(self, wake: Wake) -> bool:
        self.handed.append(wake)
        if len(self.handed) == self.stop_after:
            self.queue.stop()
        return True


def test_a_running_queue_hands_out_every_row_and_stops(database, queue):
    with database.open() as store:
        begin(store, outcome(effects=(effect("e1"), effect("e2"))))
    counting = Counting(queue, 2)
    queue.run(counting)
    assert {wake.id for wake in counting.handed} == {"e1", "e2"}


def test_the_clock_turns_beside_the_pages_until_it_is_stopped(queue):
    database = Database(queue.url, now, queue)
    fired = threading.Event()
    engine = Engine(database.open, now, {"notify.send": lambda *_: fired.set()}, None)
    worker = Worker(engine, database.open, now)
    turning = threading.Thread(target=turn_clock, args=(worker, queue, 0.1))
    turning.start()
    begin_case(
        engine, database.open, process("start -> send -> end", service("send", "notify.send"))
    )
    assert fired.wait(20)
    queue.stop()
    turning.join(20)
    assert not turning.is_alive()
    database.close()
