"""Parts of a form that several controls say together: choices, columns of a table, outcomes."""

from __future__ import annotations

import re

from engine.errors import Invalid
from engine.model import Bilingual

from .form_lines import Json, Line
from .form_words import Typed, rows, say


def pointer_of(path: str) -> str:
    """Of ``a.b`` or ``/a/b``; raises Invalid (authoring_path)."""
    named = path.strip()
    pointer = named if named.startswith("/") else "/" + named.replace(".", "/")
    if not re.fullmatch(r"(/[^/~*\s]+)+", pointer):
        raise Invalid("authoring_path", path=path[:100])
    return pointer


def options(line: Line) -> list[tuple[str, Bilingual]]:
    """What can be chosen, code and words, in the order of the codes."""
    said = line.told.get("options")
    words = said if isinstance(said, dict) else {}
    return [(code, words.get(code, {})) for code in line.codes]


def offered(line: Line) -> str:
    """The FEEL list that says what can be chosen; "" where the codes do."""
    said = line.told.get("options")
    return said if isinstance(said, str) else ""


def table_columns(line: Line) -> list[tuple[str, Bilingual]]:
    """Keys of a table to read, with their words."""
    return [(column.get("key", ""), column.get("label", {})) for column in line.told["columns"]]


def say_columns(item: Json, typed: Typed) -> None:
    """The columns of a table to read; what else one says stays with its key."""
    if not any(name.startswith("columns.") for name in typed):
        return
    known = {column.get("key"): column for column in item["columns"]}
    item["columns"] = [
        {**known.get(key, {}), "key": key, "label": words} for key, words in rows(typed, "columns")
    ]


def say_outcome(outcome: Json, typed: Typed) -> None:
    """One way to finish the task; raises Invalid (authoring_outcome)."""
    say(outcome, outcome, typed)
    named = typed.get("id", outcome["id"]).strip()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", named):
        raise Invalid("authoring_outcome", id=named[:60])
    outcome["id"] = named
    if "skip_required" in typed and (typed["skip_required"] == "yes") != bool(
        outcome.get("skip_required")
    ):
        outcome["skip_required"] = typed["skip_required"] == "yes"
