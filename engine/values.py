"""FEEL values as text and as JSON: the one codec of everything that is stored, hashed or sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
import rfc8785

from engine.errors import Invalid

SAFE_INTEGER = 2**53 - 1
DEPTH = 100
"""Data nested deeper than this is refused: no form, decision or procedure comes near it."""


@dataclass(frozen=True, order=True, slots=True)
class Months:
    """A years-and-months duration, counted in months (may be negative)."""

    n: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.n), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.n < 0 else ''}P{text}"


# Texts ---------------------------------------------------------------------------------------

_ZONE = r"(?P<zone>Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?"
_DATE = r"(?P<date>\d{4}-\d\d-\d\d)"
_TIME = r"(?P<time>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d+))?" + _ZONE
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(_TIME, re.ASCII)
_DATE_TIME = re.compile(f"{_DATE}T{_TIME}", re.ASCII)
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
    return f"{moment.date().isoformat()}T{format_time(moment.timetz())}"


# JSON ----------------------------------------------------------------------------------------


def _number(value: Decimal) -> Any:
    text = str(value)
    if text.isdecimal() and len(text) < 16:
        return int(text)  # almost all of them, in one look
    if not value.is_finite():
        raise Invalid("value_unstorable", kind=str(value))
    plain_integer = value.as_tuple().exponent == 0 and not (value.is_zero() and value.is_signed())
    if plain_integer and abs(value) <= SAFE_INTEGER:
        return int(value)
    return {"$n": str(value)}


_SCALARS: dict[type, Callable[[Any], Any]] = {
    type(None): lambda value: value,
    bool: lambda value: value,
    str: lambda value: value,
    int: lambda value: value if abs(value) <= SAFE_INTEGER else {"$n": str(value)},
    Decimal: _number,
    datetime: lambda value: {"$dt": format_datetime(value)},
    date: lambda value: {"$d": value.isoformat()},
    time: lambda value: {"$t": format_time(value)},
    timedelta: lambda value: {"$dur": format_duration(value)},
    Months: lambda value: {"$ym": str(value)},
}

_TAGS: dict[str, Callable[[str], Any]] = {
    "$n": Decimal,
    "$d": parse_date,
    "$t": parse_time,
    "$dt": parse_datetime,
    "$dur": parse_duration,
    "$ym": parse_months,
}


_LISTS = (list, tuple)
_SAME = frozenset({type(None), bool, str})
"""What is its own JSON; told apart where it lies, because calling costs more than looking."""


def to_json(value: Any, depth: int = DEPTH) -> Any:
    """Plain JSON of a FEEL value; Invalid (value_unstorable, value_too_deep) if it has none."""
    kind = type(value)
    scalar = _SCALARS.get(kind)
    if scalar:
        return scalar(value)
    if not depth:
        raise Invalid("value_too_deep", limit=DEPTH)
    if isinstance(value, _LISTS):
        depth -= 1
        return [item if type(item) in _SAME else to_json(item, depth) for item in value]
    if kind is dict or isinstance(value, Mapping):
        return _object(value, depth - 1)
    raise Invalid("value_unstorable", kind=kind.__name__)


def _object(value: Mapping[str, Any], depth: int) -> Any:
    is_tagged = False
    for key in value:
        if not isinstance(key, str):
            raise Invalid("value_unstorable", kind="key")
        is_tagged |= key[:1] == "$"
    if is_tagged:
        return {"$map": [[key, to_json(value[key], depth)] for key in sorted(value)]}
    return {
        key: item if type(item) in _SAME else to_json(item, depth) for key, item in value.items()
    }


def from_json(plain: Any, depth: int = DEPTH) -> Any:
    """The FEEL value of JSON: numbers become Decimal; Invalid (value_malformed) on a bad tag."""
    kind = type(plain)
    if kind in _SAME:
        return plain
    if kind is int:
        return Decimal(plain)
    if kind is float:
        return Decimal(repr(plain))
    if not depth:
        raise Invalid("value_too_deep", limit=DEPTH)
    if isinstance(plain, list):
        depth -= 1
        return [item if type(item) in _SAME else from_json(item, depth) for item in plain]
    return _from_object(plain, depth - 1)


def _from_object(plain: Mapping[str, Any], depth: int) -> Any:
    body: Any
    for key in plain:
        if key[:1] == "$":
            break
    else:
        return {
            key: item if type(item) in _SAME else from_json(item, depth)
            for key, item in plain.items()
        }
    tag, body = next(iter(plain.items()))
    try:
        if len(plain) == 1 and tag == "$map":
            return {str(key): from_json(item, depth) for key, item in body}
        if len(plain) == 1 and isinstance(body, str):
            return _TAGS[tag](body)
    except (ValueError, KeyError, TypeError, InvalidOperation) as error:
        raise Invalid("value_malformed", tag=tag) from error
    raise Invalid("value_malformed", tag=tag)


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of ``to_json(value)``: the bytes that are hashed and stored."""
    try:
        content = write_value(value, is_sorted=True)
    except UnicodeEncodeError as error:
        raise Invalid("value_unstorable", kind="text") from error
    return canonical_json(to_json(value)) if _BEYOND.search(content) else content


def canonical_json(plain: Any) -> bytes:
    """RFC 8785 bytes of plain JSON without fractions; Invalid (value_unstorable) for half characters.

    ``write_json`` gives the same bytes many times faster, except that it sorts keys by code point:
    text beyond the Basic Multilingual Plane goes to the reference implementation.
    """
    try:
        content = write_json(plain, is_sorted=True)
        return rfc8785.dumps(plain) if _BEYOND.search(content) else content
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise Invalid("value_unstorable", kind="text") from error


def write_value(value: Any, is_sorted: bool = False) -> bytes:
    """``write_json(to_json(value))``, in one pass unless something in it needs a closer look.

    That are keys that look like tags, fractions that are no decimals, and what may be too deep.
    """
    tags = 0

    def tagged(scalar: Any) -> Any:
        nonlocal tags
        plain = _SCALARS[type(scalar)](scalar)
        tags += type(plain) is dict
        return plain

    try:
        content = orjson.dumps(value, tagged, _STRICT | (orjson.OPT_SORT_KEYS if is_sorted else 0))
    except orjson.JSONEncodeError:
        return write_json(to_json(value), is_sorted)
    opened = content.count(b"{") + content.count(b"[")
    is_plain = content.count(b'"$') == tags and opened <= DEPTH
    if is_plain and not (b"." in content and _FRACTION.search(content)):
        return content
    return write_json(to_json(value), is_sorted)


def write_json(plain: Any, is_sorted: bool = False) -> bytes:
    """Compact UTF-8 of plain JSON; ``is_sorted``: keys by code point. TypeError for other values."""
    try:
        return orjson.dumps(plain, option=_STRICT | (orjson.OPT_SORT_KEYS if is_sorted else 0))
    except orjson.JSONEncodeError:  # deeper than it goes, or not storable at all
        return json.dumps(
            plain, ensure_ascii=False, separators=(",", ":"), sort_keys=is_sorted
        ).encode()


def read_json(content: bytes | str) -> Any:
    """What ``write_json`` wrote; ValueError when it is damaged."""
    return orjson.loads(content)


_STRICT = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_STRICT_INTEGER
)
_BEYOND = re.compile(rb"[\xf0-\xf4]")
_FRACTION = re.compile(rb"(?:^|[:,\[])-?[0-9]+[.e]")
