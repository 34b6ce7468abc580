"""A case sees the settings of its organisation, of the day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

from engine.clocks import compute, read_rules
from engine.facts import Where, build_facts, with_setting
from engine.model import Facts
from engine.workdays import local_day
from tests.builders import BEGIN, clock, extend, process, release, script, user
from tests.playing import Played

SHARED = Path(__file__).parents[3] / "bpmn" / "shared"
RULES = (SHARED / "rules.toml").read_bytes()
ASKING = release(
    process(
        "start -> days -> ask -> again -> end",
        script("days", "settings.supplement_days"),
        user("ask", extend(clock("supplement_materials", starts="enter"))),
        script("again", "settings.supplement_days"),
    ),
    {"shared/rules.toml": RULES},
)
PROVINCE = Where("province", "50", since=date(2026, 1, 1), until=date(2026, 3, 31))


@cache
def policy() -> Facts:
    return build_facts(SHARED)


def started(facts: Facts, area: str) -> Played:
    return Played(ASKING, facts).start(case={"org": "o1", "area": area})


def test_a_case_sees_the_setting_of_its_province() -> None:
    facts = with_setting(policy(), "supplement_days", 9, PROVINCE)
    assert started(facts, "500100").data["days"] == 9
    assert started(facts, "530100").data["days"] == 5


def test_a_period_has_the_length_of_the_day_it_starts() -> None:
    facts = with_setting(policy(), "supplement_days", 9, PROVINCE)
    case = started(facts, "500100")
    nine = compute(read_rules(RULES)["supplement_materials"], BEGIN, policy(), length=9)
    assert case.last.clocks[0].due == nine.due_at


def test_the_next_input_sees_what_holds_on_its_own_day() -> None:
    case = started(with_setting(policy(), "supplement_days", 9, PROVINCE), "500100")
    case.now += timedelta(days=40)
    case.do("ask")
    assert local_day(case.now) > PROVINCE.until
    assert case.data["again"] == 5
