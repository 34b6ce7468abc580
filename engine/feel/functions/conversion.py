"""Built-in functions that make one kind of value from another."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from engine.feel.comparing import Range
from engine.feel.functions.registry import builtin
from engine.feel.limits import Run
from engine.feel.numbers import number as rounded
from engine.feel.numbers import whole, write
from engine.feel.temporal import as_datetime
from engine.lexical import (
    Months,
    format_datetime,
    format_duration,
    format_time,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_months,
    parse_time,
)


def write_value(value: Any, quoted: bool = False) -> str:
    """A FEEL value as FEEL text; strings are quoted inside lists and contexts."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if quoted else value
    if isinstance(value, list):
        return "[" + ", ".join(write_value(item, True) for item in value) + "]"
    if isinstance(value, dict):
        entries = (f"{_key(key)}: {write_value(item, True)}" for key, item in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, Range):
        return _write_range(value)
    return _write_scalar(value)


def _key(key: str) -> str:
    return key if all(part.isidentifier() for part in key.split(" ")) else write_value(key, True)


def _write_range(value: Range) -> str:
    if value.low is None:
        return f"({'<=' if value.high_closed else '<'} {write_value(value.high, True)})"
    if value.high is None:
        return f"({'>=' if value.low_closed else '>'} {write_value(value.low, True)})"
    ends = f"{write_value(value.low, True)}..{write_value(value.high, True)}"
    return ("[" if value.low_closed else "(") + ends + ("]" if value.high_closed else ")")


def _write_scalar(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Decimal):
        return write(value)
    if isinstance(value, datetime):
        return format_datetime(value)
    if isinstance(value, time):
        return format_time(value)
    if isinstance(value, timedelta):
        return format_duration(value)
    return str(value)


@builtin("number", "from: string", "from: string, grouping separator: any, decimal separator: any?")
def number(run: Run, text: str, grouping: Any = None, point: Any = None) -> Decimal | None:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        return None
    if grouping is not None and grouping == point:
        return None
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    body = plain[1:] if plain[:1] == "-" else plain
    digits = body.replace(".", "", 1).lower().replace("e", "", 1).replace("+", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        return None
    with suppress(ArithmeticError):
        return rounded(Decimal(plain))
    return None


@builtin("date", "from: string", "from: date", "from: date and time")
def date_from(run: Run, value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    with suppress(ValueError):
        return parse_date(value)
    return None


@builtin("date", "year: number, month: number, day: number")
def date_of(run: Run, year: Decimal, month: Decimal, day: Decimal) -> date | None:
    parts = [whole(part) for part in (year, month, day)]
    with suppress(ValueError, TypeError, OverflowError):
        return date(*parts)  # type: ignore[arg-type]
    return None


@builtin("time", "from: string", "from: time", "from: date", "from: date and time")
def time_from(run: Run, value: Any) -> time | None:
    if isinstance(value, datetime):
        return value.timetz()
    if isinstance(value, time):
        return value
    if isinstance(value, date):
        return time(tzinfo=UTC)
    with suppress(ValueError):
        return parse_time(value)
    return None


@builtin("time", "hour: number, minute: number, second: number, offset: any?")
def time_of(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: Any = None
) -> time | None:
    with suppress(ValueError, TypeError, OverflowError):
        zone = None if offset is None else UTC if not offset else timezone(offset)
        micro = int(second % 1 * 1_000_000)
        hours, minutes = whole(hour), whole(minute)
        if hours is not None and minutes is not None:
            return time(hours, minutes, int(second), micro, tzinfo=zone)
    return None


@builtin("date and time", "from: string", "from: date and time")
def datetime_from(run: Run, value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    with suppress(ValueError):
        return parse_datetime(value)
    with suppress(ValueError):
        return datetime.combine(parse_date(value), time())
    return None


@builtin("date and time", "date: date, time: time", "date: date and time, time: time")
def datetime_of(run: Run, day: date, clock: time) -> datetime:
    plain = day.date() if isinstance(day, datetime) else day
    return datetime.combine(plain, clock)


@builtin("duration", "from: string")
def duration(run: Run, text: str) -> timedelta | Months | None:
    with suppress(ValueError):
        return parse_months(text)
    with suppress(ValueError):
        return parse_duration(text)
    return None


@builtin(
    "years and months duration",
    "from: date, to: date",
    "from: date and time, to: date and time",
    "from: date, to: date and time",
    "from: date and time, to: date",
)
def months_between(run: Run, start: date, end: date) -> Months:
    first, last = as_datetime(start), as_datetime(end)
    sign = 1
    if first.replace(tzinfo=None) > last.replace(tzinfo=None):
        first, last, sign = last, first, -1
    count = (last.year - first.year) * 12 + last.month - first.month
    if (last.day, last.time()) < (first.day, first.time()):
        count -= 1
    return Months(sign * count)
