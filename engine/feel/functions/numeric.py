"""Built-in functions of numbers."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from engine.feel.functions.registry import builtin
from engine.feel.limits import Run
from engine.feel.numbers import CONTEXT, calculate, whole
from engine.lexical import Months

SCALES = range(-6111, 6177)


def round_to(value: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    """A number with ``scale`` digits behind the point; None for a scale out of range."""
    places = whole(Decimal(int(scale))) if abs(scale) < 10**6 else None
    if places is None or places not in SCALES:
        return None
    step = Decimal((0, (1,), -places))
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -places and places > 0:
        return value
    digits = value.adjusted() + places + 2
    if digits > CONTEXT.prec:
        return value
    context = CONTEXT.copy()
    rounded = context.divide(value, step).to_integral_value(rounding)
    return calculate(CONTEXT.multiply, rounded, step)


def _rounding(name: str, mode: str, *signatures: str) -> None:
    @builtin(name, *signatures)
    def rounded(run: Run, n: Decimal, scale: Decimal = Decimal(0)) -> Decimal | None:
        return round_to(n, scale, mode)


_rounding("decimal", ROUND_HALF_EVEN, "n: number, scale: number")
_rounding("floor", ROUND_FLOOR, "n: number, scale: number?")
_rounding("ceiling", ROUND_CEILING, "n: number, scale: number?")
_rounding("round up", ROUND_UP, "n: number, scale: number")
_rounding("round down", ROUND_DOWN, "n: number, scale: number")
_rounding("round half up", ROUND_HALF_UP, "n: number, scale: number")
_rounding("round half down", ROUND_HALF_DOWN, "n: number, scale: number")


@builtin("abs", "n: number", "n: days and time duration", "n: years and months duration")
def absolute(run: Run, n: Any) -> Any:
    return Months(abs(n.n)) if isinstance(n, Months) else abs(n)


@builtin("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    if not divisor:
        return None
    rest = calculate(CONTEXT.remainder, dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        return calculate(CONTEXT.add, rest, divisor)
    return rest


@builtin("sqrt", "number: number")
def sqrt(run: Run, number: Decimal) -> Decimal | None:
    run.spend(5)
    return calculate(CONTEXT.sqrt, number)


@builtin("log", "number: number")
def log(run: Run, number: Decimal) -> Decimal | None:
    run.spend(5)
    return calculate(CONTEXT.ln, number) if number > 0 else None


@builtin("exp", "number: number")
def exp(run: Run, number: Decimal) -> Decimal | None:
    run.spend(20)
    return calculate(CONTEXT.exp, number)


@builtin("odd", "number: number")
def odd(run: Run, number: Decimal) -> bool | None:
    count = whole(number)
    return None if count is None else count % 2 == 1


@builtin("even", "number: number")
def even(run: Run, number: Decimal) -> bool | None:
    count = whole(number)
    return None if count is None else count % 2 == 0
