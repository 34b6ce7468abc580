"""When a drawn timer is due: ISO 8601 literals, FEEL values, cycles, and timers bound to a clock."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.diagram import EventDefinition
from engine.errors import Invalid
from engine.lexical import Months, parse_date, parse_datetime, parse_duration, parse_months

from .periods import CHINA, moment_of
from .run import Run
from .tokens import Token

ISO = re.compile(r"R\d*/.+|-?P[\dT][\dYMWDTHS.]*|\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?")
MIXED = re.compile(r"P(?P<months>(?:\d+Y)?(?:\d+M)?)(?P<rest>(?:\d+D)?(?:T.+)?)")
Length = tuple[Months, timedelta]


@dataclass(frozen=True, slots=True)
class Timing:
    """The next due time; ``left`` more after it (-1: no end), each ``every`` (ISO text) later."""

    due: datetime
    left: int = 0
    every: str = ""


def is_literal(text: str) -> bool:
    """Whether a timer's text is an ISO 8601 literal; all else is FEEL (conventions 5)."""
    return bool(ISO.fullmatch(text))


def is_readable(event: EventDefinition) -> bool:
    """Whether a timer's literal gives a time of its kind; what is FEEL is judged when it runs."""
    if not is_literal(event.timer):
        return True
    try:
        READERS[event.timer_kind](event.timer, datetime(2026, 1, 1, tzinfo=UTC))
    except (ValueError, KeyError):
        return False
    return True


def timing(run: Run, token: Token) -> Timing:
    """When the timer a token waits for is due. Invalid (timer_value) if its text gives no time."""
    event = token.task_spec.event
    text = event.timer
    value: Any = text if is_literal(text) else run.evaluate(token, text)
    try:
        return READERS[event.timer_kind](value, run.now)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid("timer_value", element=token.task_spec.name, value=str(value)) from error


def next_timing(note: dict[str, Any]) -> Timing:
    """A cycle's next due time after the one it just fired at."""
    due, left = parse_datetime(note["due"]), note["left"]
    return Timing(later(due, _length(note["every"])), left - 1 if left > 0 else left, note["every"])


def later(moment: datetime, length: Length) -> datetime:
    """A moment plus months (by the calendar in +08:00, last day kept) plus a time."""
    months, rest = length
    local = moment.astimezone(CHINA)
    years, month = divmod(local.year * 12 + local.month - 1 + months.n, 12)
    day = min(local.day, monthrange(years, month + 1)[1])
    return (local.replace(year=years, month=month + 1, day=day) + rest).astimezone(moment.tzinfo)


def _date(value: Any, now: datetime) -> Timing:
    if isinstance(value, str):
        value = parse_datetime(value) if "T" in value else parse_date(value)
    due = moment_of(value)
    if due is None:
        raise ValueError(value)
    return Timing(due)


def _duration(value: Any, now: datetime) -> Timing:
    return Timing(later(now, _length(value)))


def _cycle(value: Any, now: datetime) -> Timing:
    count, _, rest = str(value).partition("/")
    if not count.startswith("R") or not rest:
        raise ValueError(value)
    left = int(count[1:]) - 1 if count[1:] else -1
    if left < -1 or count == "R0":
        raise ValueError(value)
    first, _, every = rest.rpartition("/")
    if not first:
        return Timing(later(now, _length(every)), left, every)
    _length(every)
    return Timing(_date(first, now).due, left, every)


def _length(value: Any) -> Length:
    if isinstance(value, Months):
        return value, timedelta()
    if isinstance(value, timedelta):
        return Months(0), value
    text = str(value)
    if re.fullmatch(r"P\d+W", text):
        return Months(0), timedelta(weeks=int(text[1:-1]))
    match = MIXED.fullmatch(text)
    if not match or text == "P":
        raise ValueError(value)
    months = parse_months("P" + match["months"]) if match["months"] else Months(0)
    return months, parse_duration("P" + match["rest"]) if match["rest"] else timedelta()


READERS = {"date": _date, "duration": _duration, "cycle": _cycle}
