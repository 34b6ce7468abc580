"""Files of a draft edited piece by piece: what is not touched keeps its bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.authoring import FormSheet, drawn, options
from engine.errors import Invalid

BPMN = Path(__file__).parents[2] / "bpmn"
TYPES = (BPMN / "shared" / "types.json").read_bytes()
WORDS = {"zh": "项目", "en": "Item"}


def sheet(*order, **properties):
    """A form over these properties."""
    schema = {"type": "object", "properties": properties}
    return FormSheet(json.dumps({"schema": schema, "ui": {"order": list(order)}}).encode(), TYPES)


def order(form):
    return form.told["ui"]["order"]


@pytest.mark.parametrize("name", ["accept_referral", "assign_mediator", "start", "draft_agreement"])
def test_saying_again_what_a_bundled_form_says_keeps_its_bytes(name):
    content = (BPMN / "mediation" / "forms" / f"{name}.json").read_bytes()
    form = FormSheet(content, TYPES)
    form.say({line.at: said(line) for line in form.lines})
    assert form.content == content


def said(line):
    """What an editor's controls hold for a line."""
    words = {key: line.told[key] for key in ("label", "help", "group", "text") if key in line.told}
    typed = {f"{key}.{lang}": text for key, both in words.items() for lang, text in both.items()}
    for number, (code, both) in enumerate(options(line) if line.pointer else ()):
        parts = {"code": code, **both}
        typed |= {f"options.{number}.{part}": text for part, text in parts.items()}
    return {**typed, "required": "yes" if line.is_required else "", "type": line.type}


def test_a_field_gets_a_place_in_the_schema_and_leaves_none_behind():
    form = sheet()
    assert form.add("field", "handover.note", "text") == "0"
    assert form.told["schema"]["properties"]["handover"]["properties"]["note"] == {"type": "string"}
    form.remove("0")
    assert form.told["schema"]["properties"] == {}


def test_a_field_walks_into_a_group_and_out_of_it_at_the_other_end():
    form = sheet(
        "/a", {"group": WORDS, "order": ["/b"]}, a={"type": "string"}, b={"type": "string"}
    )
    assert form.move("0", down=True) == "0.0"
    assert order(form)[0]["order"] == ["/a", "/b"]
    assert form.move("0.0", down=True) == "0.1"
    assert form.move("0.1", down=True) == "1"
    assert order(form) == [{"group": WORDS, "order": ["/b"]}, "/a"]


def test_a_field_is_laid_before_another_and_stays_where_nothing_changes():
    form = sheet("/a", "/b", "/c", **{name: {"type": "string"} for name in "abc"})
    assert form.lay_before("0", "2") == "1"
    assert order(form) == ["/b", "/a", "/c"]
    assert form.lay_before("2", "0") == "0"
    assert order(form) == ["/c", "/b", "/a"]


def test_the_fields_of_a_group_outlive_it():
    form = sheet({"group": WORDS, "order": ["/b"]}, b={"type": "string"})
    form.remove("0")
    assert order(form) == ["/b"]


def test_choices_are_told_as_codes_and_words_and_reordered():
    form = sheet("/a", a={"type": "string", "enum": ["X"]})
    typed = {
        "options.0.code": "X",
        "options.1.code": "Y",
        "options.1.zh": "乙",
        "options.1.en": "B",
    }
    form.say({"0": typed})
    form.move_option("0", 1, down=False)
    assert form.told["schema"]["properties"]["a"]["enum"] == ["Y", "X"]
    assert form.told["ui"]["fields"]["/a"]["options"]["Y"] == {"zh": "乙", "en": "B"}


def test_another_type_keeps_what_can_be_chosen():
    form = sheet("/a", a={"type": "string", "enum": ["X"]})
    form.say({"0": {"type": "choices"}})
    assert form.told["schema"]["properties"]["a"]["items"]["enum"] == ["X"]


def test_columns_of_rows_come_and_change_places():
    form = sheet("/a", a={"type": "array", "items": {"type": "object", "properties": {}}})
    form.add_column("0", "name", "text")
    assert form.add_column("0", "copies", "integer") == "0/copies"
    form.move("0/copies", down=False)
    assert [line.at for line in form.lines] == ["0", "0/copies", "0/name"]


def test_what_a_shared_type_says_is_not_said_again():
    form = sheet("/a", a={"$ref": "shared/types.json#/$defs/decline_reason"})
    told = form.lines[0].told["label"]
    form.say({"0": {"label.zh": told["zh"], "label.en": told["en"]}})
    assert "fields" not in form.told["ui"]
    form.say({"0": {"label.zh": "别的", "label.en": told["en"]}})
    assert form.told["ui"]["fields"]["/a"]["label"]["zh"] == "别的"


@pytest.mark.parametrize("path", ["", "a b", "/a/*/b", "a..b"])
def test_a_path_that_leads_nowhere_is_refused(path):
    with pytest.raises(Invalid, match="authoring_path"):
        sheet().add("field", path, "text")


def test_an_unfinished_form_is_drawn_as_far_as_it_goes():
    form = sheet("/a", {"group": {}, "order": []}, {"text": {"zh": "说明"}}, a={"type": "string"})
    form.say({"0": {"label.zh": "甲", "label.en": ""}})
    found = drawn(form.told, TYPES)
    assert found.fields["/a"].label == {"zh": "甲", "en": "甲"}
    assert len(found.items) == 2


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"schema": {"type": 3}, "ui": {"order": []}}'])
def test_what_is_no_form_is_not_taken_apart(content):
    with pytest.raises(Invalid, match="authoring_not_a_form"):
        FormSheet(content)
