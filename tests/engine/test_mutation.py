"""Coverage names what no story passes; mutation names what no story would notice."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.coverage import coverage
from engine.errors import Invalid
from engine.model import Release
from engine.mutation import Verdict, mutants, mutate
from engine.scenario import Scenario, play
from tests.builders import (
    boundary,
    condition,
    handler,
    process,
    release,
    rule,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.engine.small_stories import BRANCHING, WAITING, drawn, published, story, tell

TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
  namespace="test"><inputData id="i" name="amount"><variable name="amount" typeRef="number"/></inputData>
  <decision id="dt_size" name="dt_size"><variable name="dt_size"/>
  <informationRequirement><requiredInput href="#i"/></informationRequirement>
  <decisionTable hitPolicy="FIRST"><input><inputExpression><text>amount</text></inputExpression></input>
  <output name="size"/>
  <rule id="large"><inputEntry><text>&gt; 100</text></inputEntry>
  <outputEntry><text>"L"</text></outputEntry></rule>
  <rule id="small"><inputEntry><text>-</text></inputEntry><outputEntry><text>"S"</text></outputEntry></rule>
  </decisionTable></decision></definitions>"""
DECIDING = ("start -> size -> end", rule("size", "dt_size", "size"))


def amount(value: int, **expect: object) -> Scenario:
    return story(start={"data": {"/amount": value}}, **expect)


def missing(of: Release, *stories: Scenario) -> dict[str, tuple[str, ...]]:
    found = coverage(of, [play(of, published(), one) for one in stories])
    return {kind: ids for kind, ids in found.missing.items() if ids}


def survivors(of: Release, stories: Sequence[Scenario]) -> list[str]:
    return [v.mutant.element for v in mutate(of, published(), stories) if v.survived]


def test_coverage_names_the_arm_that_no_story_takes() -> None:
    of = drawn(*BRANCHING)
    played = tell(of, {"task": "advise"}, ended=True)
    found = coverage(of, [played])
    assert found.missing["nodes"] == ("mediate",)
    assert found.missing["arms"] == ("big__mediate",)
    assert (found.passed("arms"), found.total["arms"], found.is_complete) == (1, 2, False)


def test_two_stories_cover_both_arms() -> None:
    of = drawn(*BRANCHING)
    large = story({"task": "mediate"}, start={"data": {"/amount": 500}})
    assert missing(of, large, story({"task": "advise"})) == {}


def test_a_boundary_that_never_fires_is_missing() -> None:
    assert missing(drawn(*WAITING), story({"task": "ask"}))["boundaries"] == ("late",)


def test_a_rule_that_never_decides_is_missing() -> None:
    of = drawn(*DECIDING, **{"dt_size.dmn": TABLE})
    assert missing(of, amount(500)) == {"rules": ("dt_size.dmn: small",)}
    assert missing(of, amount(500), amount(5)) == {}


def test_stories_that_look_at_the_way_notice_a_negated_condition() -> None:
    large = story({"task": "mediate"}, start={"data": {"/amount": 500}}, ended=True)
    assert survivors(drawn(*BRANCHING), [large]) == []


def test_a_story_that_looks_at_nothing_lets_mistakes_live() -> None:
    assert survivors(drawn(*BRANCHING), [story(start={"data": {"/amount": 500}})]) == [
        "big__mediate"
    ]


def test_a_dropped_boundary_is_noticed_only_by_who_waits_for_it() -> None:
    of = drawn(*WAITING)
    assert survivors(of, [story({"task": "ask"}, ended=True)]) == ["late"]
    assert survivors(of, [story({"pass": "P4D"}, ended="lapsed")]) == []


def test_a_dropped_rule_is_noticed_by_its_result() -> None:
    of = drawn(*DECIDING, **{"dt_size.dmn": TABLE})
    told = [amount(500, data={"/size": "L"}), amount(5, ended=True)]
    assert survivors(of, told) == ["small"]


def test_a_dropped_handler_is_noticed() -> None:
    begun = start("over_start", timer("P1D"), isInterrupting="true")
    of = drawn("start -> ask -> end", user("ask"), handler("over", "over_start -> over_end", begun))
    assert survivors(of, [story({"pass": "P2D"}, ended="over_end")]) == []


def test_sub_processes_and_handlers_can_be_covered() -> None:
    begun = start("over_start", timer("P1D"), isInterrupting="true")
    over = handler("over", "over_start -> over_end", begun)
    inside = sub("inner", "start -> ask -> end", user("ask"))
    of = drawn("start -> inner -> end", inside, over)
    assert missing(of, story({"task": "ask"}, ended=True), story({"pass": "P2D"})) == {}


def test_what_only_a_dropped_boundary_led_to_goes_with_it() -> None:
    [dropped] = mutants(drawn(*WAITING))
    assert b"lapsed" not in dropped.release.files["process.bpmn"]
    assert play(dropped.release, published(), story({"task": "ask"}, ended=True)).failure is None


def test_a_conditional_event_is_negated() -> None:
    early = boundary("early", "ask", condition("amount > 100"))
    xml = process(
        "start -> ask -> end\nearly -> other", user("ask"), early, '<endEvent id="other"/>'
    )
    assert [(m.kind, m.element) for m in mutants(release(xml))] == [
        ("negate", "early"),
        ("drop_boundary", "early"),
    ]


def test_stories_must_hold_before_they_are_tried() -> None:
    with pytest.raises(Invalid, match="mutation_needs_green"):
        next(mutate(drawn(*WAITING), published(), [story(ended=True)]))


def test_a_verdict_names_its_killer() -> None:
    [verdict] = mutate(drawn(*WAITING), published(), [story({"pass": "P4D"}, ended="lapsed")])
    assert verdict == Verdict(verdict.mutant, "story")


def test_a_gateway_that_nobody_reaches_is_not_played_again() -> None:
    gate = xor("big", default="big__b")
    of = drawn(
        "start -> ask -> big\nbig -> a if amount > 1\nbig -> b",
        user("ask"),
        gate,
        user("a"),
        user("b"),
    )
    assert survivors(of, [story(open=["ask"])]) == ["big__a"]
