"""Between a browser's field names and a form's values: gathering what came, filling what is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine.forms.form import Field, Form, Raw
from engine.forms.parsing import LOCAL
from engine.model import Problem

ROW = re.compile(r"(.+?)/(0|[1-9]\d{0,4})/([^/]+)")


def gather(form: Form, raw: Raw, keep_empty: bool = False) -> tuple[dict[str, Any], list[Problem]]:
    """What was given for each field, rows as lists of dicts; a problem for each unknown name."""
    raw = compact(form, raw, keep_empty)
    known = {name for name, field in form.fields.items() if field.kind != "rows"}
    given = {pointer: _given(field, raw, pointer) for pointer, field in form.fields.items()}
    rows = {name: _row_name(form, name) for name in raw if name not in known}
    strange = [name for name, found in rows.items() if found is None]
    return given, [Problem(name[:200], "form_unknown_field") for name in strange]


def _given(field: Field, raw: Raw, pointer: str) -> Any:
    if field.kind == "rows":
        return [
            {c.name: _given(c, raw, f"{pointer}/{number}/{c.name}") for c in field.columns}
            for number in range(_count(raw, pointer))
        ]
    values = raw.get(pointer) or [""]
    if field.kind == "choices":
        return list(values)
    if field.kind == "files":
        return [_object(value) for value in values if value]
    return _object(values[0]) if field.kind in ("file", "signature") else values[0]


def _object(text: str) -> Any:
    """The JSON of a file's place; what is none stays text and is refused as a file later."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _count(raw: Raw, pointer: str) -> int:
    found = [ROW.fullmatch(name) for name in raw if name.startswith(f"{pointer}/")]
    return max((int(one[2]) + 1 for one in found if one and one[1] == pointer), default=0)


def _row_name(form: Form, name: str) -> tuple[str, int, str] | None:
    found = ROW.fullmatch(name)
    field = form.fields.get(found[1]) if found else None
    if not found or field is None or found[3] not in {column.name for column in field.columns}:
        return None
    return found[1], int(found[2]), found[3]


def compact(form: Form, raw: Raw, keep_empty: bool = False) -> dict[str, list[str]]:
    """The same with rows numbered without gaps; rows in which nothing was filled in fall away."""
    numbers = row_numbers(form, raw, keep_empty)
    named = ((renamed(form, name, numbers), values) for name, values in raw.items())
    return {name: list(values) for name, values in named if name is not None}


def row_numbers(form: Form, raw: Raw, keep_empty: bool = False) -> dict[tuple[str, int], int]:
    """The new number of each row that stays, by (pointer, old number)."""
    rows: dict[tuple[str, int], bool] = {}
    for name, values in raw.items():
        found = _row_name(form, name)
        if found:
            kept = keep_empty or any(value.strip() for value in values)
            rows[found[:2]] = rows.get(found[:2], False) or kept
    numbers: dict[tuple[str, int], int] = {}
    counts: dict[str, int] = {}
    for pointer, number in sorted(row for row, kept in rows.items() if kept):
        numbers[pointer, number] = counts.get(pointer, 0)
        counts[pointer] = numbers[pointer, number] + 1
    return numbers


def renamed(form: Form, name: str, numbers: Mapping[tuple[str, int], int]) -> str | None:
    """A field's name under its row's new number; None where the row fell away."""
    found = _row_name(form, name)
    if found is None:
        return name
    number = numbers.get(found[:2])
    return None if number is None else f"{found[0]}/{number}/{found[2]}"


def as_raw(form: Form, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """FEEL values by pointer as a browser's fields hold them."""
    raw: dict[str, list[str]] = {}
    for pointer, value in values.items():
        field = form.fields[pointer]
        if field.kind != "rows":
            raw[pointer] = texts(field, value)
            continue
        for number, row in enumerate(value or ()):
            for column in field.columns:
                raw[f"{pointer}/{number}/{column.name}"] = texts(column, row.get(column.name))
    return raw


def texts(field: Field, value: Any) -> list[str]:
    """One value as the texts of its control."""
    if value is None:
        return [""]
    if isinstance(value, list):
        return [text for item in value for text in texts(field, item)] or [""]
    return [_text(field, value)]


def _text(field: Field, value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:.2f}" if field.kind == "money" else f"{value:f}"
        case datetime():
            local = value.astimezone(LOCAL) if value.tzinfo else value
            return local.strftime("%Y-%m-%dT%H:%M")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case Mapping():
            return json.dumps(value, ensure_ascii=False, default=_scalar)
    return str(value)


def _scalar(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) and value.is_finite() else str(value)
