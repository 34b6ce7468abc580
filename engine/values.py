"""FEEL values as JSON: the one codec of everything that is stored, hashed or sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
import rfc8785

from engine.errors import Invalid
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

SAFE_INTEGER = 2**53 - 1
DEPTH = 100
"""Data nested deeper than this is refused: no form, decision or procedure comes near it."""


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
    depth -= 1
    if kind is list or isinstance(plain, list):
        return [item if type(item) in _SAME else from_json(item, depth) for item in plain]
    values = {}
    for key, item in plain.items():
        if key[:1] == "$":
            return _tagged(plain, depth)
        values[key] = item if type(item) in _SAME else from_json(item, depth)
    return values


def _tagged(plain: Mapping[str, Any], depth: int) -> Any:
    body: Any
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
    return canonical_json(to_json(value)) if _goes_beyond(content) else content


def canonical_json(plain: Any) -> bytes:
    """RFC 8785 bytes of plain JSON without fractions; Invalid (value_unstorable) for half characters.

    ``write_json`` gives the same bytes many times faster, except that it sorts keys by code point:
    text beyond the Basic Multilingual Plane goes to the reference implementation.
    """
    try:
        content = write_json(plain, is_sorted=True)
        return rfc8785.dumps(plain) if _goes_beyond(content) else content
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise Invalid("value_unstorable", kind="text") from error


def _goes_beyond(content: bytes) -> bool:
    """Whether text beyond the Basic Multilingual Plane stands in it: only that has these bytes."""
    return not content.isascii() and len(content.translate(None, _BEYOND)) < len(content)


def write_value(value: Any, is_sorted: bool = False) -> bytes:
    """``write_json(to_json(value))``, in one pass unless something in it needs a closer look.

    That are keys that look like tags, fractions that are no decimals, and what may be too deep.
    """
    tags = 0

    def tagged(scalar: Any) -> Any:
        nonlocal tags
        kind = type(scalar)
        plain = _number(scalar) if kind is Decimal else _SCALARS[kind](scalar)
        tags += type(plain) is dict
        return plain

    try:
        content = orjson.dumps(value, tagged, _STRICT | (orjson.OPT_SORT_KEYS if is_sorted else 0))
    except orjson.JSONEncodeError:
        return write_json(to_json(value), is_sorted)
    is_flat = len(content) < DEPTH or content.count(b"{") + content.count(b"[") <= DEPTH
    is_plain = is_flat and (content.count(b'"$') == tags if tags else b'"$' not in content)
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
_BEYOND = b"\xf0\xf1\xf2\xf3\xf4"
_FRACTION = re.compile(rb"(?:^|[:,\[])-?[0-9]+[.e]")
