"""Reads scenario files (conventions 6): what is no story is refused with the place that is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from engine.errors import Invalid
from engine.lexical import parse_duration
from engine.model import Bilingual, Problem
from engine.values import from_json
from engine.workdays import CHINA

SCHEMA = json.loads((Path(__file__).parent / "scenario.schema.json").read_text("utf-8"))
KINDS = (
    *("task", "pass", "to", "message", "signal", "effect"),
    *("correct", "cancel", "retry", "clock", "days", "settings", "parties"),
)
"""What a step may be: each is told by the key of that name."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story: ``steps`` and expectations as they stand in the file (plain JSON)."""

    name: str
    title: Bilingual
    start: Mapping[str, Any]
    steps: tuple[Mapping[str, Any], ...]
    expect: Mapping[str, Any]
    clauses: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    registers: Mapping[str, Any] = field(default_factory=dict)
    waits: tuple[str, ...] = ()

    def registers_on(self, day: date) -> Mapping[str, Any]:
        """What the office's registers say on a day, as forms read it."""
        told: Mapping[str, Any] = from_json(self.registers)
        return {name: [row for row in rows if _holds(row, day)] for name, rows in told.items()}


def find_scenarios(files: Mapping[str, bytes]) -> Iterator[Scenario]:
    """The procedure's own scenarios among its files, by name; those of called procedures are not."""
    for path in sorted(files):
        if path.startswith("scenarios/") and path.endswith(".json"):
            yield read_scenario(files[path], path.removeprefix("scenarios/").removesuffix(".json"))


def read_scenario(content: bytes, name: str = "") -> Scenario:
    """The story in a file. Raises Invalid (scenario_malformed) with a Problem per wrong place."""
    try:
        plain = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Invalid("scenario_not_json", name=name, reason=str(error)) from None
    problems = [*_problems(SCHEMA, plain, ""), *_step_problems(plain)]
    if problems:
        said = "; ".join(
            f"{problem.pointer or '/'}: {problem.params['reason']}" for problem in problems
        )
        raise Invalid("scenario_malformed", problems=problems, name=name, reason=said)
    return Scenario(
        name,
        plain["title"],
        plain["start"],
        tuple(plain["steps"]),
        plain["expect"],
        tuple(plain.get("clauses", ())),
        plain.get("answers", {}),
        plain.get("registers", {}),
        tuple(plain.get("waits", ())),
    )


def _holds(row: Mapping[str, Any], day: date) -> bool:
    since, until = row.get("valid_from") or date.min, row.get("valid_until") or date.max
    return bool(since <= day <= until)


def _step_problems(plain: Any) -> Iterator[Problem]:
    steps = plain.get("steps", ()) if isinstance(plain, dict) else ()
    for number, step in enumerate(steps if isinstance(steps, list) else ()):
        kinds = [kind for kind in KINDS if isinstance(step, dict) and kind in step]
        if len(kinds) != 1:
            reason = f"exactly one of {', '.join(KINDS)}"
            yield Problem(f"/steps/{number}", "scenario_malformed", {"reason": reason})
        else:
            yield from _problems(_step_schema(kinds[0]), step, f"/steps/{number}")


@cache
def _step_schema(kind: str) -> Mapping[str, Any]:
    return {**SCHEMA["$defs"][kind], "$defs": SCHEMA["$defs"]}


def _problems(schema: Mapping[str, Any], plain: Any, at: str) -> Iterator[Problem]:
    for pointer, error in _errors(schema, plain, at):
        yield Problem(pointer, "scenario_malformed", {"reason": error.message})


def schema_errors(plain: Any) -> Iterator[tuple[str, ValidationError]]:
    """What the schemas of stories and of their steps say against a story, by pointer."""
    yield from _errors(SCHEMA, plain, "")
    steps = plain.get("steps") if isinstance(plain, dict) else None
    for number, step in enumerate(steps if isinstance(steps, list) else ()):
        kinds = [kind for kind in KINDS if isinstance(step, dict) and kind in step]
        if len(kinds) == 1:
            yield from _errors(_step_schema(kinds[0]), step, f"/steps/{number}")


def _errors(
    schema: Mapping[str, Any], plain: Any, at: str
) -> Iterator[tuple[str, ValidationError]]:
    for error in Draft202012Validator(schema).iter_errors(plain):
        yield at + "".join(f"/{part}" for part in error.absolute_path), error


def moment(text: str) -> datetime:
    """An ISO 8601 date-time in UTC; without an offset it is +08:00. Invalid (scenario_no_day)."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("scenario_no_day", text=text[:40]) from None
    return (value if value.tzinfo else value.replace(tzinfo=CHINA)).astimezone(UTC)


def span(text: str) -> timedelta:
    """An ISO 8601 days-time duration."""
    return parse_duration(text)
