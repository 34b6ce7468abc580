"""What changed between two versions, in the terms of those who read it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from engine.differences import differences
from engine.package import read_package

BPMN = Path(__file__).parent.parent.parent / "bpmn"


@pytest.fixture(scope="module")
def files():
    return read_package(BPMN / "mediation")


def changed(files, name, *pairs):
    """(kind, part, name, what) of every difference after these replacements in a file."""
    text = files[name].decode()
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after, 1)
    found = differences(files, {**files, name: text.encode()})
    assert {one.file for one in found} <= {name}
    return [(one.kind, one.part, one.name, one.what) for one in found]


def test_nothing_differs_from_itself(files):
    assert differences(files, dict(files)) == ()


def test_files_come_and_go(files):
    without = {name: content for name, content in files.items() if name != "README.md"}
    (gone,) = differences(files, without)
    (new,) = differences(without, files)
    assert (gone.kind, gone.file, new.kind) == ("removed", "README.md", "added")
    assert differences({**files, "shared/x": b"1"}, files) == ()


def test_an_attribute_of_an_element_is_named_with_both_values(files):
    text = (
        files["process.bpmn"]
        .decode()
        .replace('id="accept_referral"', 'ld:person="x" id="accept_referral"', 1)
    )
    (found,) = differences(files, {**files, "process.bpmn": text.encode()})
    assert (found.kind, found.part, found.name, found.what) == (
        "changed",
        "node",
        "accept_referral",
        "person",
    )
    assert found.label["zh"]


def test_an_effect_in_law_that_changes_is_told_in_its_words(files):
    text = (
        files["process.bpmn"]
        .decode()
        .replace('en="The other party may sue', 'en="Nobody may sue', 1)
    )
    (found,) = differences(files, {**files, "process.bpmn": text.encode()})
    assert (found.name, found.what) == ("defaulted", "effects")
    assert found.after.endswith("/ Nobody may sue over the performance of the agreement (S3-32)")


def test_elements_are_added_and_removed(files):
    grown = ("</bpmn:process>", '<bpmn:task id="fresh"/></bpmn:process>')
    grown = (
        grown
        if grown[0].encode() in files["process.bpmn"]
        else ("</process>", '<task id="fresh"/></process>')
    )
    assert changed(files, "process.bpmn", grown) == [("added", "node", "fresh", "")]


def test_layout_alone_is_said_to_be_layout(files):
    moved = re.sub(rb'(Bounds x=")', rb"\g<1>1", files["process.bpmn"], count=1)
    (found,) = differences(files, {**files, "process.bpmn": moved})
    assert (found.kind, found.file) == ("layout", "process.bpmn")
    foreign = (
        files["process.bpmn"]
        .replace(b"<", b"<", 1)
        .replace(b" id=", b' xmlns:y="urn:y" y:z="1" id=', 1)
    )
    assert [one.part for one in differences(files, {**files, "process.bpmn": foreign})] == ["other"]


def test_fields_and_outcomes_of_forms(files):
    name = "forms/accept_referral.json"
    form = json.loads(files[name])
    pointer = next(iter(form["ui"]["fields"]))
    form["ui"]["fields"][pointer]["label"] = {"zh": "另称", "en": "other"}
    form["ui"]["outcomes"][0]["label"] = {"zh": "可", "en": "ok"}
    found = differences(files, {**files, name: json.dumps(form).encode()})
    assert [(one.part, one.name, one.what) for one in found] == [
        ("field", pointer, "label"),
        ("outcome", form["ui"]["outcomes"][0]["id"], "label"),
    ]
    assert found[0].after == "另称 / other"
    same = json.dumps(json.loads(files[name]), indent=3).encode()
    assert [one.kind for one in differences(files, {**files, name: same})] == ["layout"]


def test_rows_of_decisions(files):
    name = "dt_4_risk.dmn"
    text = files[name].decode()
    start, end = text.index("<rule"), text.index("</rule>") + len("</rule>")
    shorter = text[:start] + text[end:]
    found = differences(files, {**files, name: shorter.encode()})
    assert [(one.kind, one.part, one.name) for one in found] == [("removed", "row", "1")]
    assert " | " in found[0].before


def test_steps_of_scenarios_and_lines_of_texts(files):
    name = "scenarios/neighbours_settle.json"
    story = json.loads(files[name])
    story["steps"] = story["steps"][1:]
    found = differences(files, {**files, name: json.dumps(story).encode()})
    assert [(one.kind, one.part, one.name) for one in found] == [("removed", "step", "1")]
    assert changed(files, "README.md", ("\n", "\nx\n")) == [("added", "line", "2", "")]


def test_what_cannot_be_read_is_compared_by_line(files):
    found = differences(files, {**files, "process.bpmn": b"<broken"})
    assert {one.part for one in found} == {"line"}
    assert [one.part for one in differences({"a.png": b"\xff"}, {"a.png": b"\xfe"})] == ["file"]
