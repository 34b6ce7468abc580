"""The form with which case data is mended: every leaf that has a value, as the forms ask for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine.forms.form import Field, Form, Group, Raw, Submitted
from engine.forms.judging import filled, submit
from engine.forms.reading import read_form
from engine.forms.sheet import held, look_up
from engine.model import Bilingual, Data

ITSELF = frozenset({"case", "parties"})
"""What a case knows of itself and of its dossier is not mended here."""
NOT_TYPED = frozenset({"file", "files", "signature"})
SCHEMAS: Mapping[type, Mapping[str, str]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    Decimal: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "format": "time"},
}
REST: Bilingual = {"zh": "流程得出的数据", "en": "Data the case worked out"}

Titled = Sequence[tuple[Bilingual, Form]]
"""Forms with the names of their steps."""


def correction_form(forms: Titled, data: Data) -> Form:
    """What can be mended in this data, grouped by the step that asks for it; nothing is required."""
    fields: dict[str, Field] = {}
    groups = []
    for title, form in (*forms, (REST, _rest(data, known_fields(forms)))):
        asked = {p: f for p, f in form.fields.items() if p not in fields and _typed(f, data)}
        fields |= {pointer: _free(field) for pointer, field in asked.items()}
        if asked:
            groups.append(Group(title, tuple(asked)))
    every = tuple(one for field in fields.values() for one in (*field.columns, field))
    return Form(tuple(groups), fields, every, ())


def known_fields(forms: Titled) -> dict[str, Field]:
    """The field that asks for a pointer, of the first form that does; one a person can see."""
    found: dict[str, Field] = {}
    for _, form in forms:
        for pointer, field in form.fields.items():
            if field.widget != "hidden":
                found.setdefault(pointer, field)
    return found


def corrected(form: Form, raw: Raw, data: Data, now: datetime) -> Submitted:
    """The values that differ from the data; Invalid(form_problems) names the fields that do not fit.

    Only what was typed over is judged: what stands there already is not refused now.
    """
    stood = filled(form, data, now)
    typed = {p: f for p, f in form.fields.items() if _part(raw, p) != _part(stood, p)}
    every = tuple(one for one in form.sequence if (one.rows or one.pointer) in typed)
    given = {name: raw[name] for pointer in typed for name in _part(raw, pointer)}
    values = submit(Form((), typed, every, ()), given, data, now, None).values
    return Submitted({p: v for p, v in values.items() if v != look_up(data, p)}, None)


def _part(raw: Raw, pointer: str) -> dict[str, list[str]]:
    """What belongs to one field, line ends alike and nothing said of what is empty."""
    mine = {n: v for n, v in raw.items() if n == pointer or n.startswith(f"{pointer}/")}
    return {n: [one.replace("\r\n", "\n") for one in v] for n, v in mine.items() if any(v)}


def _typed(field: Field, data: Data) -> bool:
    """Whether the case holds something here that this field shows whole; health data is a doctor's."""
    value = held(data, field)
    if value is None or field.kind in NOT_TYPED or field.widget == "hidden" or field.health:
        return False
    if field.pointer.split("/")[1] in ITSELF:
        return False
    names = {column.name for column in field.columns if column.kind not in NOT_TYPED}
    return field.kind != "rows" or all(row.keys() <= names for row in value)


def _free(field: Field) -> Field:
    """The field without the conditions of its own form."""
    columns = tuple(_free(column) for column in field.columns)
    bare = replace(field, required=False, shows=(), require=None, compute=None, initial=None)
    return replace(bare, check=None, columns=columns)


def _rest(data: Data, known: Mapping[str, Field]) -> Form:
    """A form for the leaves that no form asks for, named by their path."""
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    words = {}
    for pointer, value in _leaves(data, ""):
        if pointer in known:
            continue
        *way, last = pointer.split("/")[1:]
        place = schema["properties"]
        for step in way:
            place = place.setdefault(step, {"type": "object", "properties": {}})["properties"]
        place[last] = SCHEMAS[type(value)]
        name = pointer[1:].replace("/", ".")
        words[pointer] = {"label": {"zh": name, "en": name}}
    told = {"schema": schema, "ui": {"order": list(words), "fields": words}}
    return read_form(json.dumps(told).encode())


def _leaves(data: Data, at: str) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if (not at and key in ITSELF) or set("/~*") & set(key):
            continue
        if isinstance(value, dict) and "digest" not in value:  # a document is what it is
            yield from _leaves(value, f"{at}/{key}")
        elif type(value) in SCHEMAS:
            yield f"{at}/{key}", value
