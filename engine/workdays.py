"""Which local days are days of rest, by the calendar among the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8))
"""All legal dates are local dates of the People's Republic (C8)."""

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off, make-up working days and the last day the calendar knows (all ISO texts)."""

    off: frozenset[str] = frozenset()
    on: frozenset[str] = frozenset()
    known_until: str = ""

    def knows(self, day: date) -> bool:
        """Whether holidays of that day are known; beyond, only weekends count (暂算)."""
        return day.isoformat() <= self.known_until

    def rests(self, day: date) -> bool:
        """A holiday, or a weekend day that is not worked to make up for one."""
        key = day.isoformat()
        return key in self.off or (day.weekday() >= SATURDAY and key not in self.on)

    def working_day(self, day: date) -> date:
        """The day itself or the first working day after it."""
        while self.rests(day):
            day += DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``; ``day`` itself for 0."""
        for _ in range(count):
            day = self.working_day(day + DAY)
        return day

    def count_working_days(self, after: date, until: date) -> int:
        """Working days in (after, until]."""
        span = (until - after).days
        return sum(not self.rests(after + DAY * n) for n in range(1, span + 1))


def calendar_of(calendars: Mapping[str, Any], name: str = "CN") -> Calendar:
    """The calendar of that name among ``Facts.calendars``; weekends only if there is none."""
    days = calendars.get(name, {})
    return Calendar(
        frozenset(days.get("off", ())), frozenset(days.get("on", ())), days.get("known_until", "")
    )


def local_day(moment: date | datetime) -> date:
    """The local date of an aware moment; a date is one already."""
    return moment.astimezone(CHINA).date() if isinstance(moment, datetime) else moment


def day_start(day: date) -> datetime:
    """The first instant of a local day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=CHINA).astimezone(UTC)


def day_end(day: date) -> datetime:
    """24:00 of a local day, in UTC: the instant after its last second."""
    return day_start(day + DAY)


def instant(moment: date | datetime) -> datetime:
    """An aware moment in UTC; a date means its first instant."""
    return moment.astimezone(UTC) if isinstance(moment, datetime) else day_start(moment)
