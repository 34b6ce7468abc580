"""Values of a form as a person reads them: in computed fields, in tables, on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.forms import Column, Field
from webui.display import masked, money, readable
from webui.words import pick


def in_words(drawn: Field, value: Any, choices: Sequence[tuple[str, str]]) -> str:
    """One value: codes in their words, money with its sign, identity numbers masked."""
    if value is None or value == []:
        return ""
    known = dict(choices)
    if isinstance(value, list):
        return "、".join(_listed(item, known) for item in value)
    if isinstance(value, bool):
        return readable(value)
    if drawn.kind == "money":
        return money(value)
    if isinstance(value, Mapping | str) and drawn.kind != "text":
        return _listed(value, known)
    identity = drawn.format == "id-card" or any(name == "id-card" for name, _ in drawn.formats)
    return masked(value) if identity else known.get(value, number(value))


def in_cell(value: Any, column: Column) -> str:
    """A value in a read-only table."""
    said = {choice.value: pick(choice.label) for choice in column.choices}
    if isinstance(value, str) and value in said:
        return said[value]
    if column.money and isinstance(value, Decimal):
        return money(value)
    return number(value)


def number(value: Any) -> str:
    """Numbers without an exponent, everything else as the screens say it."""
    return f"{value:f}" if isinstance(value, Decimal) else readable(value)


def size_of(count: int) -> str:
    """12 KB, 3.4 MB."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / (1024 * 1024):.1f} MB"


def _listed(item: Any, known: Mapping[str, str]) -> str:
    if isinstance(item, Mapping):
        return str(item.get("name", ""))
    return known.get(str(item), str(item))
