"""An unfinished form as far as it can be drawn: words that are missing are borrowed, gaps left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.forms import Field, Form
from engine.forms.reading import draw_form

from .form_lines import Json
from .form_shape import written
from .form_words import LANGUAGES, WORDS

UNSAID = "…"


def drawn(told: Json, types: bytes = b"") -> Form | None:
    """The form of a file that may still be wrong; None where nothing can be drawn of it."""
    ui = dict(told["ui"])
    ui["order"] = [_worded(item) for item in ui["order"] if not _is_empty(item)]
    ui["fields"] = {pointer: _worded(said) for pointer, said in ui.get("fields", {}).items()}
    ui["outcomes"] = [_worded({"label": {}, **one}) for one in ui.get("outcomes", ())]
    ui.pop("party", None)
    if "title" in ui:
        ui["title"] = _words(ui["title"])
    form = draw_form(written({**told, "ui": ui}), types)
    return form and replace(form, fields={name: _called(one) for name, one in form.fields.items()})


def _called(field: Field) -> Field:
    """By its path where nobody said a name yet: a control without one says nothing to anybody."""
    label = field.label if any(field.label.values()) else dict.fromkeys(LANGUAGES, field.pointer)
    return replace(field, label=label, columns=tuple(_called(one) for one in field.columns))


def _is_empty(item: Any) -> bool:
    """A group without fields, a table without columns."""
    if isinstance(item, str):
        return False
    return not (item.get("columns") if "table" in item else item.get("order", "text" in item))


def _worded(said: Any) -> Any:
    """With every word said in both languages."""
    if not isinstance(said, dict):
        return said
    found = {key: _words(value) if key in WORDS else value for key, value in said.items()}
    if isinstance(found.get("options"), dict):
        found["options"] = {code: _words(word) for code, word in found["options"].items()}
    if "columns" in found:
        found["columns"] = [_worded(column) for column in found["columns"]]
    return found


def _words(said: Any) -> Any:
    if not isinstance(said, dict):
        return said
    other = next((text for text in said.values() if text), UNSAID)
    return {lang: said.get(lang) or other for lang in LANGUAGES}
