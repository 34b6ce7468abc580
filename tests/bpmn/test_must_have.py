"""Every scenario that must be there is: rules 12.3 by the tag that opens its title, bad input by name."""

from __future__ import annotations

import json

import pytest

from tests.bpmn.test_scenarios import BPMN

TITLES = [
    json.loads(path.read_text("utf-8"))["title"]["zh"] for path in BPMN.glob("*/scenarios/*.json")
]
COUNTED = {"M": 6, "C": 5, "R": 4, "E": 2, "D": 3, "J": 10, "G": 1}
MUST = [f"{area}{number + 1}" for area, last in COUNTED.items() for number in range(last)]
BAD = {
    "applied on day 30": "confirmation/day_thirty",
    "applied on day 31": "confirmation/day_thirty_one",
    "applied on a holiday": "confirmation/c1_last_day_is_holiday",
    "a joint application signed by one side": "confirmation/c2_one_side",
    "adoption content": "confirmation/c4_adoption",
    "remote intake, the court assists and the police do not": "detention_intake/j4_remote_without_approval",
    "remote intake, the court does not assist": "detention_intake/court_declines",
    "a 70-year-old": "detention_intake/j3_age_70",
    "intake at 23:59:59": "detention_intake/admitted_at_last_second",
    "leave across the end date": "detention_exit/leave_across_end",
    "leave on the last day": "detention_exit/leave_refused_then_granted_late",
}
"""The rest is no procedure's: a message for a case that has ended (from an office:
exchange/test_posting; from another case: `term_ended` in the story detention_settled), a table with
a gap (engine/checks/test_check), a corrected calendar (webui/test_admin)."""


@pytest.mark.parametrize("tag", MUST)
def test_a_must_have_scenario_is_told(tag):
    assert any(title.split(" ")[0] == tag for title in TITLES)


@pytest.mark.parametrize("story", BAD.values(), ids=BAD)
def test_bad_input_is_told(story):
    folder, name = story.split("/")
    assert (BPMN / folder / "scenarios" / f"{name}.json").is_file()
