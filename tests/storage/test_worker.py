"""Due work: fired once, tried again, handed up; and shared by processes of which some are killed."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from engine.commands import Engine
from engine.errors import Conflict, Failed
from engine.model import Message
from engine.worker import Patience, Worker
from storage.queue import ThreadQueue, one_server
from tests.builders import boundary, process, service, timer
from tests.storage.builders import START
from tests.storage.scenes import begin_case, verbs_of


class Gateway:
    """A service outside that is down for the first ``failures`` calls."""

    def __init__(self, failures: int = 0, permanent: bool = False) -> None:
        self.calls, self.failures, self.permanent = [], failures, permanent

    def __call__(self, key, params):
        self.calls.append(key)
        if len(self.calls) <= self.failures:
            raise Failed("gateway_down", permanent=self.permanent)
        return "sent"


@pytest.fixture
def gateway():
    return Gateway()


@pytest.fixture
def engine(open_store, clock, gateway):
    return Engine(open_store, clock, {"notify.send": gateway}, None)


@pytest.fixture
def worker(engine, open_store, clock):
    return Worker(engine, open_store, clock, Patience(tries=3), Random(1))


SEND = service("send", "notify.send", result="sent")
WAIT = "<intermediateCatchEvent id='wait'>" + timer("PT1H") + "</intermediateCatchEvent>"


def test_a_timer_fires_when_it_is_due_and_only_then(engine, worker, open_store, clock):
    case = begin_case(engine, open_store, process("start -> wait -> end", WAIT))
    worker.work_due()
    assert verbs_of(open_store, case) == ["start"]
    clock.on(hours=1)
    worker.work_due()
    assert verbs_of(open_store, case) == ["start", "fire"]
    assert worker.work_due() == 0


def test_an_effect_is_performed_and_its_result_taken_in(engine, worker, open_store, gateway):
    case = begin_case(engine, open_store, process("start -> send -> end", SEND))
    assert worker.work_due() == 1
    assert verbs_of(open_store, case) == ["start", "effect_returned"]
    assert (len(gateway.calls), worker.pulse.done) == (1, 1)


def test_what_fails_is_tried_again_later_under_the_same_key(
    engine, worker, open_store, gateway, clock
):
    gateway.failures = 2
    case = begin_case(engine, open_store, process("start -> send -> end", SEND))
    waits = []
    while not waits or verbs_of(open_store, case) == ["start"]:
        worker.work_due()
        with open_store() as store:
            waits.append((store.next_due() or clock.at) - clock.at)
        clock.at += waits[-1]
    assert len(set(gateway.calls)) == 1
    assert timedelta(seconds=1) <= waits[0] <= timedelta(seconds=3)
    assert timedelta(seconds=2) <= waits[1] <= timedelta(seconds=6)
    assert verbs_of(open_store, case) == ["start", "effect_returned"]


def failed_for_good(worker, clock):
    for _ in range(3):
        worker.work_due()
        clock.on(hours=1)


def test_after_the_last_try_it_is_an_incident_with_its_cause(
    engine, worker, open_store, gateway, clock
):
    gateway.failures = 99
    case = begin_case(engine, open_store, process("start -> send -> end", SEND))
    failed_for_good(worker, clock)
    assert (len(gateway.calls), worker.work_due()) == (3, 0)
    with open_store() as store:
        held = store.incident_of(case)
        assert "gateway_down" in str(held)
        assert store.case(case).status == "held"


def test_a_failure_for_good_is_not_tried_again(engine, worker, open_store, gateway):
    gateway.failures, gateway.permanent = 99, True
    begin_case(engine, open_store, process("start -> send -> end", SEND))
    worker.work_due()
    assert (len(gateway.calls), worker.work_due()) == (1, 0)


def test_an_error_boundary_catches_what_failed_for_good(engine, worker, open_store, gateway, clock):
    gateway.failures = 99
    drawn = process(
        "start -> send -> end\n down -> noted",
        SEND,
        boundary("down", "send", "<errorEventDefinition/>"),
        "<endEvent id='noted'/>",
    )
    case = begin_case(engine, open_store, drawn)
    failed_for_good(worker, clock)
    with open_store() as store:
        assert store.case(case).status == "ended"


def test_work_given_up_is_due_again_when_its_incident_is_closed(engine, worker, open_store, clock):
    case = begin_case(engine, open_store, process("start -> wait -> end", WAIT))
    clock.on(hours=1)
    broken = Worker(Broken(), open_store, clock, Patience(tries=1), Random(1))
    broken.work_due()
    with open_store() as store:
        held = store.incident_of(case)
        assert (held.incident.code, held.incident.params["code"]) == ("work_failed", "OSError")
    assert worker.work_due() == 0
    with open_store() as store:
        store.close_incident(held.id)
    worker.work_due()
    assert verbs_of(open_store, case) == ["start", "fire"]


class Broken:
    """Verbs on a machine whose disk went away."""

    def turn(self, case_id):
        raise OSError("the disk went away")


def test_a_message_that_cannot_be_delivered_is_handed_over(open_store, clock):
    with open_store() as store:
        store.add_message("court-7", Message("message", "risk", "", {}))
    failing = Worker(Broken(), open_store, clock, Patience(tries=1), Random(1))
    failing.work_due()
    with open_store() as store:
        store.close_hand_over("court-7", "zhang", "电话通知")


def test_lateness_is_measured(engine, worker, open_store, clock):
    begin_case(engine, open_store, process("start -> wait -> end", WAIT))
    clock.on(hours=1, seconds=30)
    worker.work_due()
    worker.beat()
    with open_store() as store:
        (pulse,) = store.pulses()
    assert (pulse.late_ms, pulse.latest_ms, pulse.done) == (30_000, 30_000, 1)


def test_an_idle_worker_writes_seldom(worker, open_store, clock):
    seen = []
    for _ in range(3):
        worker.tick(ThreadQueue())
        with open_store() as store:
            seen += [pulse.seen_at for pulse in store.pulses()]
        clock.on(seconds=5)
    assert seen == [START, START, START + timedelta(seconds=10)]


def test_a_thread_queue_works_until_it_is_stopped(engine, worker, open_store):
    queue = ThreadQueue()
    case = begin_case(engine, open_store, process("start -> send -> end", SEND))
    with open_store() as store:
        queue.sweep(store)
    queue.run(StopAfter(worker, queue))
    assert verbs_of(open_store, case) == ["start", "effect_returned"]


class StopAfter:
    """Works once, then stops the queue that woke it."""

    def __init__(self, worker, queue):
        self.worker, self.queue = worker, queue

    def work_due(self):
        self.queue.stop()
        return self.worker.work_due()


def test_one_folder_has_one_server(tmp_path):
    with one_server(tmp_path), pytest.raises(Conflict, match="folder_in_use"), one_server(tmp_path):
        pass
    with one_server(tmp_path):
        pass
