"""What the checks say of letters: unknown fields, missing titles, kinds without a template."""

from __future__ import annotations

import pytest

from engine.checks import check
from tests.bpmn.test_scenarios import bundled

GOOD = bundled("objection").files
NAME = "letters/objection_ruling.typ"


def findings(**changed):
    files = {**GOOD, **{name: text for name, text in changed.items() if text}}
    return {(one.code, one.element) for one in check(files, "objection")}


def mended(old, new):
    return GOOD[NAME].decode().replace(old, new).encode()


def test_the_letters_that_come_with_it_are_sound():
    assert findings() == set()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"/hearing"', '"/haering"', "template_field"),
        (', en = "Ruling on an objection"', "", "template_title"),
        ('"S2-372"', '"S99-1"', "citation_not_found"),
        ("//: kind = ", "//: knid = ", "template_head"),
        ("//: title = {", "//: title = [", "template_head"),
        ("//: basis =", '//: tasks = ["nowhere"]\n//: basis =', "template_task"),
    ],
)
def test_what_is_wrong_with_a_head_is_found(old, new, code):
    assert findings(**{NAME: mended(old, new)}) == {(code, "objection_ruling")}


def test_a_recording_without_a_template_is_found():
    files = {name: content for name, content in GOOD.items() if name != NAME}
    found = {(one.code, one.element, one.params["kind"]) for one in check(files, "objection")}
    assert found == {("template_missing", "record_ruling", "objection_ruling")}
