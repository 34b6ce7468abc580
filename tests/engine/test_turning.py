"""What the clock and mistakes do to a case: reminders once each, held inputs that are not lost."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from engine.errors import NotAllowed
from engine.model import Actor
from engine.spiff import read_state
from engine.worker import Worker
from tests.builders import clock as marks
from tests.builders import end, extend, process, release, user, xor
from tests.builders import start as begin_at
from tests.cast import CLERK, MEDIATOR, SUPERVISOR
from tests.conftest import BPMN

DONE = {"id": "done", "label": {"zh": "完成", "en": "Done"}}


def form(*outcomes):
    body = {
        "schema": {"type": "object", "properties": {"n": {"type": "number"}}},
        "ui": {
            "order": ["/n"],
            "fields": {"/n": {"label": {"zh": "数", "en": "number"}}},
            "outcomes": list(outcomes),
        },
    }
    return json.dumps(body).encode()


XML = process(
    """start -> accept -> small
    small -> sign if n < 100
    small -> refused if n > 1000
    sign -> end""",
    begin_at("start", ld_role="TRIB_CLERK"),
    user("accept", extend(marks("accept_referral", starts="enter", ends="done")), ld_role="MEDIATOR",
         ld_org='"shiqiao-committee"'),
    xor("small"),
    end("refused"),
    user("sign", ld_role="MEDIATOR", ld_org='"shiqiao-committee"'),
)  # fmt: skip


@pytest.fixture
def case(desk, store):
    files = {
        "forms/start.json": form(),
        "forms/accept.json": form(DONE),
        "forms/sign.json": form(DONE),
    }
    files["shared/rules.toml"] = (BPMN / "shared/rules.toml").read_bytes()
    with store() as opened:
        opened.add_release(release(XML, files), "designer", "designer2", desk.clock())
    return desk.begin(CLERK, "p", {"/n": 3})


@pytest.fixture
def work(desk, store, clock):
    return Worker(desk, store, clock).work_due


def journal(store, case):
    with store() as opened:
        return list(opened.entries(f"case:{case.id}"))


def task(store, case):
    with store() as opened:
        return read_state(opened.case(case.id).state).tasks[0].id


def test_each_reminder_and_the_breach_are_noted_once(store, case, work, clock):
    for _ in range(9):
        work()
        clock.move(clock.now + timedelta(hours=12))
        work()
    notes = [
        (e.verb, int(p.data.get("percent", 0))) for e, p in journal(store, case) if e.kind == "note"
    ]
    assert notes == [("clock_reminded", 50), ("clock_reminded", 80), ("clock_breached", 100)]


def test_a_clock_that_has_ended_reminds_nobody(desk, store, case, work, clock):
    work()
    desk.answer(MEDIATOR, task(store, case), {}, "done")
    clock.move(clock.now + timedelta(days=9))
    work()
    assert "clock_breached" not in [entry.verb for entry, _ in journal(store, case)]


def test_what_nobody_held_and_cannot_be_played_is_held_by_who_sent_it(desk, store, case):
    with store() as opened:
        task = read_state(opened.case(case.id).state).tasks[0].id
    assert desk.complete(MEDIATOR, task, {"/n": ["200"]}, "done").held
    with store() as opened:
        assert opened.open_task(task).holder == "mediator"
    assert [entry.verb for entry, _ in journal(store, case)][-2:] == ["claim", "held"]


def test_an_input_that_cannot_be_played_is_held_not_lost(desk, store, case):
    assert desk.answer(MEDIATOR, task(store, case), {"/n": 200}, "done").held
    with store() as opened:
        held = opened.incident_of(case.id)
    assert (held.actor, held.input.verb, journal(store, case)[-1][0].verb) == (
        "mediator",
        "complete",
        "held",
    )


def test_a_retry_keeps_who_and_when(desk, store, case):
    desk.answer(MEDIATOR, task(store, case), {"/n": 200}, "done")
    with store() as opened:
        held = opened.incident_of(case.id)
    assert desk.retry(SUPERVISOR, held.id, "再试一次") is False
    with store() as opened:
        again = opened.incident_of(case.id)
    assert (again.actor, again.input.received_at) == ("mediator", held.input.received_at)
    last = journal(store, case)[-1][0]
    assert (last.verb, last.role) == ("held", "MEDIATOR")


def test_mending_is_for_supervisors(desk, case):
    with pytest.raises(NotAllowed, match="may_not_mend"):
        desk.cancel(Actor("mediator", "李和平", MEDIATOR.grants), case.id, "不想办了")
