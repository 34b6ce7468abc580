"""A scenario says at which line it is wrong, in words, while it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.package import read_package
from engine.scenario.faults import faults, line_of
from engine.texts import text

BPMN = Path(__file__).parent.parent.parent / "bpmn"
STORY = """{
  "title": {"zh": "同意", "en": "Agreed"},
  "start": {"at": "2026-03-02T09:00", "data": {}},
  "steps": [
    {"task": "book_room"},
    {"pass": "P1D"}
  ],
  "expect": {"ended": true, "passed": ["held"]}
}
"""


@pytest.fixture(scope="module")
def files():
    return read_package(BPMN / "video_session")


def test_bundled_scenarios_have_no_fault(files):
    assert faults(STORY, files) == []
    for name in [one for one in files if one.startswith("scenarios/")]:
        assert faults(files[name].decode(), files) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ('"Agreed"},', '"Agreed"}', 3, "scenario_json_comma"),
        ('"P1D"', "P1D", 6, "scenario_json_value"),
        ('"Agreed"}', '"Agreed', 2, "scenario_json_string"),
        ('"en": "Agreed"', '"de": "x"', 2, "scenario_lacks"),
        ('"ended"', '"endet"', 8, "scenario_unknown_key"),
        ("2026-03-02T09:00", "gestern", 3, "scenario_bad_moment"),
        ("P1D", "1 day", 6, "scenario_bad_span"),
        ('"data": {}', '"data": {"x": 1}', 3, "scenario_bad_pointer"),
        ('"data": {}', '"data": 1', 3, "scenario_type"),
        ('"pass"', '"passes"', 6, "scenario_one_kind"),
        ("book_room", "book_rom", 5, "scenario_no_task"),
        ('"book_room"', '"book_room", "outcome": "maybe"', 5, "scenario_no_outcome"),
        ('["held"]', '["hold"]', 8, "scenario_no_element"),
        ('"zh": "同意"', '"zh": ""', 2, "scenario_empty"),
    ],
)
def test_each_fault_is_told_at_its_line(files, old, new, line, code):
    found = faults(STORY.replace(old, new, 1), files)
    assert (line, code) in [(one.line, one.code) for one in found]
    assert all(text(one.code, lang, one.params) for one in found for lang in ("zh", "en"))


def test_the_nearest_name_is_offered(files):
    (one,) = faults(STORY.replace("book_room", "book_rom"), files)
    assert one.params["near"] == "book_room"


@pytest.mark.parametrize("typed", ["", "[" * 100_000, "null", "[1]", '{"steps": 1}', "\ud800"])
def test_whatever_is_typed_is_answered(files, typed):
    assert {one.line for one in faults(typed, files)} == {1}


def test_places_are_found_in_any_layout():
    told = json.dumps({"a": [1, {"b": "x{,"}, []], "c": {"e": [[2]]}}, indent=2)
    at = [line_of(told, pointer) for pointer in ("/a", "/a/1/b", "/c/e/0/0", "/nothing")]
    assert at == [2, 5, 12, 1]
