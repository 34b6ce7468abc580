"""Stories are played as people, clocks and the outside world would; a wrong one says where."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Invalid
from engine.facts import build_facts
from engine.model import Facts, Release
from engine.scenario import Played, Scenario, find_scenarios, play, read_scenario
from tests.builders import (
    boundary,
    catch,
    clock,
    each,
    event,
    extend,
    message,
    on_clock,
    process,
    release,
    service,
    timer,
    user,
    xor,
)
from tests.builders import (
    start as begin,
)

SHARED = Path(__file__).parents[2] / "bpmn" / "shared"
RULES = {"shared/rules.toml": (SHARED / "rules.toml").read_bytes()}
SHORT = "start -> ask -> end"


@cache
def published() -> Facts:
    return build_facts(SHARED)


def story(
    *steps: dict[str, Any], start: Any = None, answers: Any = None, **expect: Any
) -> Scenario:
    told = {
        "title": {"zh": "故事", "en": "A story"},
        "start": {"at": "2026-06-01T09:00", **(start or {})},
        "steps": list(steps),
        "expect": expect,
        "answers": answers or {},
    }
    return read_scenario(json.dumps(told).encode(), "story")


def drawn(flows: str, *parts: str, root: str = "", **files: bytes) -> Release:
    return release(process(flows, *parts, root=root), {**RULES, **files})


def tell(of: Release, *steps: dict[str, Any], **more: Any) -> Played:
    return play(of, published(), story(*steps, **more))


def said(played: Played) -> str:
    assert played.failure, "it ended as told"
    assert played.failure.say("zh")
    return played.failure.say("en")


def test_a_story_ends_as_told() -> None:
    done = {"task": "ask", "data": {"/dispute/amount": 12.5}, "outcome": "accept"}
    end = {"/dispute/amount": 12.5, "/ask/outcome": "accept", "/missing": None}
    played = tell(drawn(SHORT, user("ask")), done, ended="end", data=end, not_passed=["other"])
    assert played.failure is None
    assert played.inputs == 2


def test_a_wrong_value_is_named_with_both_sides() -> None:
    done = {"task": "ask", "data": {"/amount": 12}}
    wrong = said(tell(drawn(SHORT, user("ask")), done, data={"/amount": 13}))
    assert wrong.startswith("At the end: The data at /amount should be 13; it is 12.")
    assert wrong.endswith("(The way there: start → ask → end)")


def test_an_unfinished_case_says_what_is_open() -> None:
    assert "open tasks: ask" in said(tell(drawn(SHORT, user("ask")), ended=True))


def test_a_task_that_is_not_open_names_those_that_are() -> None:
    wrong = said(tell(drawn(SHORT, user("ask")), {"task": "answer"}))
    assert wrong.startswith("Step 1: The task “answer” is not open; open are: ask.")


def test_a_task_is_done_by_its_role() -> None:
    of = drawn(SHORT, user("ask", ld_role="MEDIATOR"))
    assert "is done by MEDIATOR" in said(tell(of, {"task": "ask", "by": "TRIB_CLERK"}))
    assert tell(of, {"task": "ask", "by": "MEDIATOR"}, ended=True).failure is None


FORM = json.dumps(
    {
        "schema": {
            "type": "object",
            "properties": {"age": {"type": "integer", "minimum": 18}},
            "required": ["age"],
        },
        "ui": {"order": ["/age"], "fields": {"/age": {"label": {"zh": "年龄", "en": "Age"}}}},
    }
).encode()


def test_a_form_judges_stories_as_it_judges_people() -> None:
    of = drawn(SHORT, user("ask"), **{"forms/ask.json": FORM})
    assert "/age" in said(tell(of, {"task": "ask", "data": {"/age": 12}}))
    assert tell(of, {"task": "ask", "data": {"/age": 21}}, ended=True).failure is None


def test_a_story_may_expect_to_be_refused() -> None:
    of = drawn(SHORT, user("ask"), **{"forms/ask.json": FORM})
    refused = {"task": "ask", "data": {"/age": 12}, "expect": {"refused": ["/age"]}}
    assert tell(of, refused, open=["ask"]).failure is None
    taken = {"task": "ask", "data": {"/age": 40}, "expect": {"refused": ["/age"]}}
    assert "should have been refused" in said(tell(of, taken))


WAITING = (
    "start -> ask -> end\nlate -> lapsed",
    user("ask"),
    boundary("late", "ask", timer("P3D")),
    '<endEvent id="lapsed"/>',
)


def test_time_passes_and_timers_fire_at_their_time() -> None:
    early = {"pass": "P2D", "expect": {"open": ["ask"], "timers": {"late": "2026-06-04T09:00"}}}
    played = tell(drawn(*WAITING), early, {"pass": "P2D"}, ended="lapsed", not_passed=["end"])
    assert played.failure is None


def test_a_task_done_at_the_very_end_comes_too_late() -> None:
    wrong = said(tell(drawn(*WAITING), {"task": "ask", "at": "2026-06-04T09:00"}))
    assert "The task “ask” is not open" in wrong


def test_a_task_done_a_minute_before_is_in_time() -> None:
    done = {"task": "ask", "after": "P2DT23H59M"}
    assert tell(drawn(*WAITING), done, ended="end").failure is None


CLOCKED = (
    "start -> ask -> end\nlate -> lapsed",
    user("ask", extend(clock("mediate_before_filing", starts="enter", ends="done"))),
    boundary("late", "ask", on_clock("mediate_before_filing")),
    '<endEvent id="lapsed"/>',
)


def test_a_clock_is_expected_by_its_last_day_or_its_state() -> None:
    running = {"clocks": {"mediate_before_filing": "2026-07-01"}}
    played = tell(
        drawn(*CLOCKED),
        {"pass": "P1D", "expect": running},
        {
            "clock": "mediate_before_filing",
            "do": "extend",
            "until": "2026-07-10T12:00",
        },
        {"task": "ask", "at": "2026-07-09T10:00"},
        ended="end",
        clocks={"mediate_before_filing": "ended"},
    )
    assert played.failure is None


def test_a_corrected_calendar_moves_a_running_clock() -> None:
    played = tell(
        drawn(*CLOCKED),
        {
            "days": {"2026-07-01": "off"},
            "expect": {"clocks": {"mediate_before_filing": "2026-07-02"}},
        },
        {"to": "2026-07-01T23:59", "expect": {"open": ["ask"]}},
        {"to": "2026-07-03T00:00"},
        ended="lapsed",
    )
    assert played.failure is None


NUMBERED = ("start -> number -> file -> end", service("number", result="no", series='"调"'))
FILED = service("file", "documents.record", result="doc", kind='"receipt"')


def test_effects_are_answered_by_themselves() -> None:
    end = {"/no/number": "调2026-00001", "/doc/id": "document-1"}
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


BRANCHING = (
    """start -> big
    big -> mediate if amount > 100
    big -> advise
    mediate -> end
    advise -> end""",
    xor("big", default="big__advise"),
    user("mediate"),
    user("advise"),
)


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
