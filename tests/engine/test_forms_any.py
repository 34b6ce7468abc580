"""Whatever a browser sends, a form answers with values or with problems, never with a fault."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.forms import accept, filled, read_form, shown, submit
from engine.texts import text
from engine.values import canonical, from_json

SHARED = Path("bpmn/shared/types.json").read_bytes()
NAMES = sorted(json.loads(SHARED)["$defs"])
NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
READ = {"text": {"zh": "签名人应当读到的内容。", "en": "What who signs has read."}}
FORM = read_form(
    json.dumps(
        {
            "schema": {
                "type": "object",
                "properties": {n: {"$ref": f"shared/types.json#/$defs/{n}"} for n in NAMES},
            },
            "ui": {"order": [READ, *(f"/{name}" for name in NAMES)]},
        }
    ).encode(),
    SHARED,
)
COLUMNS = [
    f"{field.pointer}/{number}/{column.name}"
    for field in FORM.fields.values()
    for column in field.columns
    for number in ("0", "7", "00", "x")
]
POINTERS = st.sampled_from([*FORM.fields, *COLUMNS, "/", "/x/y", "a", ""])
TYPED = st.one_of(
    st.text(max_size=40),
    st.text("0123456789-:年月日时分T. ,¥￥０１-/", max_size=20),
    st.sampled_from(
        ["LOAN", "A", "true", "false", "2026-02-30", "{}", "[]", '{"digest": 1}', "1e9"]
    ),
)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TYPED,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc案", max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def answer(form: Any, given: Any, how: Any, context: dict[str, Any]) -> None:
    """Values can be stored; every problem can be read in both languages."""
    try:
        said = how(form, given, context, NOW, None).values
    except Invalid as refusal:
        said = {
            lang: [text(one.code, lang, one.params) for one in refusal.problems]
            for lang in ("zh", "en")
        }
    assert canonical(said)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(POINTERS, st.lists(TYPED, max_size=3), max_size=12))
def test_anything_typed(raw: dict[str, list[str]]) -> None:
    answer(FORM, raw, submit, {})
    assert shown(FORM, raw, {}, NOW).visible


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(POINTERS, PLAIN, max_size=8))
def test_anything_sent_as_json(values: dict[str, Any]) -> None:
    answer(FORM, values, accept, {})


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), PLAIN, max_size=8))
def test_anything_in_the_case(context: dict[str, Any]) -> None:
    values = from_json(context)
    answer(FORM, filled(FORM, values, NOW), submit, values)
