"""Entries of registers in words: labels, people and organisations by name, parties of a dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.forms import Field
from engine.registers import Register
from storage import queries

from .forms.reading import in_words
from .product import reading
from .words import pick

Rows = Sequence[queries.RecordRow]


def listed(told: Register) -> list[Field]:
    """The fields that a list shows."""
    return [told.form.fields[pointer] for pointer in told.columns]


def in_cells(
    told: Register, rows: Rows, dossier: str = ""
) -> list[tuple[queries.RecordRow, list[str]]]:
    """Each row with its listed fields in words."""
    names = names_among(told, rows, dossier)
    return [
        (row, [in_words_of(one, row.values.get(one.pointer), names) for one in listed(told)])
        for row in rows
    ]


def said(
    told: Register, values: Mapping[str, Any], names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """(label, value in words) of every field that says something."""
    worded = ((one, in_words_of(one, values.get(one.pointer), names)) for one in told.fields)
    return [(pick(one.label), words) for one, words in worded if words]


def in_words_of(field: Field, value: Any, names: Mapping[str, str]) -> str:
    """A value of a field in words; people, organisations and parties by name."""
    if isinstance(value, str) and value in names:
        return names[value]
    return in_words(field, value, choices(field))


def plain(field: Field, value: Any, names: Mapping[str, str]) -> Any:
    """A value as a cell of a table: numbers and dates stay what they are."""
    keeps = field.kind in ("number", "integer", "money", "date", "date-time")
    return value if keeps or value is None else in_words_of(field, value, names)


def choices(field: Field) -> list[tuple[str, str]]:
    """(value, word) of what can be chosen."""
    return [(choice.value, pick(choice.label)) for choice in field.choices]


def names_among(told: Register, rows: Rows | None, dossier: str = "") -> dict[str, str]:
    """What the people, organisations and parties that rows name are called; all without rows."""
    pointers = [f.pointer for f in told.fields if f.format in ("person", "organisation")]
    named = {str(row.values[p]) for row in rows or () for p in pointers if row.values.get(p)}
    names = queries.names_of(reading(), named if rows is not None else None)
    if dossier:
        names |= {row.id: row.name for row in queries.party_rows(reading(), dossier)}
    return names
