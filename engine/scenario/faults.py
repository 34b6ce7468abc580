"""What is wrong with a scenario as it is typed: each fault at its line, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from json.decoder import JSONDecodeError, JSONDecoder
from typing import Any

from jsonschema import ValidationError

from engine.diagram import read_diagram
from engine.errors import Invalid
from engine.forms import form_of
from engine.model import Bilingual, Data
from engine.package import DIAGRAM

from .reading import KINDS, schema_errors

MOST = 50
"""Faults that are told at once."""
BLANK = re.compile(r"\s*")
JSON: Mapping[str, str] = {
    "Expecting ',' delimiter": "scenario_json_comma",
    "Expecting ':' delimiter": "scenario_json_colon",
    "Expecting property name enclosed in double quotes": "scenario_json_name",
    "Illegal trailing comma": "scenario_json_last_comma",
    "Expecting value": "scenario_json_value",
    "Unterminated string": "scenario_json_string",
    "Invalid control character": "scenario_json_string",
    "Invalid \\escape": "scenario_json_escape",
    "Invalid \\uXXXX escape": "scenario_json_escape",
    "Extra data": "scenario_json_after",
}
PATTERNS = {"^(19": "scenario_bad_moment", "^P": "scenario_bad_span", "^/": "scenario_bad_pointer"}
TYPES: Mapping[str, Bilingual] = {
    "string": {"zh": "带双引号的文字", "en": "a text in double quotes"},
    "object": {"zh": "{ } 里的名称和内容", "en": "names and values in { }"},
    "array": {"zh": "[ ] 里的列表", "en": "a list in [ ]"},
    "boolean": {"zh": "true 或 false", "en": "true or false"},
    "integer": {"zh": "整数", "en": "a whole number"},
    "number": {"zh": "数字", "en": "a number"},
    "null": {"zh": "null", "en": "null"},
}


@dataclass(frozen=True, slots=True)
class Fault:
    """``line`` from 1 on; ``code`` names the sentence."""

    line: int
    code: str
    params: Data = field(default_factory=dict)


def faults(text: str, files: Mapping[str, bytes]) -> list[Fault]:
    """By line, at most 50; ``files``: those of the procedure, whose names a story may speak of."""
    try:
        plain = json.loads(text)
    except JSONDecodeError as error:
        code = next((JSON[said] for said in JSON if error.msg.startswith(said)), "scenario_json")
        return [Fault(error.lineno, code)]
    except (ValueError, RecursionError):
        return [Fault(1, "scenario_json")]
    at = dict(_places(text))
    found = [*_shape(plain), *(_names(plain, files) if isinstance(plain, dict) else ())]
    told = [Fault(_line(at, pointer), code, params) for pointer, code, params in found]
    return sorted(told, key=lambda one: one.line)[:MOST]


def line_of(text: str, pointer: str) -> int:
    """The line on which the value at a pointer begins; of what holds it where there is none."""
    return _line(dict(_places(text)), pointer)


def _line(at: Mapping[str, int], pointer: str) -> int:
    while pointer and pointer not in at:
        pointer = pointer.rpartition("/")[0]
    return at.get(pointer, 1)


# Where values stand ------------------------------------------------------------------------


def _places(text: str) -> Iterator[tuple[str, int]]:
    """(pointer, line) of every value of a JSON text that can be read; a member counts from its name."""
    yield from _Reader(text).value("", _skip(text, 0))


def _skip(text: str, at: int) -> int:
    found = BLANK.match(text, at)
    return found.end() if found else at


class _Reader:
    """Goes through a sound JSON text once; ``at`` is where it stands after a value."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.decode = JSONDecoder().raw_decode
        self._line, self._counted = 1, 0

    def value(self, pointer: str, at: int, named: int = -1) -> Iterator[tuple[str, int]]:
        yield pointer, self.line(at if named < 0 else named)
        if self.text[at] in "{[":
            yield from self._members(pointer, at)
        else:
            self.at = self.decode(self.text, at)[1]

    def _members(self, pointer: str, at: int) -> Iterator[tuple[str, int]]:
        is_object, number = self.text[at] == "{", 0
        at = _skip(self.text, at + 1)
        while self.text[at] not in "}]":
            name, named = str(number), at
            if is_object:
                name, at = self.decode(self.text, at)
                at = _skip(self.text, _skip(self.text, at) + 1)  # past the colon
            yield from self.value(f"{pointer}/{name}", at, named)
            at = _skip(self.text, self.at)
            if self.text[at] == ",":
                at = _skip(self.text, at + 1)
            number += 1
        self.at = at + 1

    def line(self, at: int) -> int:
        """Counted on from the last one asked for."""
        self._line += self.text.count("\n", self._counted, at)
        self._counted = at
        return self._line


