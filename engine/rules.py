"""The deadline table as values: rules, computed ends and the parts of their explanations."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from .model import Bilingual

Unit = Literal["days", "working_days", "hours", "minutes", "months", "years", "limit"]
REMINDERS = (50, 80, 100)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the deadline table (``bpmn/shared/rules.toml``)."""

    id: str
    name: Bilingual
    starts: Bilingual  # what starts it, in words
    unit: Unit
    counting: str  # C1, C5, C6 or C7
    length: int | None = None
    setting: str = ""  # names the length when it is a DESIGN number
    roll: bool = False  # C2: the last day moves off a day of rest
    basis: tuple[str, ...] = ()
    on_breach: str = "alarm"
    breach: Bilingual | None = None
    extension: Bilingual | None = None  # with "by": who may extend it
    reminders: tuple[int, ...] = REMINDERS
    row: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One clause of an explanation: the code of its text and the values that fill it."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Due:
    """The computed end. ``provisional``: the holidays of that year are not known yet (暂算).

    ``paused``: a pause is open; ``due_at`` is then what it would be if the pause ended at once.
    """

    due_at: datetime
    provisional: bool
    parts: tuple[Part, ...]
    paused: bool = False


@lru_cache(maxsize=16)
def read_rules(content: bytes) -> Mapping[str, Rule]:
    """The rules of a ``rules.toml`` by id."""
    return {key: _rule(key, row) for key, row in tomllib.loads(content.decode()).items()}


def _rule(key: str, row: Mapping[str, Any]) -> Rule:
    counting, unit = row.get("counting", ""), row["unit"]
    return Rule(
        id=key,
        name={"zh": row["zh"], "en": row["en"]},
        starts=row.get("starts", {"zh": "", "en": ""}),
        unit=unit,
        counting=counting,
        length=row.get("length"),
        setting=row.get("setting", ""),
        roll=row.get("roll", counting == "C1" and unit in ("days", "months", "years")),
        basis=tuple(row.get("basis", ())),
        on_breach=row.get("on_breach", "alarm"),
        breach=row.get("breach"),
        extension=row.get("extension"),
        reminders=tuple(row.get("reminders", REMINDERS)),
        row=row.get("row", 0),
    )
