"""How dates, spans, money, names and identity numbers are written on the screens."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from . import words

CHINA = timezone(timedelta(hours=8))
"""Legal dates are local dates of mainland China, whatever zone the machine is in."""
MONTHS = "January February March April May June July August September October November December"


def long_date(value: date | datetime) -> str:
    """2026年3月5日 · 5 March 2026."""
    day = local(value)
    if words.lang() == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS.split()[day.month - 1]} {day.year}"


def long_time(value: datetime) -> str:
    """The date and the minute: 2026年3月5日 10:42."""
    return f"{long_date(value)} {local(value):%H:%M}"


def short_date(value: date | datetime) -> str:
    """03-05 within tables; with the year when it is another one."""
    day = local(value)
    return f"{day:%m-%d}" if day.year == datetime.now(CHINA).year else f"{day:%Y-%m-%d}"


def short_time(value: datetime) -> str:
    return f"{short_date(value)} {local(value):%H:%M}"


def clock_time(value: datetime) -> str:
    return f"{local(value):%H:%M}"


def machine_time(value: date | datetime) -> str:
    """For ``<time datetime>``."""
    return local(value).isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def local(value: Any) -> Any:
    return value.astimezone(CHINA) if isinstance(value, datetime) else value


def last_day(due_at: datetime) -> date:
    """The last day on which something due at an instant is in time: 24:00 belongs to the day before."""
    day: date = (local(due_at) - timedelta(microseconds=1)).date()
    return day


def due_moment(due_at: datetime) -> str:
    """The last day of a period that ends with a day, else its last minute (hours, custody)."""
    midnight = local(due_at).time() == time()
    return long_date(last_day(due_at)) if midnight else long_time(due_at)


def days_left(due_at: datetime, now: datetime) -> int:
    """Whole local days until the last day; negative when it is past."""
    left = (last_day(due_at) - local(now).date()).days
    return left if due_at > now or left < 0 else -1


def urgency(due_at: datetime | None, now: datetime) -> str:
    """late, soon (three days or less) or fine; "" without a date."""
    if due_at is None:
        return ""
    if due_at <= now:
        return "late"
    return "soon" if days_left(due_at, now) <= 3 else "fine"


def left_in_words(due_at: datetime, now: datetime) -> str:
    """剩 3 天 · 3 days left; hours within the last day; 超期 2 天 when late."""
    if due_at <= now:
        return words.t("clock.late", span=span(now - due_at))
    days = days_left(due_at, now)
    if days == 0 or due_at - now < timedelta(hours=24):
        return words.t(
            "clock.hours_left", hours=max(1, int((due_at - now).total_seconds() // 3600))
        )
    return words.t("clock.day_left" if days == 1 else "clock.days_left", days=days)


def ago(value: datetime, now: datetime) -> str:
    """How long ago, in the largest sensible unit."""
    return (
        words.t("clock.ago", span=span(now - value))
        if now - value >= timedelta(minutes=1)
        else words.t("clock.just_now")
    )


def lasted(milliseconds: int) -> str:
    """A measured length: in milliseconds below a second, in seconds below a minute, else as a span."""
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.1f} s"
    return span(timedelta(milliseconds=milliseconds))


def span(length: timedelta) -> str:
    """A length of time in its largest sensible unit: 3 天 · 3 days."""
    minutes = int(length.total_seconds() // 60)
    for unit, size in (("days", 1440), ("hours", 60), ("minutes", 1)):
        count = minutes // size
        if count >= 1:
            return words.t(f"clock.{unit}" if count > 1 else f"clock.{unit[:-1]}", count=count)
    return words.t("clock.minute", count=1)


def money(value: Decimal | int) -> str:
    """¥12,000.00."""
    return f"¥{Decimal(value):,.2f}"


def masked(number: str) -> str:
    """An identity number with its middle hidden: 5301**********1234."""
    if len(number) <= 8:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


def readable(value: Any) -> str:
    """Any value as a person reads it."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return words.t("screen.yes" if value else "screen.no")
    if isinstance(value, datetime):
        return long_time(value)
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, list):
        return "、".join(readable(item) for item in value) or "-"
    if isinstance(value, dict):
        return "；".join(f"{key} {_inside(key, item)}" for key, item in value.items()) or "-"
    return str(value)


def _inside(key: str, value: Any) -> str:
    """A value within a record; identity numbers keep their middle hidden wherever they appear."""
    return masked(value) if key == "id_no" and isinstance(value, str) else readable(value)
