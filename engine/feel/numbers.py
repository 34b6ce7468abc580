"""FEEL numbers: decimal128 arithmetic (34 digits) in a context of its own; None where undefined."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

from engine.feel.errors import FeelError

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
DIGITS = 6144
"""Most digits on either side of the point that a number is written out with."""


def calculate(operation: Callable[..., Decimal], *values: Decimal) -> Decimal | None:
    """The result of a method of CONTEXT; None if undefined, FeelError if it grows out of bounds."""
    try:
        return operation(*values)
    except Overflow as error:
        raise FeelError("feel_number_too_big", limit=CONTEXT.Emax) from error
    except (InvalidOperation, DivisionByZero):
        return None


def number(value: Decimal) -> Decimal:
    """A number rounded to 34 digits; FeelError if it is too big."""
    rounded = calculate(CONTEXT.plus, value)
    return Decimal(0) if rounded is None else rounded


def whole(value: Decimal) -> int | None:
    """The integer a number stands for; None if it is none or has more than 18 digits."""
    if value != value.to_integral_value() or abs(value) >= 10**18:
        return None
    return int(value)


def write(value: Decimal) -> str:
    """A number without exponent, its trailing zeros kept."""
    return format(value, "f") if value else format(abs(value), "f")
