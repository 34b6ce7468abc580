"""Clocks run where the law sets one, and nobody is turned down without hearing of it."""

from __future__ import annotations

import json

import pytest

from engine.checks import check
from tests.builders import clock, end, event, extend, process, script, service, throw, user, xor

RULES = b"""
[answer]
zh = "\xe7\xad\x94\xe5\xa4\x8d"
en = "Answer"
length = 5
unit = "days"
basis = ["S1-1"]
[other]
zh = "x"
en = "x"
length = 5
unit = "days"
basis = ["S1-2"]
optional = { in = "home", zh = "x", en = "x" }
"""


def cites(*refs):
    return "".join(f'<ld:basis ref="{ref}"/>' for ref in refs)


def form(*outcomes):
    label = {"zh": "x", "en": "x"}
    ui = {"order": [], "outcomes": [{"id": one, "label": label} for one in outcomes]}
    return json.dumps({"schema": {"type": "object", "properties": {}}, "ui": ui}).encode()


def found(code, xml, name="p", **forms):
    files = {"process.bpmn": xml, "shared/rules.toml": RULES}
    files |= {f"forms/{name}.json": content for name, content in forms.items()}
    return [one for one in check(files, name) if one.code == code]


def test_a_step_cites_what_sets_a_period_and_nothing_counts_it():
    xml = process("start -> a -> end", user("a", extend(cites("S1-1", "S1-2"))))
    (told,) = found("clock_missing", xml)
    assert (told.element, told.level, told.params["rule"]) == ("a", "warning", "answer")


def test_a_clock_anywhere_in_the_procedure_will_do():
    counted = user("b", extend(clock("answer", starts="enter", ends="done")))
    xml = process("start -> a -> b -> end", user("a", extend(cites("S1-1"))), counted)
    assert not found("clock_missing", xml)


def test_a_period_that_runs_elsewhere_is_missed_at_home_only():
    xml = process("start -> a -> end", user("a", extend(cites("S1-2"))), id="home")
    (told,) = found("clock_missing", xml, "home")
    assert told.params["rule"] == "other"


def test_an_expression_may_name_any_period():
    named = user("a", extend(cites("S1-1") + clock("case.rule", starts="enter")))
    assert not found("clock_missing", process("start -> a -> end", named))


def refused(way, *parts, **attributes):
    steps = (user("a"), user("b"), xor("x", **attributes), *parts)
    return found("refusal_untold", process(way, *steps), a=form("accept", "refuse"))


ASKED = """start -> a -> x -> b if a.outcome = "accept"
x -> over if a.outcome = "refuse"
b -> end"""


def test_a_refusal_that_comes_to_its_end_in_silence_is_told():
    (told,) = refused(ASKED, end("over"))
    assert (told.level, told.params["outcome"]) == ("warning", "refuse")
    assert told.params["end"] == {"zh": "over", "en": "over"}


@pytest.mark.parametrize(
    "tells",
    [
        user("over"),
        service("over", "documents.record"),
        throw("over", event("message", "m")),
        script("over", "1", "x.y").replace('id="over"', 'id="over" name="告知申请人"'),
    ],
    ids=["a person", "a paper", "a message", "its name"],
)
def test_somebody_on_the_way_tells_it(tells):
    assert not refused(f"{ASKED}\nover -> gone", tells, end("gone"))


def test_the_step_itself_may_say_that_it_tells():
    purpose = "<documentation>裁定并送达</documentation>"
    steps = (user("a", purpose), user("b"), xor("x"), end("over"))
    assert not found("refusal_untold", process(ASKED, *steps), a=form("accept", "refuse"))


def test_a_refusal_that_is_left_to_the_default_is_found_too():
    way = 'start -> a -> x -> b if a.outcome = "accept"\nx -> over\nb -> end'
    (told,) = refused(way, end("over"), default="x__over")
    assert told.params["outcome"] == "refuse"
