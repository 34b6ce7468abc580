"""Legal periods: counting rules C1 to C9, and the explanation of each computed end. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .citations import cite
from .errors import Invalid
from .model import Facts
from .rules import Due, Part, Rule, read_rules
from .texts import Lang, text
from .workdays import CHINA, DAY, Calendar, calendar_of, day_end, instant, local_day

__all__ = ["Due", "Part", "Rule", "compute", "explain", "read_rules", "reminders"]

Moment = date | datetime
Pause = tuple[datetime, datetime | None]

LONGEST = 36_525
"""No period has more units than days in a century."""

_MONTHS: Mapping[str, int] = {"months": 1, "years": 12}
_STEP: Mapping[str, timedelta] = {"hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}
_COUNTED_BY = {"C1": ("S1-85",), "C6": ("S10-32",)}


def compute(  # noqa: PLR0913 - all that a legal end depends on
    rule: Rule,
    started_at: Moment,
    facts: Facts,
    pauses: Sequence[Pause] = (),
    extended_to: Moment | None = None,
    length: int | None = None,
) -> Due:
    """When the period ends and why.

    ``started_at``: aware moment, or a local date. Pauses move the end by their local days (hours and
    minutes: by their time); ``extended_to`` (a date means through that day) wins over the computed
    end; ``length`` in the rule's unit wins over the rule's. Invalid: clock_without_period,
    clock_length, clock_out_of_range. Source: counting rules C1, C2, C5, C6, C7.
    """
    amount = _amount(rule, facts, length)
    stops = _merged(started_at, pauses)
    count = _Count(rule, started_at, amount, calendar_of(facts.calendars), stops)
    try:
        due_at, last = _counter(count, facts)(count)
    except (OverflowError, ValueError) as error:
        raise Invalid("clock_out_of_range", rule=rule.id) from error
    open_since = next((a for a, b in pauses if b is None and instant(a) <= due_at), None)
    if extended_to is not None:
        due_at, last = _extend(rule, extended_to, last)
    parts = (*_opening(count), *_stopped(count, open_since), *last, *_basis(count, facts))
    provisional = any(part.code == "clock_provisional" for part in last)
    return Due(due_at, provisional, parts, open_since is not None)


def reminders(rule: Rule, started_at: Moment, due_at: datetime) -> tuple[tuple[int, datetime], ...]:
    """When 50, 80 and 100 percent of the period have run (C9), or what the rule says instead."""
    start = instant(started_at)
    return tuple((percent, start + (due_at - start) * percent / 100) for percent in rule.reminders)


def explain(due: Due, lang: Lang) -> str:
    """The parts as one sentence; the year is said only when the dates lie in several."""
    days = [
        value for part in due.parts for value in part.params.values() if isinstance(value, date)
    ]
    years = {local_day(day).year for day in days}
    said = [_say(part, lang, len(years) > 1) for part in due.parts]
    return text("clock_separator", lang).join(said)


# Counting ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Count:
    rule: Rule
    started_at: Moment
    amount: int
    calendar: Calendar
    stops: tuple[tuple[datetime, datetime], ...]  # closed pauses, in order, apart


_Counted = tuple[datetime, tuple[Part, ...]]


def _counter(count: _Count, facts: Facts) -> Callable[[_Count], _Counted]:
    if count.rule.unit in _STEP:
        return _count_time
    if count.rule.unit == "working_days":
        return _count_working_days
    by_hour = facts.settings.get("release_hour", "admission_hour") == "admission_hour"
    if count.rule.counting == "C6" and by_hour and isinstance(count.started_at, datetime):
        return _count_detention
    return _count_days


def _count_time(count: _Count) -> _Counted:
    """C1 in hours from the next whole hour, C7 strictly from the event."""
    start = instant(count.started_at)
    if count.rule.counting == "C1":
        start = start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    end = start + _STEP[count.rule.unit] * count.amount
    for since, until in count.stops:
        end += until - since if since <= end else timedelta()
    return end, (_part("clock_until", at=end),)


def _count_working_days(count: _Count) -> _Counted:
    """C5: day 1 is the next working day."""
    calendar = count.calendar
    end = calendar.add_working_days(local_day(count.started_at), count.amount)
    for since, until in _days(count.stops):
        if since <= end:
            lost = calendar.count_working_days(since, until)
            end = calendar.add_working_days(end, lost)
    return day_end(end), (_part("clock_last_day", day=end), *_provisional(calendar, end))


def _count_detention(count: _Count) -> _Counted:
    """C6: intake day to the following day is one day; released by the hour of admission (K10)."""
    end = instant(count.started_at) + DAY * count.amount
    for since, until in count.stops:
        end += until - since if since <= end else timedelta()
    return end, (_part("clock_until", at=end),)


def _count_days(count: _Count) -> _Counted:
    """C1 in days, months and years, the last day moved by C2; C6 by the end of its last day."""
    end = _add(local_day(count.started_at), count.rule.unit, count.amount)
    for since, until in _days(count.stops):
        end += until - since if since <= end else timedelta()
    if not count.rule.roll:
        return day_end(end), (_part("clock_last_day", day=end),)
    to = count.calendar.working_day(end)
    last = _part("clock_moved", day=end, to=to) if to != end else _part("clock_last_day", day=end)
    return day_end(to), (last, *_provisional(count.calendar, to))


def _add(day: date, unit: str, amount: int) -> date:
    """Months and years end on the same day of the last month, or on its last one."""
    if unit not in _MONTHS:
        return day + DAY * amount
    years, month = divmod(day.year * 12 + day.month - 1 + amount * _MONTHS[unit], 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def _provisional(calendar: Calendar, end: date) -> tuple[Part, ...]:
    return () if calendar.knows(end) else (_part("clock_provisional", year=end.year),)


def _amount(rule: Rule, facts: Facts, length: int | None) -> int:
    if rule.unit == "limit":
        raise Invalid("clock_without_period", rule=rule.id)
    amount = length if length is not None else rule.length
    if amount is None:
        amount = facts.settings.get(rule.setting)
    if amount is None or amount != int(amount) or not 0 <= amount <= LONGEST:
        raise Invalid("clock_length", rule=rule.id, length=str(amount))
    return int(amount)


def _merged(started_at: Moment, pauses: Sequence[Pause]) -> tuple[tuple[datetime, datetime], ...]:
    """Closed pauses from the start on, in order, overlapping ones joined."""
    start = instant(started_at)
    merged: list[tuple[datetime, datetime]] = []
    for since, until in sorted((max(a, start), b) for a, b in pauses if b and b > start):
        if merged and since <= merged[-1][1]:
            since, until = merged[-1][0], max(merged.pop()[1], until)
        merged.append((since, until))
    return tuple(merged)


def _days(stops: Sequence[tuple[datetime, datetime]]) -> list[tuple[date, date]]:
    return [(local_day(since), local_day(until)) for since, until in stops]


# Explaining ----------------------------------------------------------------------------------


def _part(code: str, **params: Any) -> Part:
    return Part(code, params)


def _opening(count: _Count) -> tuple[Part, ...]:
    rule, amount = count.rule, count.amount
    not_counted = "clock_hour_not_counted" if rule.unit == "hours" else "clock_day_not_counted"
    strict = rule.counting in ("C6", "C7")
    start = instant(count.started_at) if _timed(rule) else local_day(count.started_at)
    code = "clock_from" if strict else not_counted
    plural = f"clock_length_{rule.unit}" + ("_one" if amount == 1 else "")
    return _part(code, event=rule.starts, at=start), _part(plural, n=amount)


def _stopped(count: _Count, now: datetime | None) -> list[Part]:
    day = instant if _timed(count.rule) else local_day
    parts = [_part("clock_paused", since=day(a), until=day(b)) for a, b in count.stops]
    return parts + ([_part("clock_paused_now", since=day(now))] if now else [])


def _timed(rule: Rule) -> bool:
    return rule.unit in _STEP or rule.counting == "C6"


def _extend(rule: Rule, to: Moment, last: tuple[Part, ...]) -> _Counted:
    computed = tuple(part for part in last if part.code != "clock_provisional")
    due_at = to.astimezone(UTC) if isinstance(to, datetime) else day_end(to)
    if rule.extension:
        return due_at, (*computed, _part("clock_extended_why", to=to, why=rule.extension))
    return due_at, (*computed, _part("clock_extended", to=to))


def _basis(count: _Count, facts: Facts) -> tuple[Part, ...]:
    counted_by: tuple[str, ...] = _COUNTED_BY.get(count.rule.counting, ())
    if count.rule.unit == "hours" and counted_by:
        counted_by = ("S1-85", "S2-125")
    refs = dict.fromkeys((*count.rule.basis, *counted_by))
    known = facts.registers if facts.registers.get("sources") else None
    if not refs or known is None:
        return ()
    day = local_day(count.started_at)
    return (_part("clock_basis", sources=[cite(known, ref, day, short=True).text for ref in refs]),)


def _say(part: Part, lang: Lang, with_year: bool) -> str:
    words = {key: _word(value, lang, with_year) for key, value in part.params.items()}
    return text(part.code, lang, words)


def _word(value: Any, lang: Lang, with_year: bool) -> Any:
    if isinstance(value, date):
        return _date(value, lang, with_year)
    if isinstance(value, list):
        return text("clock_and", lang).join(item[lang] for item in value)
    return value[lang] if isinstance(value, Mapping) else value


def _date(moment: Moment, lang: Lang, with_year: bool) -> str:
    day = local_day(moment)
    code = "clock_date_year" if with_year else "clock_date"
    month = text("clock_month_names", lang).split()[day.month - 1]
    said = text(code, lang, {"year": day.year, "month": month, "day": day.day})
    if not isinstance(moment, datetime):
        return said
    return text("clock_time", lang, {"date": said, "time": f"{moment.astimezone(CHINA):%H:%M}"})
