"""Files of a draft edited piece by piece: what is not touched keeps its bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.authoring import FormSheet, TableSheet, blank_table, drawn, options
from engine.decisions import decide, read_decisions
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


def test_a_field_without_a_name_is_drawn_under_its_path():
    form = sheet("/a", a={"type": "string"})
    assert drawn(form.told, TYPES).fields["/a"].label == {"zh": "/a", "en": "/a"}


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"schema": {"type": 3}, "ui": {"order": []}}'])
def test_what_is_no_form_is_not_taken_apart(content):
    with pytest.raises(Invalid, match="authoring_not_a_form"):
        FormSheet(content)


# Decision tables -------------------------------------------------------------------------------

TABLES = sorted(BPMN.glob("*/*.dmn"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_saying_again_what_a_bundled_table_says_keeps_its_bytes(path):
    table = TableSheet(path.read_bytes())
    table.say({grid.at: cells(grid) for grid in table.grids})
    assert table.content == path.read_bytes()


def cells(grid):
    """What an editor's controls hold for a table."""
    typed = {"hit": grid.policy, "aggregation": grid.aggregation}
    for column in grid.columns:
        typed |= {f"{column.at}.text": column.text, f"{column.at}.label": column.label}
        typed |= {f"{column.at}.values": column.values, f"{column.at}.default": column.default}
    for number, row in enumerate(grid.rows):
        typed |= {f"r{number}.{at}": text for at, text in row.items()}
    return typed


FOREIGN = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:x="urn:other"
  id="d" name="d" namespace="urn:d">
  <!-- kept -->
  <decision id="route" name="route" x:seen="yes">
    <extensionElements><x:tool version="2"/></extensionElements>
    <variable id="v" name="route"/>
    <decisionTable id="t">
      <input id="i"><inputExpression id="ie"><text>amount</text></inputExpression></input>
      <output id="o" name="result"/>
      <rule id="r1"><inputEntry id="c1"><text>&gt; 5</text></inputEntry>
        <outputEntry id="c2"><text>"A"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


def test_what_others_wrote_into_a_table_stays_when_a_cell_is_changed():
    table = TableSheet(FOREIGN)
    table.say({"t0": {"r0.i0": "> 7"}})
    for kept in (b"<!-- kept -->", b'x:seen="yes"', b'<x:tool version="2"/>', b'id="c1"'):
        assert kept in table.content


def test_data_that_a_table_newly_reads_is_declared_and_decides():
    table = TableSheet(FOREIGN)
    table.say({"t0": {"i0.text": "claim.amount"}})
    assert decide(read_decisions(table.content), "route", {"claim": {"amount": 6}}).outputs == "A"
    again = TableSheet(table.content)
    again.say({"t0": {"r0.i0": "> 7"}})
    assert again.content.count(b"<inputData") == 1


def test_rows_are_copied_moved_and_removed():
    table = TableSheet(FOREIGN)
    assert table.add_rule("t0", "r0") == "t0-r1"
    table.say({"t0": {"r1.i0": "<= 5"}})
    assert table.move_rule("t0", "r1", down=False) == "t0-r0"
    assert [row["i0"] for row in table.grids[0].rows] == ["<= 5", "> 5"]
    table.remove_rule("t0", "r1")
    assert [row["i0"] for row in table.grids[0].rows] == ["<= 5"]


def test_a_column_of_legal_bases_joins_every_row_and_a_column_takes_its_cells_along():
    table = TableSheet(FOREIGN)
    table.add_column("t0", "n")
    table.add_column("t0", "i")
    table.say({"t0": {"r0.n0": "S6-9", "i1.text": "kind"}})
    table.move_column("t0", "i1", right=False)
    assert table.grids[0].rows[0] == {"i0": "-", "i1": "> 5", "o0": '"A"', "n0": "S6-9"}
    table.remove_column("t0", "i0")
    assert table.grids[0].rows[0] == {"i0": "> 5", "o0": '"A"', "n0": "S6-9"}


def test_a_new_decision_begins_readable():
    assert read_decisions(blank_table("route")).main.elements.keys() == {"route"}


def test_a_character_that_xml_cannot_hold_is_refused():
    with pytest.raises(Invalid, match="authoring_character"):
        TableSheet(FOREIGN).say({"t0": {"r0.i0": "\x00"}})
