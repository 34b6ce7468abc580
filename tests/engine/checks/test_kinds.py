"""Expressions against what the data can be: forms, tables, scripts and results say what that is."""

from __future__ import annotations

import json

import pytest

from engine.checks import check
from engine.texts import text
from tests.engine.checks.sound import form, named
from tests.engine.checks.test_check import codes, redrawn, ruled, script, table, with_step

OPTIONS = b'"options": {"RED": {"zh": "r", "en": "r"}, "GREEN": {"zh": "g", "en": "g"}}, "label"'
GRADE = {"ask": form("/grade", enum=["RED", "GREEN"]).replace(b'"label"', OPTIONS)}


def asking(condition, forms):
    """A procedure whose choice asks this, with these forms before it."""
    files = redrawn(">dispute.agreed<", f">{condition}<")
    return files | {f"forms/{name}.json": content for name, content in forms.items()}


NUMBER, DATED = form("/amount", "number"), form("/day", format="date")
COLUMN = {"type": "object", "properties": {"sum": {"type": "number"}}}
WORDS = b'"/rows/*/sum": {"label": {"zh": "s", "en": "s"}}, "/rows": {'
ROWS = form("/rows", "array", items=COLUMN).replace(b'"/rows": {', WORDS)
WRONG = {
    'amount = "5"': ("kinds_never_meet", {"ask": NUMBER}),
    'amount in ("5", 6)': ("kinds_never_meet", {"ask": NUMBER}),
    'day &lt; "2026-01-01"': ("kinds_never_meet", {"ask": DATED}),
    "day &lt; now()": ("kinds_never_meet", {"ask": DATED}),
    "day between 1 and 2": ("kinds_never_meet", {"ask": DATED}),
    "dispute.agreed = 1": ("kinds_never_meet", {}),
    "grade + 1 = 2": ("kinds_no_arithmetic", GRADE),
    "day + 3 &gt; today()": ("kinds_no_arithmetic", {"ask": DATED}),
    "amount": ("kinds_not_wanted", {"ask": NUMBER}),
    "dispute.agreed and amount": ("kinds_not_wanted", {"ask": NUMBER}),
    "if amount then true else false": ("kinds_not_wanted", {"ask": NUMBER}),
    "-day = day": ("kinds_not_wanted", {"ask": DATED}),
    'grade = "AMBER"': ("text_never_offered", GRADE),
    'grade in ("RED", "AMBER")': ("text_never_offered", GRADE),
    'contains(amount, "5")': ("kinds_not_taken", {"ask": NUMBER}),
    'contains(match: "5", string: amount)': ("kinds_not_taken", {"ask": NUMBER}),
    "amount.yuan = 5": ("path_into_value", {"ask": NUMBER}),
    "grade.length = 5": ("path_into_value", GRADE),
}
RIGHT = {
    "amount &gt; 5": {"ask": NUMBER},
    "day &gt;= date(\"2026-01-01\") or day = null": {"ask": DATED},
    "day + duration(\"P3D\") &lt;= today() and day.year = 2026": {"ask": DATED},
    'grade = "RED" or grade in ("GREEN")': GRADE,
    'string(amount) + "元" = "5元"': {"ask": NUMBER},
    "day - today() &gt; duration(\"P1D\")": {"ask": DATED},
    'unknown.deep = "x" or case.org = "y" or parties[1].name = "z"': {"ask": form("/unknown/deep")},
}  # fmt: skip


def told(found, lang):
    said = {key: one[lang] if isinstance(one, dict) else one for key, one in found.params.items()}
    return text(found.code, lang, said)


@pytest.mark.parametrize("condition", WRONG)
def test_a_condition_that_cannot_hold_is_found(condition):
    code, forms = WRONG[condition]
    found, *_ = check(asking(condition, forms), "talk")
    assert (found.code, found.element, found.level) == (code, "yes", "error")


@pytest.mark.parametrize("condition", RIGHT)
def test_what_may_be_meant_is_left_alone(condition):
    assert codes(asking(condition, RIGHT[condition])) <= {"name_never_written"}


def test_a_finding_names_both_sides_in_words_and_where_they_stand():
    (found,) = check(asking('dispute.agreed or amount = "5"', {"ask": NUMBER}), "talk")
    said = told(found, "en")
    assert "“yes”" in said
    assert 'amount (a number) with "5" (a text)' in said
    assert "line 1, character 19" in said
    assert "amount（数字）" in told(found, "zh")


def test_a_list_knows_its_rows_and_a_loop_over_it_does():
    asks = 'every one in rows satisfies one.sum = "5"'
    assert codes(asking(asks, {"ask": ROWS})) == {"kinds_never_meet"}
    assert (
        codes(asking("sum(rows.sum) &gt; 5 and rows[sum &gt; 3][1].sum = 4", {"ask": ROWS}))
        == set()
    )


@pytest.mark.parametrize(
    ("content", "reads", "code"),
    [
        ("3", "a.b + \"x\" = \"y\"", "kinds_no_arithmetic"),
        ("{grade: if dispute.agreed then \"RED\" else null}", "a.b.grade = \"AMBER\"", "text_never_offered"),
        ("today()", "a.b.hour = 3", "path_into_value"),
    ],
)  # fmt: skip
def test_what_a_script_gives_is_known(content, reads, code):
    files = with_step(script(content))
    files["forms/hear.json"] = form("/a_note")
    xml = files["process.bpmn"].decode().replace(">dispute.agreed<", f">{reads}<")
    assert codes(files | {"process.bpmn": xml.encode()}) == {code}


def test_what_is_written_in_several_ways_may_be_any_of_them():
    files = asking('amount = "x"', {"ask": NUMBER, "hear": form("/amount")})
    assert "kinds_never_meet" not in codes(files)


def test_a_table_tells_what_it_gives_and_its_cells_are_read():
    cells = table('"x"', "-", policy="FIRST")["dt_x.dmn"]
    given = cells.replace(b"<decision", b'<inputData id="d" name="n"/><decision', 1)
    files = ruled() | {"dt_x.dmn": given, "forms/ask.json": form("/n", "number")}
    assert codes(files) == {"kinds_never_meet"}
    xml = files["process.bpmn"].replace(b">dispute.agreed<", b">a.b = true<")
    assert codes(files | {"process.bpmn": xml, "forms/ask.json": form("/n")}) == {
        "kinds_never_meet"
    }


def test_a_timer_needs_a_date_or_a_length():
    waits = (
        "<timerEventDefinition><timeDuration>case.started_at</timeDuration></timerEventDefinition>"
    )
    files = with_step(named("intermediateCatchEvent", "extra", "等待", "Wait", waits))
    (found,) = [one for one in check(files, "talk") if one.element == "extra"]
    assert found.code == "kinds_not_wanted"


def test_a_form_shows_by_what_can_be():
    shown = json.loads(form("/ask_note"))
    shown["ui"]["fields"]["/ask_note"]["show"] = 'dispute.agreed = "yes"'
    assert codes(asking("dispute.agreed", {"ask": json.dumps(shown).encode()})) == {
        "kinds_never_meet"
    }


def test_an_outcome_that_no_form_offers_is_told_once():
    asked = json.loads(form("/ask_note"))
    asked["ui"]["outcomes"] = [{"id": "accept", "label": {"zh": "收", "en": "Accept"}}]
    files = asking('ask.outcome = "acept"', {"ask": json.dumps(asked).encode()})
    assert codes(files) == {"form_outcome_never"}