# What is wrong -----------------------------------------------------------------------------

Wrong = tuple[str, str, Data]


def _shape(plain: Any) -> Iterator[Wrong]:
    steps = plain.get("steps") if isinstance(plain, dict) else None
    for number, step in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(step, dict) and sum(kind in step for kind in KINDS) != 1:
            yield f"/steps/{number}", "scenario_one_kind", {"kinds": "、".join(KINDS)}
    for pointer, error in schema_errors(plain):
        yield from _said(pointer, error)


def _said(pointer: str, error: ValidationError) -> Iterator[Wrong]:
    kind = error.validator
    instance: Any = error.instance
    value: Any = error.validator_value
    if kind == "required":
        for name in [one for one in value if one not in instance]:
            yield pointer, "scenario_lacks", {"key": name}
    elif kind in ("additionalProperties", "unevaluatedProperties"):
        for name in re.findall(r"'([^']*)'", error.message.partition("(")[2]):
            yield f"{pointer}/{name}", "scenario_unknown_key", {"key": name}
    elif kind == "type":
        wanted = [TYPES[one] for one in ([value] if isinstance(value, str) else value)]
        said = {"zh": "或".join(one["zh"] for one in wanted)}
        yield (
            pointer,
            "scenario_type",
            {"wanted": said | {"en": " or ".join(o["en"] for o in wanted)}},
        )
    elif kind == "pattern":
        code = next((PATTERNS[one] for one in PATTERNS if str(value).startswith(one)), "")
        at = f"{pointer}/{instance}" if code == "scenario_bad_pointer" else pointer
        yield (
            at,
            code or "scenario_other",
            {"text": str(instance)[:60], "reason": error.message},
        )
    elif kind == "minLength":
        yield pointer, "scenario_empty", {}
    else:
        yield pointer, "scenario_other", {"reason": error.message[:200]}


def _names(plain: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[Wrong]:
    elements, tasks = _elements(files)
    steps = plain.get("steps")
    for number, step in enumerate(steps if isinstance(steps, list) else ()):
        at = f"/steps/{number}"
        named = step.get("task") if isinstance(step, dict) else None
        if not isinstance(named, str):
            continue
        if named not in tasks:
            yield (
                f"{at}/task",
                "scenario_no_task",
                {"text": named[:60], "near": _near(named, tasks)},
            )
        elif isinstance(step.get("outcome"), str) and step["outcome"] not in tasks[named]:
            offered = "、".join(tasks[named]) or "—"
            yield (
                f"{at}/outcome",
                "scenario_no_outcome",
                {"text": step["outcome"][:60], "offered": offered},
            )
    expected = plain.get("expect")
    for key in ("passed", "not_passed", "open"):
        listed = expected.get(key) if isinstance(expected, dict) else None
        for number, name in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(name, str) and name not in elements:
                near = _near(name, elements)
                yield (
                    f"/expect/{key}/{number}",
                    "scenario_no_element",
                    {"text": name[:60], "near": near},
                )


def _near(name: str, known: Any) -> str:
    return next(iter(get_close_matches(name, list(known), 1)), "—")


def _elements(files: Mapping[str, bytes]) -> tuple[set[str], dict[str, Sequence[str]]]:
    """Every element of the procedure and those it calls; user tasks with the outcomes of their forms."""
    elements: set[str] = set()
    tasks: dict[str, Sequence[str]] = {}
    for name in [one for one in files if one.rpartition("/")[2] == DIAGRAM]:
        try:
            diagram = read_diagram(files[name])
        except Invalid:
            continue
        elements |= {*diagram.nodes, *diagram.flows}
        folder = name.removesuffix(DIAGRAM)
        for node in diagram.nodes.values():
            if node.type == "userTask":
                tasks[node.id] = _outcomes(files, folder + node.id)
    return elements, tasks


def _outcomes(files: Mapping[str, bytes], name: str) -> Sequence[str]:
    try:
        form = form_of(files, name)
    except Invalid:
        return ()
    return [one.id for one in form.outcomes] if form else ()
