"""Many at once: workers that are killed, people who complete or claim at the same moment."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from engine.commands import Engine
from engine.errors import Conflict, EngineError
from engine.journal import verify
from storage.queue import JobQueue
from storage.sql import Database
from storage.tables import cases, journal, tasks, waits
from tests.builders import catch, process, service, timer, user
from tests.cast import CLERK, MEDIATOR
from tests.storage.scenes import publish
from tests.storage.worker_process import desk, now

ROOT = Path(__file__).parents[2]
CASES, EACH = 100, 10
"""Each case waits for so many timers and as many effects: 2,000 rows."""
PATIENCE = 180
"""Seconds until the test gives up: on a busy machine the workers take longer."""

MANY = process(
    "start -> fork\n join -> end"
    + "".join(f"\n fork -> wait{n} -> join\n fork -> send{n} -> join" for n in range(EACH)),
    "<parallelGateway id='fork'/><parallelGateway id='join'/>",
    *(catch(f"wait{n}", timer("PT1S")) for n in range(EACH)),
    *(service(f"send{n}", "notify.send", result=f"sent{n}") for n in range(EACH)),
)


@pytest.fixture
def url(url_of):
    return url_of("postgresql")


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
        time.sleep(0.25)


IS_DONE = journal.c.verb.in_(("fire", "effect_returned"))
DONE = sa.select(sa.func.count()).where(IS_DONE)


def test_of_two_thousand_due_rows_each_is_done_once_though_workers_are_killed(url, started):
    database, engine = desk(url, JobQueue(url))
    publish(database.open, MANY)
    for _ in range(CASES):
        engine.begin(CLERK, "p", {})
    doomed = [started(), started()]
    started()
    until(lambda: counted(database, DONE) > CASES * EACH / 5)
    for process_ in doomed:
        process_.send_signal(signal.SIGKILL)
    until(lambda: counted(database, sa.select(sa.func.count()).select_from(waits)) == 0)
    assert counted(database, DONE) == 2 * CASES * EACH
    with database.read() as connection:
        rows = connection.execute(sa.select(journal.c.stream, journal.c.place).where(IS_DONE)).all()
        ended = sa.select(sa.func.count()).where(cases.c.status == "ended")
        assert connection.execute(ended).scalar() == CASES
    assert len({(row.stream, row.place["task"]) for row in rows}) == 2 * CASES * EACH
    database.close()


# People at the same moment ------------------------------------------------------------------


SIX = process(
    "start -> fork" + "".join(f"\n fork -> task{n} -> join" for n in range(6)) + "\n join -> end",
    "<parallelGateway id='fork'/><parallelGateway id='join'/>",
    *(user(f"task{n}", ld_role="MEDIATOR", ld_org='"shiqiao-committee"') for n in range(6)),
)
FORM = json.dumps(
    {"schema": {"type": "object", "properties": {}}, "ui": {"order": [], "fields": {}}}
)


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request, url_of):
    """A database on disk with a case of six parallel tasks, and the verbs on it."""
    database = Database(url_of(request.param), now)
    yield database
    database.close()


def at_once(verb, everybody):
    """What each got: a result, or the refusal."""
    together = Barrier(len(everybody))

    def one(of):
        together.wait()
        try:
            return verb(of)
        except EngineError as refusal:
            return refusal

    with ThreadPoolExecutor(len(everybody)) as pool:
        return list(pool.map(one, everybody))


def six_tasks(database):
    engine = Engine(database.open, now, {}, None)
    publish(database.open, SIX, {f"forms/task{n}.json": FORM.encode() for n in range(6)})
    case = engine.begin(CLERK, "p", {})
    with database.read() as connection:
        return engine, case.id, list(connection.execute(sa.select(tasks.c.id)).scalars())


def test_six_people_complete_six_parallel_tasks_at_the_same_moment(opened):
    engine, case, open_tasks = six_tasks(opened)
    done = at_once(lambda task: engine.answer(MEDIATOR, task, {}), open_tasks)
    assert not any(isinstance(one, EngineError) for one in done), done
    with opened.open() as store:
        verbs = [entry.verb for entry, _ in store.entries(f"case:{case}")]
        assert (verbs, store.case(case).status) == (["start"] + 6 * ["complete"], "ended")
        assert list(verify(store.entries(f"case:{case}"))) == []


def test_of_a_hundred_who_claim_one_task_one_wins_and_the_others_read_who_and_when(opened):
    engine, _, open_tasks = six_tasks(opened)
    people = [replace(MEDIATOR, person=f"m{n}", name=f"调解员{n}") for n in range(100)]
    got = at_once(lambda actor: engine.claim(actor, open_tasks[0]), people)
    refused = [one for one in got if isinstance(one, Conflict)]
    assert (len(refused), {one.code for one in refused}) == (99, {"held_by_other"})
    with opened.open() as store:
        held = store.open_task(open_tasks[0])
    said = {(one.params["who"], one.params["at"]) for one in refused}
    assert said == {(held.holder, held.held_at)}
