"""Cases that meet: a message opens another procedure, reaches one that waits, or becomes a hand-over."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from engine.errors import Conflict
from engine.spiff import read_state
from engine.worker import Worker
from storage.tables import messages
from tests.builders import catch, event, message, process, release, throw, user
from tests.builders import start as begin_at
from tests.cast import CLERK, MEDIATOR

START = json.dumps(
    {
        "schema": {"type": "object", "properties": {}},
        "ui": {"order": [], "fields": {}, "outcomes": []},
    }
)
DONE = {"id": "done", "label": {"zh": "完成", "en": "Done"}}
FORM = json.dumps(
    {
        "schema": {"type": "object", "properties": {}},
        "ui": {"order": [], "fields": {}, "outcomes": [DONE]},
    }
)
ASKING = process(
    "start -> ask -> wait -> end",
    begin_at("start", ld_role="TRIB_CLERK"),
    throw("ask", event("message", "asked")),
    catch("wait", event("message", "answered")),
    root=message("asked", "case.dossier", topic='"无效条款"') + message("answered", "case.dossier"),
)
ANSWERING = process(
    "heard -> advise -> answer -> end",
    begin_at(
        "heard",
        event("message", "asked"),
        ld_role="MEDIATOR",
        ld_org='"shiqiao-committee"',
        ld_result="question",
    ),
    user("advise", ld_role="MEDIATOR"),
    throw("answer", event("message", "answered")),
    id="q",
    root=message("asked", "case.dossier") + message("answered", "case.dossier"),
)

NOTING = process(
    "heard -> advise -> end",
    begin_at("heard", event("message", "asked"), ld_role="MEDIATOR", ld_org='"shiqiao-committee"'),
    user("advise", ld_role="MEDIATOR"),
    id="n",
    root=message("asked", "case.dossier"),
)


@pytest.fixture
def work(desk, store, clock):
    """Does everything that is due, as a worker would."""
    return Worker(desk, store, clock).work_due


@pytest.fixture
def publish(store, desk):
    def add(xml):
        files = {"forms/start.json": START, "forms/advise.json": FORM, "shared/rules.toml": ""}
        plain = {name: text.encode() for name, text in files.items()}
        with store() as opened:
            return opened.add_release(release(xml, plain), "designer", "designer2", desk.clock())

    return add


def cases(store):
    with store() as opened:
        return {
            (case := opened.case(name.removeprefix("case:"))).procedure: case
            for name in opened.streams("case:")
        }


def test_a_message_opens_the_procedure_that_waits_for_it(desk, store, publish, work):
    publish(ASKING), publish(ANSWERING)
    asked = desk.begin(CLERK, "p", {})
    work()
    answering = cases(store)["q"]
    assert answering.dossier == asked.dossier
    assert read_state(answering.state).data["question"] == {"topic": "无效条款"}


def test_a_message_opens_every_procedure_that_waits_for_it(desk, store, publish, work):
    publish(ASKING), publish(ANSWERING), publish(NOTING)
    asked = desk.begin(CLERK, "p", {})
    work(), work()
    assert {case.dossier for case in cases(store).values()} == {asked.dossier}
    assert sorted(cases(store)) == ["n", "p", "q"]


def test_the_answer_finds_its_way_back(desk, store, publish, work):
    publish(ASKING), publish(ANSWERING)
    desk.begin(CLERK, "p", {})
    work()
    desk.answer(MEDIATOR, read_state(cases(store)["q"].state).tasks[0].id, {}, "done")
    work()
    assert {case.status for case in cases(store).values()} == {"ended"}


def test_a_message_for_nobody_becomes_a_hand_over(desk, store, publish, work):
    publish(ASKING)
    desk.begin(CLERK, "p", {})
    work()
    assert list(cases(store)) == ["p"]
    with store() as opened:
        rows = opened.run(sa.select(messages.c.name).where(messages.c.handed_at.is_not(None)))
        assert rows.scalars().all() == ["asked"]


def test_what_a_case_does_not_wait_for_is_refused(desk, store, publish, work):
    publish(ANSWERING), publish(ASKING)
    desk.begin(CLERK, "p", {})
    work()
    with pytest.raises(Conflict, match="not_waiting_for"):
        desk.tell(MEDIATOR, cases(store)["q"].id, "answered", {}, "口头答复")
