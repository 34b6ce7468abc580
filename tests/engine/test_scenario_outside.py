"""Stories in which the outside world takes part: effects, messages, lists; and stories written wrongly."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.errors import Invalid
from engine.scenario import find_scenarios
from tests.builders import (
    catch,
    each,
    event,
    message,
    service,
    user,
)
from tests.builders import (
    start as begin,
)
from tests.engine.small_stories import BRANCHING, SHORT, drawn, said, story, tell

NUMBERED = ("start -> number -> file -> end", service("number", result="no", series='"调"'))
FILED = service("file", "documents.record", result="doc", kind='"receipt"')


def test_effects_are_answered_by_themselves() -> None:
    end = {"/no/number": "调〔2026〕1号", "/doc/id": "document-1"}
    assert tell(drawn(*NUMBERED, FILED), ended=True, data=end).failure is None


def test_a_story_may_answer_an_effect_itself() -> None:
    step = {"effect": "file", "result": {"id": "D7"}, "expect": {"passed": ["file"]}}
    assert tell(drawn(*NUMBERED, FILED), step, ended=True, data={"/doc/id": "D7"}).failure is None


def test_answers_may_be_told_once_for_all() -> None:
    played = tell(
        drawn(*NUMBERED, FILED), answers={"number": {"number": "N1"}}, data={"/no/number": "N1"}
    )
    assert played.failure is None


def test_a_failed_effect_is_an_incident_the_story_must_tell() -> None:
    step = {"effect": "file", "error": "disk_full"}
    assert "incident" in said(tell(drawn(*NUMBERED, FILED), step))


HEARING = (
    "start -> wait -> end",
    catch("wait", event("message", "paid"), ld_result="news"),
)
PAID = message("paid", key='"k1"')


def test_a_message_arrives_with_its_payload() -> None:
    step = {"message": "paid", "payload": {"amount": 5}, "expect": {"passed": ["wait"]}}
    assert (
        tell(drawn(*HEARING, root=PAID), step, ended=True, data={"/news/amount": 5}).failure is None
    )


def test_a_message_nobody_waits_for_is_named() -> None:
    wrong = said(tell(drawn(*HEARING, root=PAID), {"message": "paid", "key": "other"}))
    assert "Nothing waits for the message “paid” with the key “other”" in wrong


OPENED = drawn(
    "opened -> wait -> end",
    begin("opened", event("message", "paid"), ld_result="news"),
    user("wait"),
    root=PAID,
)
PAYMENT = {"message": "paid", "payload": {"amount": 5}, "parties": [{"name": "甲"}]}


def test_a_case_may_begin_with_a_message() -> None:
    told = {"/news/amount": 5, "/parties/0/id": "party-1"}
    assert tell(OPENED, start=PAYMENT, ended=False, data=told).failure is None


def test_a_message_that_begins_nothing_is_named() -> None:
    wrong = said(tell(OPENED, start={"message": "sued"}))
    assert "Nothing waits for the message “sued”" in wrong


def test_items_of_a_list_are_done_one_by_one() -> None:
    parties = [{"name": "甲", "side": "A"}, {"name": "乙", "side": "B"}]
    of = drawn(SHORT, user("ask", each("parties", "party")))
    last = {"task": "ask", "item": 1, "expect": {"open": ["ask"]}}
    start = {"data": {"/parties": parties}, "expect": {"open": ["ask", "ask"]}}
    assert tell(of, last, {"task": "ask", "item": 0}, start=start, ended=True).failure is None


def test_each_step_is_judged_by_what_it_passed_itself() -> None:
    start = {"data": {"/amount": 500}, "expect": {"passed": ["big__mediate"]}}
    done = {"task": "mediate", "expect": {"not_passed": ["big__mediate"]}}
    played = tell(drawn(*BRANCHING), done, start=start, ended=True)
    assert played.failure is None
    assert {"big__mediate", "mediate"} <= played.asserted


@pytest.mark.parametrize(
    ("step", "where"),
    [
        ({"task": "ask", "pass": "P1D"}, "/steps/0"),
        ({"tsk": "ask"}, "/steps/0"),
        ({"task": "ask", "data": {"age": 1}}, "/steps/0/data"),
        ({"pass": "3 days"}, "/steps/0/pass"),
        ({"task": "ask", "expect": {"opened": []}}, "/steps/0/expect"),
    ],
)
def test_a_story_written_wrongly_says_where(step: dict[str, Any], where: str) -> None:
    with pytest.raises(Invalid) as refused:
        story(step)
    assert [problem.pointer for problem in refused.value.problems] == [where]


def test_only_the_procedures_own_stories_are_found() -> None:
    told = json.dumps(
        {
            "title": {"zh": "一", "en": "one"},
            "start": {"at": "2026-06-01T09:00"},
            "steps": [],
            "expect": {},
        }
    ).encode()
    files = {"scenarios/a.json": told, "call/video/scenarios/b.json": told, "forms/c.json": b"{}"}
    assert [scenario.name for scenario in find_scenarios(files)] == ["a"]
