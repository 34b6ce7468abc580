"""Dates, times and durations: reading literals, arithmetic, properties, comparison."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.numbers import CONTEXT, calculate
from engine.lexical import (
    Months,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_months,
    parse_time,
)

MICRO = timedelta(microseconds=1)
SECOND = Decimal(1_000_000)
EPOCH = datetime.combine(date.min, time())
MIDNIGHT = time(tzinfo=UTC)
_READERS: tuple[Callable[[str], Any], ...] = (
    parse_datetime,
    parse_date,
    parse_time,
    parse_months,
    parse_duration,
)


def read_literal(text: str) -> Any:
    """The date, time, date-time or duration that ``@"text"`` stands for; None if it is none."""
    for reader in _READERS:
        with suppress(ValueError):
            return reader(text)
    return None


def seconds(length: timedelta) -> Decimal:
    """A days-and-time duration in seconds."""
    return CONTEXT.divide(Decimal(length // MICRO), SECOND)


def from_seconds(count: Decimal) -> timedelta | None:
    """A duration of so many seconds, cut at microseconds; None beyond what a duration can hold."""
    micro = int(count * SECOND) if abs(count) < 10**15 else None
    if micro is None:
        return None
    try:
        return timedelta(microseconds=micro)
    except OverflowError:
        return None


def add_months(day: Any, months: int) -> Any:
    """The same day of another month, the last one if that month is shorter; None out of range."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    return day.replace(year=year, month=month + 1, day=min(day.day, days_in(year, month + 1)))


def days_in(year: int, month: int) -> int:
    """Number of days of a month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def add(moment: Any, length: Any) -> Any:
    """A date, time, date-time or duration plus a duration; None where FEEL has no such sum."""
    with suppress(OverflowError, ValueError):
        if isinstance(length, Months):
            return _add_months(moment, length)
        if isinstance(moment, datetime):
            return _shift(moment, length)
        if isinstance(moment, date):
            return (datetime.combine(moment, time()) + length).date()
        if isinstance(moment, time):
            return (datetime.combine(date(2000, 1, 2), moment) + _within_day(length)).timetz()
        if isinstance(moment, timedelta):
            return moment + length
    return None


def _add_months(moment: Any, length: Months) -> Any:
    if isinstance(moment, Months):
        return Months(moment.n + length.n)
    return add_months(moment, length.n) if isinstance(moment, date) else None


def _within_day(length: timedelta) -> timedelta:
    return length % timedelta(days=1)


def _shift(moment: datetime, length: timedelta) -> datetime:
    # Across a change of summer time the instant counts, not the hand of the clock.
    if moment.tzinfo is None:
        return moment + length
    return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)


def subtract(left: Any, right: Any) -> Any:
    """Moment minus duration or moment, duration minus duration; None where FEEL has none."""
    if isinstance(right, Months):
        return add(left, Months(-right.n))
    if isinstance(right, timedelta):
        return add(left, -right)
    pair = _same_kind(left, right)
    return pair[0] - pair[1] if pair else None


def _same_kind(left: Any, right: Any) -> tuple[datetime, datetime] | None:
    if isinstance(left, time) and isinstance(right, time):
        day = date(2000, 1, 2)
        left, right = datetime.combine(day, left), datetime.combine(day, right)
    elif isinstance(left, date) and isinstance(right, date):
        left, right = as_datetime(left), as_datetime(right)
    else:
        return None
    return (left, right) if (left.tzinfo is None) == (right.tzinfo is None) else None


def as_datetime(day: date) -> datetime:
    """A date is midnight UTC where a date-time is needed."""
    return day if isinstance(day, datetime) else datetime.combine(day, MIDNIGHT)


def multiply(length: Any, factor: Decimal) -> Any:
    """A duration times a number; months are cut to whole ones."""
    if isinstance(length, Months):
        product = calculate(CONTEXT.multiply, Decimal(length.n), factor)
        return None if product is None or abs(product) > 10**12 else Months(int(product))
    product = calculate(CONTEXT.multiply, seconds(length), factor)
    return None if product is None else from_seconds(product)


def divide(length: Any, divisor: Any) -> Any:
    """A duration by a number (a duration) or by one of its kind (a number); None by zero."""
    if isinstance(divisor, Decimal):
        if not divisor:
            return None
        amount = Decimal(length.n) if isinstance(length, Months) else seconds(length)
        share = CONTEXT.divide(amount, divisor)
        return Months(int(share)) if isinstance(length, Months) else from_seconds(share)
    if type(length) is not type(divisor):
        return None
    if isinstance(length, Months):
        return calculate(CONTEXT.divide, Decimal(length.n), Decimal(divisor.n))
    return calculate(CONTEXT.divide, seconds(length), seconds(divisor))


def utc_offset(moment: Any) -> timedelta | None:
    """The offset of a time or date-time; a zone without a day counts by its winter time."""
    if moment.tzinfo is None:
        return None
    if isinstance(moment, time):
        moment = datetime.combine(date(2000, 1, 2), moment)
    offset: timedelta | None = moment.utcoffset()
    return offset


def order_key(moment: Any) -> Any:
    """What moments of one kind compare by: (has a zone, instant)."""
    if isinstance(moment, time):
        moment = datetime.combine(date(2000, 1, 2), moment)
    if isinstance(moment, datetime):
        offset = moment.utcoffset()
        plain = moment.replace(tzinfo=None)
        return (offset is not None, plain - EPOCH - (offset or timedelta()))
    return (False, moment)


def _decimal(value: int) -> Decimal:
    return Decimal(value)


def _zone_name(moment: Any) -> Any:
    return getattr(moment.tzinfo, "key", None) or (str(moment.tzinfo) if moment.tzinfo else None)


def _abs_length(length: timedelta) -> timedelta:
    return abs(length)


def _signed(length: timedelta, value: int) -> Decimal:
    return Decimal(-value if length < timedelta() else value)


_DAY: dict[str, Callable[[Any], Any]] = {
    "year": lambda day: _decimal(day.year),
    "month": lambda day: _decimal(day.month),
    "day": lambda day: _decimal(day.day),
    "weekday": lambda day: _decimal(day.isoweekday()),
}
_CLOCK: dict[str, Callable[[Any], Any]] = {
    "hour": lambda clock: _decimal(clock.hour),
    "minute": lambda clock: _decimal(clock.minute),
    "second": lambda clock: _decimal(clock.second),
    "time offset": utc_offset,
    "timezone": _zone_name,
}
_LENGTH: dict[str, Callable[[Any], Any]] = {
    "days": lambda x: _signed(x, _abs_length(x).days),
    "hours": lambda x: _signed(x, _abs_length(x).seconds // 3600),
    "minutes": lambda x: _signed(x, _abs_length(x).seconds // 60 % 60),
    "seconds": lambda x: _signed(x, _abs_length(x).seconds % 60),
}
_MONTHS: dict[str, Callable[[Any], Any]] = {
    "years": lambda x: Decimal(abs(x.n) // 12 * (-1 if x.n < 0 else 1)),
    "months": lambda x: Decimal(abs(x.n) % 12 * (-1 if x.n < 0 else 1)),
}
PROPERTIES: dict[type, dict[str, Callable[[Any], Any]]] = {
    date: _DAY,
    datetime: _DAY | _CLOCK,
    time: _CLOCK,
    timedelta: _LENGTH,
    Months: _MONTHS,
}
