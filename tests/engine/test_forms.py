"""A form is judged whole: what is shown, needed, computed, chosen; rows, files and outcomes."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import Invalid
from engine.forms import accept, filled, read_form, references, shown, submit
from tests.engine.small_forms import (
    LOCAL,
    MONEY,
    NOW,
    TEXT,
    code,
    form_with,
    refused,
    shared,
    typed,
    words,
)

DIGEST = "ab" * 32


def test_everything_wrong_is_said_at_once_in_the_order_drawn() -> None:
    form = form_with(
        {"a": TEXT, "b": MONEY, "c": {"type": "string", "format": "date"}}, required=["a"]
    )
    with pytest.raises(Invalid) as refusal:
        submit(form, {"/c": ["x"], "/b": ["y"]}, {}, NOW, None)
    assert [p.pointer for p in refusal.value.problems] == ["/a", "/b", "/c"]


def test_a_hidden_field_is_dropped_even_if_sent() -> None:
    form = form_with(
        {"kind": TEXT, "x": TEXT}, fields={"/x": {"show": 'kind = "A"'}}, required=["x"]
    )
    assert "/x" not in submit(form, {"/kind": ["B"], "/x": ["forged"]}, {}, NOW, None).values
    assert submit(form, {"/kind": ["A"], "/x": ["said"]}, {}, NOW, None).values["/x"] == "said"


def test_hidden_is_null_to_the_next_condition() -> None:
    form = form_with(
        {"a": TEXT, "b": TEXT, "c": TEXT},
        fields={"/b": {"show": 'a = "1"'}, "/c": {"show": 'b = "1"'}},
    )
    raw = {"/a": ["2"], "/b": ["1"], "/c": ["1"]}
    assert submit(form, raw, {}, NOW, None).values == {"/a": "2"}


def test_a_computed_field_is_computed_whatever_is_sent() -> None:
    form = form_with({"a": MONEY, "fee": MONEY}, fields={"/fee": {"compute": "a * 0.015"}})
    sent = {"/a": ["1000"], "/fee": ["0.01"]}
    assert submit(form, sent, {}, NOW, None).values["/fee"] == Decimal("15.00")


def test_an_unknown_name_is_refused() -> None:
    form = form_with({"a": TEXT})
    assert refused(form, {"/a": ["1"], "/case/org": ["x"]}) == {"/case/org": "form_unknown_field"}


def test_required_under_a_condition() -> None:
    form = form_with({"a": TEXT, "b": TEXT}, fields={"/b": {"require": 'a = "x"'}})
    assert refused(form, {"/a": ["x"]}) == {"/b": "form_missing"}
    assert submit(form, {"/a": ["y"]}, {}, NOW, None).values == {"/a": "y"}


OUTCOMES = [
    {"id": "accept", "label": words("受理")},
    {"id": "decline", "label": words("退回"), "kind": "danger", "skip_required": True},
    {
        "id": "urgent",
        "label": words("加急"),
        "requires": "amount > 100",
        "refusal": {"zh": "金额不足", "en": "too little"},
    },
]


def outcome_form() -> Any:
    return form_with(
        {"amount": MONEY, "reason": TEXT, "sure": shared("acknowledged")},
        fields={"/reason": {"require": 'outcome = "decline"'}},
        required=["amount"],
        outcomes=OUTCOMES,
    )


def test_an_outcome_decides_what_is_needed() -> None:
    assert refused(outcome_form(), {}, "accept") == {
        "/amount": "form_missing",
        "/sure": "form_must_be",
    }
    assert refused(outcome_form(), {"/amount": ["x"]}, "decline") == {"/amount": "form_not_number"}
    done = submit(outcome_form(), {}, {}, NOW, "decline")
    assert (done.outcome, done.values) == ("decline", {"/sure": False})


def test_an_outcome_may_be_refused_with_its_own_words() -> None:
    with pytest.raises(Invalid) as refusal:
        submit(outcome_form(), {"/amount": ["5"], "/sure": ["true"]}, {}, NOW, "urgent")
    assert refusal.value.problems[0].params == {"say_zh": "金额不足", "say_en": "too little"}


@pytest.mark.parametrize("outcome", ["approve", "", None, "a" * 9000])
def test_a_wrong_outcome_is_refused(outcome: str | None) -> None:
    assert refused(outcome_form(), {"/amount": ["5"]}, outcome)[""] == "form_outcome_unknown"


def test_no_outcome_where_the_form_has_none() -> None:
    assert refused(form_with({"a": TEXT}), {}, "accept") == {"": "form_outcome_unknown"}


def parties(**row: str) -> dict[str, list[str]]:
    told = {"side": "A", "kind": "NATURAL", "name": "杨桂英", **row}
    return {f"/parties/7/{key}": [value] for key, value in told.items()}


def test_rows_close_their_gaps_and_lose_the_empty_ones() -> None:
    form = form_with({"parties": shared("parties")})
    raw = {**parties(), "/parties/2/name": [" "], "/parties/2/phone": [""]}
    rows = submit(form, raw, {}, NOW, None).values["/parties"]
    assert rows == [{"side": "A", "kind": "NATURAL", "name": "杨桂英"}]


def test_a_row_has_its_own_conditions_and_formats() -> None:
    form = form_with({"parties": shared("parties")})
    bad = parties(id_type="ID_CARD", id_no="123", phone="1")
    assert refused(form, bad) == {
        "/parties/0/id_no": "form_format_id_card",
        "/parties/0/phone": "form_format_phone",
    }
    assert submit(form, parties(id_type="OTHER", id_no="123"), {}, NOW, None)


def test_a_row_keeps_what_this_form_does_not_ask() -> None:
    form = form_with({"parties": shared("parties")})
    context = {
        "parties": [{"id": "p1", "side": "A", "kind": "NATURAL", "name": "旧", "minor": True}]
    }
    row = submit(form, parties(id="p1"), context, NOW, None).values["/parties"][0]
    assert (row["name"], row["minor"]) == ("杨桂英", True)


def test_a_row_of_another_case_is_refused() -> None:
    form = form_with({"parties": shared("parties")})
    assert refused(form, parties(id="p9")) == {"/parties/0/id": "form_row_unknown"}


def test_too_many_rows_are_refused_before_they_cost_anything() -> None:
    form = form_with({"parties": shared("parties")})
    raw = {f"/parties/{n}/name": ["x"] for n in range(61)}
    assert refused(form, raw)["/parties"] == "form_too_many"


def test_one_row_is_needed() -> None:
    assert refused(form_with({"parties": shared("parties")}), {}) == {"/parties": "form_too_few"}


def test_options_come_from_the_case() -> None:
    form = form_with({"who": TEXT}, fields={"/who": {"options": "parties"}})
    context = {"parties": [{"id": "p1", "name": "甲"}, {"id": "p2", "name": "乙"}]}
    assert submit(form, {"/who": ["p2"]}, context, NOW, None).values == {"/who": "p2"}
    assert refused(form, {"/who": ["p3"]}, context=context) == {"/who": "form_not_offered"}
    assert [c.value for c in shown(form, {}, context, NOW).choices["/who"]] == ["p1", "p2"]


def test_boxes_ticked() -> None:
    schema = {"type": "array", "items": {"type": "string", "enum": ["A", "B"]}, "uniqueItems": True}
    form = form_with({"x": schema}, fields={"/x": {"options": {"A": words("a"), "B": words("b")}}})
    assert submit(form, {"/x": ["A", "B"]}, {}, NOW, None).values == {"/x": ["A", "B"]}
    assert submit(form, {}, {}, NOW, None).values == {"/x": []}
    assert refused(form, {"/x": ["C"]}) == {"/x": "form_not_offered"}
    assert refused(form, {"/x": ["A", "A"]}) == {"/x": "form_said_twice"}


def test_unanswered_is_not_no() -> None:
    assert typed({"type": "boolean"}, "") is None
    assert typed({"type": "boolean"}, "false") is False
    assert code({"type": "boolean"}, "maybe") == "form_not_offered"
    assert code(shared("acknowledged"), "") == "form_must_be"


def test_a_file_is_its_digest_name_size_and_type() -> None:
    told = {"digest": DIGEST, "name": "借条.pdf", "size": 12, "type": "application/pdf"}
    assert typed(shared("file"), json.dumps(told)) == {**told, "size": Decimal(12)}
    assert code(shared("file"), json.dumps({**told, "digest": "../../etc"})) == "form_not_file"
    assert code(shared("file"), "{") == "form_not_file"


def test_clearing_writes_null_and_leaving_empty_writes_nothing() -> None:
    assert submit(form_with({"x": TEXT}), {"/x": [""]}, {"x": "was"}, NOW, None).values == {
        "/x": None
    }
    assert submit(form_with({"x": TEXT}), {"/x": [""]}, {}, NOW, None).values == {}


def test_a_check_speaks_in_its_own_words() -> None:
    schema = {"type": "string", "format": "date"}
    rule = {"/x": {"check": "x <= today()", "say": {"zh": "不能晚于今天", "en": "not after today"}}}
    assert typed(schema, "2026-03-05", fields=rule) == date(2026, 3, 5)
    assert code(schema, "2026-03-06", fields=rule) == "form_check"


def test_plain_json_goes_the_same_way() -> None:
    form = form_with({"a": MONEY, "when": {"type": "string", "format": "date"}, "b": TEXT})
    done = accept(form, {"/a": 12.5, "/when": "2026-03-05"}, {"b": "was"}, NOW, None)
    assert done.values == {"/a": Decimal("12.50"), "/when": date(2026, 3, 5), "/b": "was"}
    with pytest.raises(Invalid):
        accept(form, {"/other": 1}, {}, NOW, None)


def test_a_form_starts_from_the_case_or_the_initial_value() -> None:
    form = form_with(
        {"a": MONEY, "when": {"type": "string", "format": "date"}},
        fields={"/when": {"initial": "today()"}},
    )
    assert filled(form, {"a": Decimal(5)}, NOW) == {"/a": ["5.00"], "/when": ["2026-03-05"]}


def test_what_is_shown_follows_what_is_typed() -> None:
    form = form_with(
        {"a": MONEY, "fee": MONEY, "b": TEXT},
        fields={"/fee": {"compute": "a / 2"}, "/b": {"show": "a > 10", "require": True}},
    )
    assert shown(form, {"/a": ["4"]}, {}, NOW).data["fee"] == Decimal("2.00")
    assert shown(form, {"/a": ["40"]}, {}, NOW).required == {"/b"}


def test_the_case_itself_is_never_changed() -> None:
    context = {"dispute": {"type": "LOAN", "other": [1]}}
    properties = {"dispute": {"type": "object", "properties": {"type": TEXT}}}
    ui = {"order": ["/dispute/type"], "fields": {"/dispute/type": {"label": words("t")}}}
    told = {"schema": {"type": "object", "properties": properties}, "ui": ui}
    submit(read_form(json.dumps(told).encode()), {"/dispute/type": ["X"]}, context, NOW, None)
    assert context == {"dispute": {"type": "LOAN", "other": [1]}}


def test_references_name_what_must_exist() -> None:
    form = form_with({"org": shared("organisation")})
    values = submit(form, {"/org": ["org-1"]}, {}, NOW, None).values
    assert list(references(form, values)) == [("/org", "organisation", "org-1")]


def test_what_is_left_alone_stays_exactly_as_it_was() -> None:
    form = form_with({"a": MONEY, "at": shared("moment")})
    context = {"a": Decimal("33.333"), "at": datetime(2026, 3, 5, 9, 5, 42, 17, tzinfo=LOCAL)}
    raw = filled(form, context, NOW)
    assert raw == {"/a": ["33.33"], "/at": ["2026-03-05T09:05"]}
    kept = {"/a": context["a"], "/at": context["at"]}
    assert submit(form, raw, context, NOW, None).values == kept
    assert accept(form, {}, context, NOW, None).values == kept
