"""A story in the making: steps are taken, taken back, replaced, and become a scenario that plays."""

from __future__ import annotations

import json

import pytest

from engine.errors import Invalid
from engine.scenario import Rehearsal, play, read_scenario, stand
from engine.scenario.rehearsal import written
from engine.scenario.telling import begin, complete
from tests.builders import boundary, event, service, user
from tests.engine.small_stories import SHORT, WAITING, drawn, published

START = {"at": "2026-06-01T09:00"}
AGE = {"age": {"type": "integer", "minimum": 18}, "born": {"type": "string", "format": "date"}}
LABELS = {f"/{name}": {"label": {"zh": "问", "en": "ask"}} for name in AGE}
FORM = json.dumps(
    {
        "schema": {"type": "object", "properties": AGE, "required": ["age"]},
        "ui": {"order": ["/age", "/born"], "fields": LABELS},
    }
).encode()
ASKING = drawn(SHORT, user("ask"), **{"forms/ask.json": FORM})
NUMBERED = drawn(
    "start -> number -> ask -> end\nbroken -> lost",
    service("number", series='"review"', result="number"),
    boundary("broken", "number", event("error", "down")),
    user("ask"),
    '<endEvent id="lost"/>',
    root='<error id="down" errorCode="DOWN"/>',
)


def after(release, *steps, **world):
    tried = Rehearsal.begin(START, **world)
    for step in steps:
        tried = tried.add(step)
    return tried, stand(release, published(), tried.story(), tried.at)


def test_what_is_typed_becomes_the_step_that_tells_it():
    _, found = after(ASKING)
    task = found.player.case.outcome.tasks[0]
    step = complete(found.player, task, {"/age": ["21"], "/born": ["2005-01-02"]}, "")
    assert step == {"task": "ask", "data": {"/age": 21, "/born": "2005-01-02"}}
    with pytest.raises(Invalid):
        complete(found.player, task, {"/age": ["12"]}, "")


def test_it_stands_where_its_steps_led_and_says_what_each_caused():
    _, found = after(ASKING, {"task": "ask", "data": {"/age": 21}})
    assert found.player.case.outcome.ended
    assert [line.place.element for line in found.taken[1].found.trace if line.what == "done"] == [
        "ask",
        "end",
    ]
    assert written(found)["/age"] == 21


def test_what_was_taken_back_can_be_taken_again():
    tried, _ = after(drawn(*WAITING), {"pass": "P3D"})
    back = tried.go(0)
    assert stand(drawn(*WAITING), published(), back.story(), back.at).player.case.outcome.tasks
    assert back.go(9) == tried


def test_the_same_step_done_otherwise_keeps_what_followed():
    tried, _ = after(ASKING, {"task": "ask", "data": {"/age": 21}}, {"pass": "P1D"})
    again = tried.go(0).add({"task": "ask", "data": {"/age": 40}})
    assert again.steps == [{"task": "ask", "data": {"/age": 40}}, {"pass": "P1D"}]
    assert tried.go(0).add({"pass": "P2D"}).steps == [{"pass": "P2D"}]


def test_a_step_that_no_longer_fits_leaves_the_case_before_it():
    tried, _ = after(ASKING, {"task": "ask", "data": {"/age": 21}}, {"pass": "P1D"})
    other = drawn("start -> sign -> end", user("sign"))
    found = stand(other, published(), tried.story(), tried.at)
    assert found.stuck.step == 1
    assert "“ask” is not open" in found.stuck.say("en")
    assert [task.place.element for task in found.player.case.outcome.tasks] == ["sign"]
    assert tried.leave_out(1).steps == [{"pass": "P1D"}]


def test_an_effect_waits_where_the_story_says_so_and_fails_where_it_is_told_to():
    tried, found = after(NUMBERED, waits=["numbers.next"])
    effect = found.player.case.outcome.effects[0]
    assert found.usual(effect)["counter"] == 1
    failed = tried.add({"effect": "number", "error": "DOWN"})
    assert stand(NUMBERED, published(), failed.story(), 1).player.case.outcome.ended


def test_an_effect_whose_answer_was_taken_back_waits_again():
    tried, found = after(NUMBERED, {"effect": "number", "error": "DOWN"})
    assert found.player.case.outcome.ended
    back = tried.go(0).add({"pass": "P1D"})
    found = stand(NUMBERED, published(), back.story(), back.at)
    assert [effect.operation for effect in found.player.case.outcome.effects] == ["numbers.next"]


def test_it_becomes_a_scenario_that_ends_as_it_stood():
    tried, found = after(ASKING, {"task": "ask", "data": {"/age": 21, "/born": "2005-01-02"}})
    told = tried.concluded(found, {"zh": "成年", "en": "Of age"}, {"/born", "messages"})
    assert told["expect"] == {"ended": "end", "messages": [], "data": {"/born": "2005-01-02"}}
    played = play(ASKING, published(), read_scenario(json.dumps(told).encode()))
    assert played.failure is None


def test_what_a_taken_up_scenario_expected_stays_only_where_it_is_so():
    held = {"task": "ask", "data": {"/age": 21}, "expect": {"passed": ["end"]}}
    broken = {**held, "expect": {"passed": ["other"]}}
    for step, kept in ((held, [held]), (broken, [{"task": "ask", "data": {"/age": 21}}])):
        tried, found = after(ASKING, step)
        assert tried.concluded(found, {"zh": "成年", "en": "Of age"}, ())["steps"] == kept


def test_an_incident_becomes_an_expectation():
    tried, found = after(NUMBERED, {"effect": "number", "error": "GONE"})
    told = tried.concluded(found, {"zh": "没有号", "en": "No number"}, ())
    code = told["steps"][0]["expect"]["incident"]
    assert told["expect"]["incident"] == code
    assert told["expect"]["effects"] == ["numbers.next"]
    played = play(NUMBERED, published(), read_scenario(json.dumps(told).encode()))
    assert played.failure is None


def test_what_lies_ahead_is_not_told_but_still_waited_for():
    tried, _ = after(NUMBERED, {"pass": "PT1H"}, {"effect": "number", "error": "DOWN"})
    back = tried.go(1)
    found = stand(NUMBERED, published(), back.story(), back.at)
    told = back.concluded(found, {"zh": "等号", "en": "Waiting"}, ())
    assert told["steps"] == [{"pass": "PT1H"}]
    assert play(NUMBERED, published(), read_scenario(json.dumps(told).encode())).failure is None


def test_settings_may_be_otherwise_from_the_start():
    tried = Rehearsal.begin({**START, "settings": {"warning_red_hours": 9}})
    found = stand(ASKING, published(), tried.story(), 0)
    seen = found.player.seen(found.player.case.outcome.tasks[0])
    assert seen["settings"]["warning_red_hours"] == 9


def test_the_start_form_is_told_too():
    asked = drawn(SHORT, user("ask"), **{"forms/start.json": FORM})
    found = stand(asked, published(), Rehearsal.begin(START).story(), 0)
    assert found.stuck.step == 0
    assert begin(found.player, {"/age": ["30"]}) == {"data": {"/age": 30}}
