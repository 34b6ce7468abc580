"""Corrections in words: each value before and after, under the label of the form that asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.forms import Field, known_fields

from .display import due_moment, readable
from .forms import in_words
from .procedures import drawn
from .registers import rule_name
from .words import pick, t


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after, as a person reads it."""

    label: str
    before: str
    after: str


def change(field: Field, before: Any, after: Any) -> Change:
    """What becomes of one field."""
    label = pick(field.label, field.pointer)
    if field.health:
        return Change(label, t("forms.sealed"), t("forms.sealed"))
    return Change(label, value_words(field, before), value_words(field, after))


def corrections(release: str, data: Mapping[str, Any] | None) -> list[Change]:
    """What a correction in the journal changed, or which dates other facts moved; both values each.

    None when the payload was erased.
    """
    told = data or {}
    if "dates" in told:
        return [_moved(date) for date in told["dates"]]
    values, before = told.get("values", {}), told.get("before", {})
    fields = known_fields(drawn(release).forms()) if values else {}
    return [
        change(fields[pointer], before.get(pointer), value)
        if pointer in fields
        else Change(_path(pointer), readable(before.get(pointer)), readable(value))
        for pointer, value in values.items()
    ]


def _moved(told: Mapping[str, Any]) -> Change:
    """A period that ends at another moment; ``told``: {"rule", "before", "after"}."""
    return Change(rule_name(told["rule"]), due_moment(told["before"]), due_moment(told["after"]))


def _path(pointer: str) -> str:
    return pointer[1:].replace("/", ".")


def value_words(field: Field, value: Any) -> str:
    """A value of a field as a person reads it, rows in one line each."""
    if field.kind == "rows":
        return "；".join(_row(field, row) for row in value or ()) or "-"
    return in_words(field, value, [(one.value, pick(one.label)) for one in field.choices]) or "-"


def _row(field: Field, row: Mapping[str, Any]) -> str:
    shown = (one for one in field.columns if one.widget != "hidden")
    said = (value_words(column, row.get(column.name)) for column in shown)
    return " ".join(one for one in said if one != "-") or "-"
