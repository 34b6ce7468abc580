"""Stories are played as people, clocks and the outside world would; a wrong one says where."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from engine.scenario.verdict import same
from tests.builders import (
    boundary,
    clock,
    extend,
    on_clock,
    user,
)
from tests.engine.small_stories import SHORT, WAITING, drawn, said, tell


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


def test_a_moment_is_expected_by_its_words_and_differs_from_anything_else() -> None:
    at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert same("2026-03-02T09:00", at)
    assert not same({"at": "2026-03-02T09:00"}, at)


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
