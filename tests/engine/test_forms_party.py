"""What a party does of a form, what a signature signs, and what keeps such a form from publication."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from engine.errors import Invalid
from engine.forms import accept, check_form, lay_in, party_form, read_form, signed_text, submit
from engine.forms.signing import text_digest

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SAID = {"zh": "甲", "en": "A"}
CASE = {"terms": [{"what": "清淤", "sum": 3}], "visitor": {"id": "p-1", "agent": False}}
TABLE = {"table": "terms", "label": SAID, "columns": [{"key": "what", "label": SAID}]}


def form_file(party, order=(TABLE,), **fields):
    """A form of strings, one signature ``mark``, and rows of what each party says."""
    mark = {"type": "object", "format": "signature"}
    row = {"party": {"type": "string"}, "says": {"type": "string"}}
    rows = {"type": "array", "items": {"type": "object", "properties": row, "required": ["says"]}}
    properties = {"choice": {"type": "string", "enum": ["YES", "NO", "UNHEARD"]}}
    properties |= {"who": {"type": "string"}, "mark": mark, "each": rows}
    options = {"YES": SAID, "NO": SAID, "UNHEARD": SAID}
    names = {"/sign/each/*/party": {"label": SAID}, "/sign/each/*/says": {"label": SAID}}
    told = {f"/sign/{name}": {"label": SAID, **fields.get(name, {})} for name in properties}
    told["/sign/choice"]["options"] = options
    ui = {"order": [*order, *(f"/sign/{name}" for name in properties)], "fields": told | names}
    sign = {"type": "object", "properties": properties, "required": ["choice", "who"]}
    schema = {"type": "object", "properties": {"sign": sign}}
    return json.dumps({"schema": schema, "ui": ui | ({"party": party} if party else {})}).encode()


SIGNS = {
    "order": ["/sign/choice", "/sign/mark"],
    "given": {"/sign/who": "visitor.id"},
    "offer": {"/sign/choice": ["YES", "NO"]},
}


def mark(form, context=CASE):
    """A signature on the pad under what the form says over this case."""
    made = {"digest": "a" * 64, "name": "签名.svg", "type": "image/svg+xml", "size": 9}
    return {**made, "how": "PAD", "signed": text_digest(form, context)}


def signing(**typed):
    theirs = party_form(read_form(form_file(SIGNS)))
    given = {"/sign/mark": mark(theirs), "/sign/choice": "YES", **typed}
    raw = {name: [v if isinstance(v, str) else json.dumps(v)] for name, v in given.items()}
    return submit(theirs, raw, CASE, NOW, "").values


def problems(**typed):
    with pytest.raises(Invalid) as refused:
        signing(**typed)
    return {problem.pointer: problem.code for problem in refused.value.problems}


def test_a_party_fills_in_what_is_theirs_and_the_rest_is_worked_out():
    values = signing()
    assert set(values) == {"/sign/choice", "/sign/who", "/sign/mark"}
    assert values["/sign/who"] == "p-1"


def test_the_time_of_a_signature_is_the_servers():
    assert signing()["/sign/mark"]["at"].isoformat() == "2026-03-02T09:00:00+08:00"


def test_a_party_cannot_write_what_is_worked_out_for_them():
    assert signing(**{"/sign/who": "somebody else"})["/sign/who"] == "p-1"


def test_a_party_cannot_choose_what_is_not_offered_or_fill_in_what_is_not_theirs():
    assert problems(**{"/sign/choice": "UNHEARD"}) == {"/sign/choice": "form_not_offered"}
    assert problems(**{"/sign/each/0/says": "x"}) == {"/sign/each/0/says": "form_unknown_field"}


def test_a_party_must_sign_and_what_is_signed_must_be_what_stands_there():
    assert problems(**{"/sign/mark": ""}) == {"/sign/mark": "form_missing"}
    form = read_form(form_file(SIGNS))
    old = mark(form, {"terms": [{"what": "赔偿"}]})
    assert problems(**{"/sign/mark": old}) == {"/sign/mark": "form_signed_text_changed"}
    assert problems(**{"/sign/mark": {"how": "PAD"}}) == {"/sign/mark": "form_not_signed"}


def test_staff_may_take_a_signature_on_the_same_form_or_none():
    form = read_form(form_file(SIGNS))
    given = {"/sign/choice": "UNHEARD", "/sign/who": "p-1"}
    assert "/sign/mark" not in accept(form, given, CASE, NOW, "").values
    assert accept(form, given | {"/sign/mark": mark(form)}, CASE, NOW, "").values["/sign/mark"]


def test_the_text_signed_is_the_same_on_both_pages_and_can_be_read():
    form = read_form(form_file(SIGNS))
    assert signed_text(form, CASE) == signed_text(party_form(form), CASE)
    assert json.loads(signed_text(form, CASE))["text"][0]["rows"] == [["清淤"]]


def test_one_row_of_a_list_is_a_partys_and_lies_in_staffs_fields():
    form = read_form(form_file({"rows": "/sign/each", "order": ["says"]}))
    row = submit(party_form(form), {"/row/says": ["好"]}, CASE, NOW, "").values
    assert row == {"/row/party": "p-1", "/row/says": "好"}
    raw = {"/sign/each/0/party": ["p-2"], "/sign/each/0/says": ["不"]}
    laid = lay_in(form, raw, {"party": "p-1", "says": "好"})
    assert laid["/sign/each/1/says"] == ["好"]
    assert lay_in(form, laid, {"party": "p-1", "says": "行"})["/sign/each/1/says"] == ["行"]


@pytest.mark.parametrize(
    ("party", "order", "code"),
    [
        ({"order": ["/sign/choice"]}, (TABLE,), "form_party_incomplete"),
        (SIGNS | {"order": ["/sign/nothing"]}, (TABLE,), "form_party_unknown"),
        (SIGNS | {"offer": {"/sign/choice": ["MAYBE"]}}, (TABLE,), "form_option_missing"),
        ({"rows": "/sign/who", "order": ["says"]}, (TABLE,), "form_party_rows"),
        (SIGNS, (), "form_signature_unseen"),
    ],
)
def test_a_part_that_is_not_whole_is_not_published(party, order, code):
    assert code in {one.code for one in check_form(form_file(party, order))}
