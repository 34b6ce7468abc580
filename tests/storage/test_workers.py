"""Many at once: workers that are killed, people who complete or claim at the same moment."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.queue import JobQueue
from storage.schema import migrate
from storage.tables import cases, journal, waits
from tests.builders import process, service, timer
from tests.cast import CLERK
from tests.postgres import new_database
from tests.storage.scenes import publish
from tests.storage.worker_process import desk

ROOT = Path(__file__).parents[2]
CASES = 1_000
PATIENCE = 60
"""Seconds until the test gives up; it takes about half of them."""

BOTH = process(
    "start -> fork -> wait -> join -> end\n fork -> send -> join",
    "<parallelGateway id='fork'/><parallelGateway id='join'/>",
    "<intermediateCatchEvent id='wait'>" + timer("PT1S") + "</intermediateCatchEvent>",
    service("send", "notify.send", result="sent"),
)


@pytest.fixture
def url(postgres):
    made = new_database(postgres)
    migrate(made)
    return made


@pytest.fixture
def started(url):
    """Worker processes, all killed at the end; ``started()`` starts one more."""
    running = []

    def start():
        command = [sys.executable, "-m", "tests.storage.worker_process", url]
        running.append(subprocess.Popen(command, cwd=ROOT))
        return running[-1]

    yield start
    for process_ in running:
        process_.kill()
        process_.wait()


def counted(database, query):
    with database.read() as connection:
        return connection.execute(query).scalar()


def until(condition):
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, "the workers were not done in time"
        time.sleep(0.1)


FIRED = sa.select(sa.func.count()).where(journal.c.verb.in_(("fire", "effect_returned")))


def test_of_two_thousand_due_rows_each_is_done_once_though_workers_are_killed(url, started):
    database, engine = desk(url, JobQueue(url))
    publish(database.open, BOTH)
    for _ in range(CASES):
        engine.begin(CLERK, "p", {})
    doomed = [started(), started()]
    started()
    until(lambda: counted(database, FIRED) > 200)
    for process_ in doomed:
        process_.send_signal(signal.SIGKILL)
    until(lambda: counted(database, sa.select(sa.func.count()).select_from(waits)) == 0)
    with database.read() as connection:
        entries = connection.execute(sa.select(journal.c.stream, journal.c.verb)).all()
        ended = connection.execute(
            sa.select(sa.func.count()).where(cases.c.status == "ended")
        ).scalar()
    done = Counter(
        Counter((e.stream, e.verb) for e in entries if e.stream.startswith("case:")).values()
    )
    assert (done, ended) == (Counter({1: 3 * CASES}), CASES)
    database.close()
