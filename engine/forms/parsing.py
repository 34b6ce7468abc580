"""From what was typed, or sent as plain JSON, to a FEEL value of the field's kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.forms.form import CENT, Field
from engine.forms.formats import write_down
from engine.forms.schema import MAX_LONG_TEXT, MAX_TEXT
from engine.model import Problem

LOCAL = timezone(timedelta(hours=8))
MAX_DIGITS = 18
NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?|[+-]?\.\d+")
DATE = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))"
)
TIME = re.compile(r"(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?(?:\.\d+)?|[时点](?:(\d{1,2})分?)?)")
ZONE = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
YES, NO = ("true", "on"), ("false",)


class Unfit(Exception):
    """What was given cannot be a value of this kind."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def at(self, pointer: str) -> Problem:
        return Problem(pointer, self.code, self.params)


def parse(field: Field, given: Any) -> Any:
    """The FEEL value of one field (not rows), None if empty; raises Unfit."""
    return PARSERS[field.kind](field, given)


def _text(field: Field, given: Any) -> str | None:
    if not isinstance(given, str):
        raise Unfit("form_not_text")
    limit = field.schema.get("maxLength", MAX_LONG_TEXT if long_text(field) else MAX_TEXT)
    if len(given) > 4 * limit:  # NFC and trimming cannot shorten honest text that much
        raise Unfit("form_too_long", limit=limit)
    text = unicodedata.normalize("NFC", given.replace("\r\n", "\n").replace("\r", "\n")).strip()
    refuse_controls(text, "\n\t" if long_text(field) else "")
    text = write_down(field.format, _narrow(text)) if field.format else text
    if len(text) > limit:
        raise Unfit("form_too_long", limit=limit)
    return text or None


def long_text(field: Field) -> bool:
    return field.widget == "long"


def refuse_controls(text: str, allowed: str = "") -> None:
    """Null bytes, control characters, lone surrogates and direction marks stand in no document."""
    if text.isprintable():
        return
    for character in text:
        if character in allowed:
            continue
        if unicodedata.category(character) in ("Cc", "Cs") or character in BIDI:
            raise Unfit("form_control_character", character=f"U+{ord(character):04X}")


def _narrow(text: str) -> str:
    """Full-width letters, digits and signs as plain ones; Chinese stays as it is."""
    return "".join(
        chr(ord(c) - 0xFEE0) if "！" <= c <= "～" and c not in "（）" else c for c in text
    )


def _typed(given: Any, code: str) -> str:
    if not isinstance(given, str) or len(given) > 100:
        raise Unfit(code)
    return _narrow(given.strip()).replace("−", "-").replace("\u3000", " ")


def _number(field: Field, given: Any) -> Decimal | None:
    if isinstance(given, Decimal | int) and not isinstance(given, bool):
        return _bounded(Decimal(given))
    if isinstance(given, float):
        return _number(field, repr(given))
    text = _typed(given, "form_not_number").replace(" ", "")
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise Unfit("form_not_number")
    return _bounded(Decimal(text.replace(",", "")))


def _bounded(value: Decimal) -> Decimal:
    if not value.is_finite() or (value and value.adjusted() >= MAX_DIGITS):
        raise Unfit("form_number_too_long", limit=MAX_DIGITS)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MAX_DIGITS:
        raise Unfit("form_number_too_long", limit=MAX_DIGITS)
    return value


def _integer(field: Field, given: Any) -> Decimal | None:
    value = _number(field, given)
    if value is not None and value != value.to_integral_value():
        raise Unfit("form_not_whole")
    return value if value is None else value.quantize(Decimal(1))


def _money(field: Field, given: Any) -> Decimal | None:
    if isinstance(given, str):
        given = re.sub(r"^(人民币|CNY|RMB)?\s*[¥￥]?|元整?\s*$", "", given.strip())
    value = _number(field, given)
    if value is None:
        return None
    try:
        exact = value.quantize(CENT)
    except InvalidOperation as error:
        raise Unfit("form_number_too_long", limit=MAX_DIGITS) from error
    if exact != value:
        raise Unfit("form_money_places")
    return exact


def _boolean(field: Field, given: Any) -> bool | None:
    if isinstance(given, bool):
        return given
    if given == "":  # a box that is not ticked sends nothing: that is its no
        return False if field.widget == "checkbox" else None
    if given not in YES + NO:
        raise Unfit("form_not_offered")
    return given in YES


