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


def gather(form: Form, raw: Raw) -> tuple[dict[str, Any], list[Problem]]:
    """What was given for each field, rows as lists of dicts; a problem for each unknown name."""
    raw = compact(form, raw)
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
    return _object(values[0]) if field.kind == "file" else values[0]


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


def compact(form: Form, raw: Raw) -> dict[str, list[str]]:
    """The same without gaps between rows and without rows in which nothing was filled in."""
    kept: dict[str, list[str]] = {}
    rows: dict[str, dict[int, dict[str, list[str]]]] = {}
    for name, values in raw.items():
        found = _row_name(form, name)
        if found is None:
            kept[name] = list(values)
            continue
        pointer, number, column = found
        rows.setdefault(pointer, {}).setdefault(number, {})[column] = list(values)
    for pointer, numbered in rows.items():
        filled = [row for _, row in sorted(numbered.items()) if _filled(row)]
        for number, row in enumerate(filled):
            kept.update({f"{pointer}/{number}/{column}": row[column] for column in row})
    return kept


def _filled(row: Mapping[str, list[str]]) -> bool:
    return any(value.strip() for values in row.values() for value in values)


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
        return [text for item in value for text in texts(field, item)]
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
            return json.dumps(value, ensure_ascii=False, default=int)
    return str(value)
