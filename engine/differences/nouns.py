"""One difference, and how two sets of named parts are compared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from engine.diagram import LegalEffect
from engine.model import Bilingual


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs in a file.

    ``part``: node, flow, lane, message, signal, error, escalation, annotation, data, process, field,
    outcome, form, input, output, row, story, step, line, file, other; ``name``: which one (an id, a
    pointer, a number); ``what``: the attribute; ``before`` and ``after``: its value as text. Kind
    "layout": only the drawing, or how the file is written.
    """

    kind: Literal["added", "removed", "changed", "layout"]
    file: str
    part: str
    name: str = ""
    what: str = ""
    before: str = ""
    after: str = ""
    label: Bilingual | None = None


def between(
    file: str, part: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Difference]:
    """Parts by name on both sides, each a mapping of attributes or a dataclass."""
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        label = _label(after if after is not None else before)
        if before is None or after is None:
            kind: Literal["added", "removed"] = "added" if before is None else "removed"
            yield Difference(kind, file, part, name, label=label)
            continue
        was, now = _attributes(before), _attributes(after)
        for what in dict.fromkeys([*was, *now]):
            if was.get(what) != now.get(what):
                values = (plain(was.get(what)), plain(now.get(what)))
                yield Difference("changed", file, part, name, what, *values, label)


def plain(value: Any) -> str:
    """A value as one reads it; "" for nothing."""
    if value in (None, "", (), {}, []):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and set(value) <= {"zh", "en"}:
        return " / ".join(str(word) for word in value.values())
    if isinstance(value, LegalEffect):
        return f"{plain(value.words)} ({' '.join(value.basis)}) {value.outcome}".rstrip()
    if isinstance(value, tuple) and all(isinstance(one, LegalEffect) for one in value):
        return "\n".join(map(plain, value))
    if isinstance(value, tuple | list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False, default=_told)


def _told(value: Any) -> Any:
    if is_dataclass(value):
        return {name: one for name, one in _attributes(value).items() if one not in ("", (), False)}
    return str(value)


def _attributes(part: Any) -> Mapping[str, Any]:
    if isinstance(part, Mapping):
        return part
    return {one.name: getattr(part, one.name) for one in fields(part) if one.name != "id"}


def _label(part: Any) -> Bilingual | None:
    found = part.get("label") if isinstance(part, Mapping) else getattr(part, "name", None)
    return found if isinstance(found, dict) else None
