"""Dates, times and durations as FEEL writes them: text to value and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, order=True, slots=True)
class Months:
    """A years-and-months duration, counted in months (may be negative)."""

    n: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.n), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.n < 0 else ''}P{text}"


_ZONE = r"(?P<zone>Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?"
_DATE = r"(?P<date>\d{4}-\d\d-\d\d)"
_TIME = r"(?P<time>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d+))?" + _ZONE
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(_TIME, re.ASCII)
_DATE_TIME = re.compile(f"{_DATE}T{_TIME}", re.ASCII)
_USUAL = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:Z|[+-]0\d:[0-5]\d)", re.ASCII)
"""A date-time that Python reads by itself to the same value, many times faster."""
_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?"
    r"(?:(?P<seconds>\d+)(?:\.(?P<fraction>\d*))?S)?)?",
    re.ASCII,
)
_MONTHS = re.compile(r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?", re.ASCII)


@lru_cache(maxsize=512)
def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    if text.startswith("@"):
        try:
            return ZoneInfo(text[1:])
        except (ZoneInfoNotFoundError, OSError) as error:  # OSError: the name of a folder
            raise ValueError(text) from error
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if hours > 14 or minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    return timezone(-offset if text[0] == "-" else offset)


def _zone_text(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None) or timedelta()
    if not offset:
        return "Z"
    seconds = abs(int(offset.total_seconds()))
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return (
        ("-" if offset < timedelta() else "+")
        + text
        + (f":{seconds % 60:02}" if seconds % 60 else "")
    )


def _micro(fraction: str | None) -> int:
    return int((fraction or "0")[:6].ljust(6, "0"))


def parse_date(text: str) -> date:
    """``YYYY-MM-DD``; ValueError if it is none."""
    if not _DATE_ONLY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def parse_time(text: str) -> time:
    """``hh:mm:ss[.fraction][Z|±hh:mm|@Zone]``, cut at microseconds; ValueError if it is none."""
    match = _TIME_ONLY.fullmatch(text)
    if not match:
        raise ValueError(text)
    clock = time.fromisoformat(match["time"])
    return clock.replace(microsecond=_micro(match["fraction"]), tzinfo=_zone(match["zone"]))


def parse_datetime(text: str) -> datetime:
    """A date and a time joined by ``T``; ValueError if it is none."""
    if _USUAL.fullmatch(text):
        return datetime.fromisoformat(text)
    match = _DATE_TIME.fullmatch(text)
    if not match:
        raise ValueError(text)
    return datetime.combine(date.fromisoformat(match["date"]), parse_time(text.split("T", 1)[1]))


def parse_duration(text: str) -> timedelta:
    """``[-]PnDTnHnMnS``; ValueError if it is none or overflows."""
    match = _DURATION.fullmatch(text)
    if not match or text.endswith(("P", "T")):
        raise ValueError(text)
    parts = {k: int(match[k] or 0) for k in ("days", "hours", "minutes", "seconds")}
    try:
        length = timedelta(microseconds=_micro(match["fraction"]), **parts)
    except OverflowError as error:
        raise ValueError(text) from error
    return -length if match["sign"] else length


def parse_months(text: str) -> Months:
    """``[-]PnYnM``; ValueError if it is none."""
    match = _MONTHS.fullmatch(text)
    if not match or text.endswith("P") or len(text) > 24:
        raise ValueError(text)
    count = int(match["years"] or 0) * 12 + int(match["months"] or 0)
    return Months(-count if match["sign"] else count)


def format_duration(length: timedelta) -> str:
    """``[-]PnDTnHnMnS`` without empty parts; ``PT0S`` for nothing."""
    sign, length = ("-", -length) if length < timedelta() else ("", length)
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    days = f"{length.days}D" if length.days else ""
    return f"{sign}P{days}T{clock}" if clock else f"{sign}P{days}" if days else "PT0S"


def format_time(clock: time) -> str:
    """``hh:mm:ss[.fraction]`` with ``Z``, offset or ``@Zone`` as it was given."""
    plain = clock.replace(tzinfo=None, microsecond=0).isoformat()
    fraction = f".{clock.microsecond:06}".rstrip("0") if clock.microsecond else ""
    return plain + fraction + _zone_text(clock.tzinfo)


def format_datetime(moment: datetime) -> str:
    """Date and time joined by ``T``."""
    if type(moment.tzinfo) is timezone and not moment.microsecond:  # the usual
        text = moment.isoformat()
        return text[:-6] + "Z" if text.endswith("+00:00") else text
    return f"{moment.date().isoformat()}T{format_time(moment.timetz())}"
