"""Arithmetic of FEEL values: numbers, texts, moments and durations; None where there is no result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import temporal
from engine.feel.limits import check_characters
from engine.feel.numbers import CONTEXT, calculate, whole
from engine.lexical import Months

LENGTHS = (timedelta, Months)


def add(left: Any, right: Any) -> Any:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return calculate(CONTEXT.add, left, right)
    if isinstance(left, str) and isinstance(right, str):
        check_characters(len(left) + len(right))
        return left + right
    if isinstance(right, LENGTHS):
        return temporal.add(left, right)
    return temporal.add(right, left) if isinstance(left, LENGTHS) else None


def subtract(left: Any, right: Any) -> Any:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return calculate(CONTEXT.subtract, left, right)
    return temporal.subtract(left, right)


def multiply(left: Any, right: Any) -> Any:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return calculate(CONTEXT.multiply, left, right)
    if isinstance(left, LENGTHS) and isinstance(right, Decimal):
        return temporal.multiply(left, right)
    if isinstance(left, Decimal) and isinstance(right, LENGTHS):
        return temporal.multiply(right, left)
    return None


def divide(left: Any, right: Any) -> Any:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return calculate(CONTEXT.divide, left, right)
    return temporal.divide(left, right) if isinstance(left, LENGTHS) else None


def power(left: Any, right: Any) -> Any:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        # Decimal leaves 0 ** 0 undefined; decimal128 (IEEE 754-2019, 9.2.1) gives 1.
        return calculate(CONTEXT.power, left, right) if left or right else Decimal(1)
    return None


def negate(value: Any) -> Any:
    if isinstance(value, Decimal):
        return calculate(CONTEXT.minus, value)
    if isinstance(value, Months):
        return Months(-value.n)
    return -value if isinstance(value, timedelta) else None


def span(low: Any, high: Any) -> Iterator[Any]:
    """Whole numbers or days from ``low`` to ``high``, downwards if it is smaller.

    ValueError if the two are not whole numbers or dates.
    """
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        first, last = whole(low), whole(high)
        make: Callable[[int], Any] = Decimal
    elif _is_day(low) and _is_day(high):
        first, last, make = low.toordinal(), high.toordinal(), date.fromordinal
    else:
        raise ValueError
    if first is None or last is None:
        raise ValueError
    step = 1 if first <= last else -1
    return map(make, range(first, last + step, step))


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}
