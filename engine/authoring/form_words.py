"""What was typed into the fields of an editor becomes what a form says; what is unchanged stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.errors import Invalid
from engine.model import Bilingual

from .form_lines import Json

Typed = Mapping[str, str]
"""By the name of the control: ``label.zh``, ``show``, ``options.0.code``."""

LANGUAGES = ("zh", "en")
TEXTS = ("show", "require", "compute", "initial", "check", "table", "widget", "requires", "kind")
WORDS = ("label", "help", "unit", "each", "say", "group", "text", "title", "leads_to", "refusal")
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")


def say(target: Json, told: Mapping[str, Any], typed: Typed) -> None:
    """Words, expressions and citations. ``told``: what stands there, wherever it comes from."""
    for key in WORDS:
        if f"{key}.zh" in typed:
            _put(target, told, key, words(typed, key))
    for key in TEXTS:
        if key in typed and plain(typed[key]) != as_typed(told.get(key)):
            _put(target, told, key, plain(typed[key]))
    if "basis" in typed and plain(typed["basis"]) != as_typed(told.get("basis")):
        named = (one.strip() for one in re.split("[,，;；、]", typed["basis"]))
        _put(target, told, "basis", [one for one in named if one])


def _put(target: Json, told: Mapping[str, Any], key: str, value: Any) -> None:
    if value == told.get(key) or not (value or key in told):
        return
    if value:
        target[key] = value
    else:
        target.pop(key, None)


def words(typed: Typed, key: str) -> Bilingual:
    """Only the languages in which something is said."""
    both = ((lang, plain(typed.get(f"{key}.{lang}", ""))) for lang in LANGUAGES)
    return {lang: text for lang, text in both if text}


def plain(text: str) -> str:
    """Without the line ends of a browser."""
    return text.replace("\r\n", "\n").strip()


def as_typed(value: Any) -> str:
    """How an editor shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def number(text: str) -> int | float | None:
    """Of a limit; raises Invalid (authoring_number)."""
    if not text.strip():
        return None
    if not NUMBER.fullmatch(text.strip()):
        raise Invalid("authoring_number", text=text[:40])
    return float(text) if "." in text else int(text)


def rows(typed: Typed, key: str) -> Iterator[tuple[str, Bilingual]]:
    """Codes with their words, as many as were typed; empty rows are none."""
    numbers = {name.split(".")[1] for name in typed if name.startswith(f"{key}.")}
    for place in sorted(int(one) for one in numbers if one.isdecimal()):
        code, said = typed.get(f"{key}.{place}.code", "").strip(), words(typed, f"{key}.{place}")
        if code or said:
            yield code, said
