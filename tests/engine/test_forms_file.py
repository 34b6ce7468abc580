"""A form file that cannot be used says so before it is published, in two languages."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import engine.forms
from engine.errors import Invalid
from engine.forms import check_form, form_findings, form_of, read_form
from engine.forms.formats import FORMATS
from engine.texts import text

TYPES = Path("bpmn/shared/types.json").read_bytes()
TEXT = {"type": "string", "ui": {"label": {"zh": "甲", "en": "A"}}}


def words(said: str) -> dict[str, str]:
    return {"zh": said, "en": said}


def file(properties: dict[str, Any], **ui: Any) -> bytes:
    ui.setdefault("order", [f"/{name}" for name in properties])
    return json.dumps({"schema": {"type": "object", "properties": properties}, "ui": ui}).encode()


def found(properties: dict[str, Any], **ui: Any) -> list[tuple[str, str]]:
    return [(one.code, one.element) for one in check_form(file(properties, **ui), TYPES)]


def test_a_good_file_has_no_findings() -> None:
    assert found({"a": TEXT}, title=words("x"), outcomes=[{"id": "ok", "label": words("好")}]) == []


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ({**TEXT, "allOf": [{}]}, "form_keyword_unsupported"),
        ({**TEXT, "type": "strin"}, "form_schema_invalid"),
        ({**TEXT, "format": "uri"}, "form_format_unknown"),
        ({**TEXT, "type": "null"}, "form_type_unsupported"),
        ({**TEXT, "type": "object"}, "form_type_unsupported"),
        ({"type": "string"}, "form_label_missing"),
        ({**TEXT, "enum": ["X"]}, "form_option_missing"),
        ({**TEXT, "pattern": "(?=a)"}, "form_pattern_invalid"),
        ({"$ref": "#/$defs/none"}, "form_ref_unknown"),
        ({"$ref": "https://example.org/x"}, "form_ref_unknown"),
        ({**TEXT, "ui": {"label": {"zh": "甲"}}}, "form_label_missing"),
        ({**TEXT, "ui": {**TEXT["ui"], "colour": "red"}}, "form_key_unknown"),
        ({**TEXT, "ui": {**TEXT["ui"], "widget": "slider"}}, "form_widget_unknown"),
        ({**TEXT, "ui": {**TEXT["ui"], "widget": "picker"}}, "form_widget_unknown"),
        ({**TEXT, "ui": {**TEXT["ui"], "widget": "hidden"}}, "form_hidden_without_compute"),
        ({**TEXT, "ui": {**TEXT["ui"], "show": "1 +"}}, "form_expression_invalid"),
        ({**TEXT, "ui": {**TEXT["ui"], "show": "a"}}, "form_cycle"),
        ({**TEXT, "ui": {**TEXT["ui"], "check": "true"}}, "form_key_missing"),
    ],
)
def test_what_is_wrong_with_a_field(schema: dict[str, Any], code: str) -> None:
    assert code in {one for one, _ in found({"a": schema})}


@pytest.mark.parametrize(
    ("ui", "code"),
    [
        ({"order": ["/b"]}, "form_pointer_unknown"),
        ({"order": ["/a", "/a"]}, "form_pointer_twice"),
        ({"order": []}, "form_field_not_drawn"),
        ({"order": "/a"}, "form_shape"),
        ({"order": [{"group": {"zh": "组"}, "order": ["/a"]}]}, "form_label_missing"),
        ({"order": ["/a", {"text": {"zh": "注"}}]}, "form_label_missing"),
        ({"fields": {"/b": {"label": words("b")}}}, "form_pointer_unknown"),
        ({"fields": []}, "form_shape"),
        ({"outcomes": [{"id": "ok"}]}, "form_key_missing"),
        ({"outcomes": [{"id": "ok", "label": {"zh": "好"}}]}, "form_label_missing"),
        ({"outcomes": [{"id": "ok", "label": words("好")}] * 2}, "form_outcome_twice"),
        ({"colour": 1}, "form_key_unknown"),
    ],
)
def test_what_is_wrong_with_the_drawing(ui: dict[str, Any], code: str) -> None:
    assert code in {one for one, _ in found({"a": TEXT}, **ui)}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b'{"schema": 1, "ui": {}}',
        b'{"ui": {}, "ui": {}}',
        b"\xff\xfe",
        b"[" * 99_999,
    ],
)
def test_what_is_no_form_at_all(content: bytes) -> None:
    assert check_form(content, TYPES)[0].level == "error"
    with pytest.raises(Invalid):
        read_form(content, TYPES)


def test_types_in_a_circle_are_refused() -> None:
    content = file({"a": {"$ref": "#/$defs/x"}})
    told = json.loads(content)
    told["schema"]["$defs"] = {"x": {"$ref": "#/$defs/x"}}
    assert [one.code for one in check_form(json.dumps(told).encode())] == ["form_too_deep"]


def test_conditions_in_a_circle_are_named() -> None:
    shown = {"/a": {"show": 'b = "1"'}, "/b": {"show": 'a = "1"'}}
    assert found({"a": TEXT, "b": TEXT}, fields=shown)[0][0] == "form_cycle"


def test_every_code_has_its_sentences_and_every_sentence_its_code() -> None:
    source = "".join(path.read_text("utf-8") for path in Path("engine/forms").glob("*.py"))
    said = tomllib.loads(Path("engine/texts/forms.toml").read_text("utf-8"))
    used = {*re.findall(r'"(form_[a-z_]+)"', source), *FORMATS.values()} - set(engine.forms.__all__)
    told = {code for code in said if code.startswith("form_") and not code.endswith("_hint")}
    assert used == told


def test_a_finding_can_be_read_in_both_languages() -> None:
    wrong = check_form(file({"a": {"type": "string", "ui": {"show": "1 +"}}, "b": {}}), TYPES)
    assert len(wrong) >= 3
    for one in wrong:
        for lang in ("zh", "en"):
            assert text(one.code, lang, one.params)
            assert text(f"{one.code}_hint", lang, one.params)


def test_every_shared_type_can_be_drawn() -> None:
    named = json.loads(TYPES)["$defs"]
    found = check_form(
        file({name: {"$ref": f"shared/types.json#/$defs/{name}"} for name in named}), TYPES
    )
    # A signature alone has nothing to sign.
    assert [(one.code, one.element) for one in found] == [("form_signature_unseen", "/signature")]


def test_a_release_holds_its_forms() -> None:
    files = {"forms/start.json": file({"a": TEXT}), "call/video/forms/join.json": file({"a": TEXT})}
    assert form_of(files, "start") is not None
    assert form_of(files, "call/video/join") is not None
    assert form_of(files, "other") is None


def read(properties: dict[str, Any], *outcomes: str) -> Any:
    drawn = [{"id": name, "label": words(name)} for name in outcomes]
    return read_form(file(properties, outcomes=drawn), TYPES)


@pytest.mark.parametrize(
    "condition",
    [
        'accept.outcome = "aye"',
        'accept.outcome in ("yes", "aye")',
        'a > 1 and "aye" != accept.outcome',
    ],
)
def test_a_condition_asks_for_an_outcome_that_no_form_offers(condition: str) -> None:
    forms = {"accept": read({"a": TEXT}, "yes", "no")}
    wrong = form_findings(forms, [("flow_1", condition), ("flow_2", 'accept.outcome = "no"')])
    assert [(one.code, one.element) for one in wrong] == [("form_outcome_never", "flow_1")]


def test_one_pointer_holds_one_kind_of_value() -> None:
    number = {**TEXT, "type": "number"}
    wrong = form_findings({"one": read({"a": TEXT}), "two": read({"a": number})}, [])
    assert [one.code for one in wrong] == ["form_type_differs"]


def test_a_list_written_whole_keeps_its_columns() -> None:
    def rows(*names: str) -> dict[str, Any]:
        items = {"type": "object", "properties": dict.fromkeys(names, TEXT)}
        return {"type": "array", "items": items, "ui": TEXT["ui"]}

    wrong = form_findings({"one": read({"a": rows("x")}), "two": read({"a": rows("y")})}, [])
    assert [one.level for one in wrong] == ["warning"]
    assert not form_findings(
        {"one": read({"a": rows("x", "id")}), "two": read({"a": rows("y", "id")})}, []
    )
