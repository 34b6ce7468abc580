"""What is said when a text is no expression: where, what was found, what was expected."""

import pytest

from engine.feel import FeelError, parse, parse_unary
from engine.texts import text

REFUSED = [
    ("1 +", "feel_value_missing_end", 1, 4, "", ""),
    ("", "feel_value_missing_end", 1, 1, "", ""),
    ("(1", "feel_unfinished", 1, 3, "", ")"),
    ("[a,]", "feel_value_missing", 1, 4, "]", ""),
    ("if a then", "feel_value_missing_end", 1, 10, "", ""),
    ("if a else b", "feel_syntax", 1, 6, "else", "then"),
    ("a b", "feel_unexpected", 1, 3, "b", ""),
    ("x = = 3", "feel_value_missing", 1, 5, "=", ""),
    ("for x in y", "feel_unfinished", 1, 11, "", "return"),
    ('a and\n  "open', "feel_string_open", 2, 3, '"', ""),
    ("（a）", "feel_wide_character", 1, 1, "（", "("),
    ("a; b", "feel_character", 1, 2, ";", ""),
    ('@"soon"', "feel_at_literal", 1, 1, "", ""),
    ("1 + (2, 3)", "feel_several", 1, 5, "", ""),
    ("f(1, b: 2)", "feel_mixed_arguments", 1, 2, "", ""),
    ("__import__('os')", "feel_character", 1, 12, "'", ""),
]


@pytest.mark.parametrize(("written", "code", "line", "column", "found", "expected"), REFUSED)
def test_a_refusal_says_where_and_what(written, code, line, column, found, expected):
    with pytest.raises(FeelError) as caught:
        parse(written)
    said = caught.value.params
    assert (caught.value.code, said["line"], said["column"]) == (code, line, column)
    assert said["found"] == found
    assert expected in said["expected"].split("  ") or not expected


@pytest.mark.parametrize("written", [row[0] for row in REFUSED])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refusal_can_be_read(written, lang):
    with pytest.raises(FeelError) as caught:
        parse(written)
    sentence = text(caught.value.code, lang, caught.value.params)
    assert "{" not in sentence


def test_a_broken_cell_is_refused_too():
    with pytest.raises(FeelError, match="feel_value_missing_end"):
        parse_unary('"A",')


def test_names_with_spaces_must_be_declared():
    assert parse("Loan Amount + 1", {"Loan Amount"}).names == {"Loan Amount"}
    with pytest.raises(FeelError, match="feel_unexpected"):
        parse("Loan Amount + 1")


def test_the_longest_declared_name_wins_whatever_the_order():
    names = {"Employment Status", "EmploymentStatus", "Employment"}
    data = {"Employment Status": "spaced", "EmploymentStatus": "joined"}
    assert parse("Employment Status", names).evaluate(data) == "spaced"
    assert parse("EmploymentStatus", names).evaluate(data) == "joined"
