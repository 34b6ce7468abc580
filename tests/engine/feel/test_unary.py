"""Unary tests: what may stand in the cell of a decision table."""

from decimal import Decimal

import pytest

from engine.feel import parse_unary


@pytest.mark.parametrize(
    ("cell", "value", "matched"),
    [
        ("-", None, True),
        ('"A"', "A", True),
        ('"A", "B"', "B", True),
        ('not("A", "B")', "C", True),
        ('not("A", "B")', "A", False),
        ("< 10", Decimal(9), True),
        ("[10..20)", Decimal(20), False),
        ("(5..7], > 100", Decimal(101), True),
        ("null", None, True),
        ("not(null)", Decimal(1), True),
        ("true", True, True),
        ("false", True, False),
        ("limit", Decimal(7), True),
        ("true", None, False),
        ("limit > 5", Decimal(1), True),
        ("> limit", Decimal(8), True),
        ("? > limit and ? < 10", Decimal(8), True),
        ('contains(?, "调解")', "人民调解", True),
        ("[1, 2, 3]", Decimal(2), True),
        ("count(?) > 1", [Decimal(1), Decimal(2)], True),
        ("< 10", "text", None),
        ("-5", Decimal(-5), True),
        ("- 5, -(1 + 1)", Decimal(-2), True),
        ('@"2026-01-01"', None, False),
    ],
)
def test_a_cell_matches(cell, value, matched):
    assert parse_unary(cell).evaluate({"?": value, "limit": Decimal(7)}) is matched