def _date(_: Field, given: Any) -> date | None:
    if isinstance(given, datetime):
        raise Unfit("form_not_date")
    if isinstance(given, date):
        return given
    text = _typed(given, "form_not_date").replace(" ", "")
    return as_date(text) if text else None


def as_date(text: str) -> date:
    """2026-3-5, 2026/3/5, 2026.3.5, 20260305, 2026年3月5日."""
    found = DATE.fullmatch(text)
    parts = [int(part) for part in found.groups() if part] if found else []
    try:
        day = date(*parts)
    except (ValueError, TypeError) as error:
        raise Unfit("form_not_date") from error
    if not 1850 <= day.year <= 2200:
        raise Unfit("form_year_unlikely", year=day.year)
    return day


def _time(_: Field, given: Any) -> time | None:
    if isinstance(given, time):
        return given
    text = _typed(given, "form_not_time").replace(" ", "")
    return as_time(text) if text else None


def as_time(text: str) -> time:
    """9:05, 09:05:30, 9时5分, 9点."""
    found = TIME.fullmatch(text)
    hour, minute, second = (
        ([int(part) for part in found.groups() if part] + [0, 0])[:3] if found else (99, 0, 0)
    )
    try:
        return time(hour, minute, second)
    except ValueError as error:
        raise Unfit("form_not_time") from error


def _moment(_: Field, given: Any) -> datetime | None:
    if isinstance(given, datetime):
        return (given if given.tzinfo else given.replace(tzinfo=LOCAL)).astimezone(LOCAL)
    text = _typed(given, "form_not_moment")
    if not text:
        return None
    zone = ZONE.search(text)
    found = re.fullmatch(r"(\S+?)(?:[T ]+|(?<=日))(\S+)", text[: zone.start()] if zone else text)
    if not found:
        raise Unfit("form_not_moment")
    moment = datetime.combine(as_date(found[1]), as_time(found[2].rstrip("秒")), LOCAL)
    if not zone:
        return moment
    offset = zone[1].replace("Z", "+0000").replace(":", "")
    exact = datetime.strptime(f"{moment:%Y%m%d%H%M%S}{offset}", "%Y%m%d%H%M%S%z")
    return exact.astimezone(LOCAL)


def _choices(_: Field, given: Any) -> list[str] | None:
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        raise Unfit("form_not_offered")
    return [item for item in given if item] or None


def _file(_: Field, given: Any) -> dict[str, Any] | None:
    if given == "":
        return None
    shaped = isinstance(given, Mapping) and set(given) == {"digest", "name", "size", "type"}
    if not shaped or not re.fullmatch(r"[0-9a-f]{64}", str(given["digest"])):
        raise Unfit("form_not_file")
    named = {key: given[key] for key in ("name", "type")}
    if not all(isinstance(said, str) and 0 < len(said) <= 255 for said in named.values()):
        raise Unfit("form_not_file")
    if not isinstance(given["size"], int | Decimal) or given["size"] < 0:
        raise Unfit("form_not_file")
    refuse_controls(named["name"])
    return {"digest": given["digest"], **named, "size": Decimal(given["size"])}


def _signature(field: Field, given: Any) -> dict[str, Any] | None:
    """A file that says how it was made and what was signed; ``at`` is the server's."""
    if given == "":
        return None
    if not isinstance(given, Mapping) or given.get("how") not in ("PAD", "PAPER"):
        raise Unfit("form_not_signed")
    if not re.fullmatch(r"[0-9a-f]{64}", str(given.get("signed"))):
        raise Unfit("form_not_signed")
    own = {"how": given["how"], "signed": given["signed"]}
    file = _file(field, {key: given[key] for key in given if key not in ("how", "signed", "at")})
    at = {"at": _moment(field, given["at"])} if "at" in given else {}
    return {**(file or {}), **own, **at}


def _files(field: Field, given: Any) -> list[dict[str, Any]] | None:
    if given == "":
        return None
    if not isinstance(given, list):
        raise Unfit("form_not_file")
    found = [_file(field, item) for item in given]
    return [item for item in found if item] or None


PARSERS: Mapping[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "number": _number,
    "integer": _integer,
    "money": _money,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "date-time": _moment,
    "choices": _choices,
    "file": _file,
    "files": _files,
    "signature": _signature,
}
