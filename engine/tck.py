"""Runs the public DMN conformance tests (dmn-tck) over the decisions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from engine.decisions import Decisions, decide, read_leniently
from engine.diagram.xml import local, read_xml
from engine.errors import EngineError
from engine.feel.comparing import equals
from engine.feel.functions.conversion import (
    date_from,
    datetime_from,
    duration,
    time_from,
    write_value,
)
from engine.feel.limits import Run

Xml = etree._Element
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NEAR = Decimal("1e-8")
"""How far a number may be from the expected one (absolute or relative): tests give ten digits."""
EXCLUDED = {"0076-feel-external-java": "calls Java"}
"""What only Java can do, by name of its folder."""


class Result(NamedTuple):
    case: str
    passed: bool
    detail: str


def run_tck(path: Path) -> Iterator[Result]:
    """Every result node of every test file under ``path``: (case, passed, detail)."""
    for tests in sorted(path.rglob("*-test-*.xml")):
        if tests.parent.name not in EXCLUDED:
            yield from _file(tests)


def _file(tests: Path) -> Iterator[Result]:
    root = read_xml(tests.read_bytes())
    name = next((child.text or "" for child in root if local(child) == "modelName"), "")
    folder = tests.parent
    model = folder / Path(name).name
    others = [p.read_bytes() for p in sorted(folder.glob("*.dmn")) if p.name != model.name]
    try:
        decisions = read_leniently(model.read_bytes(), others)
    except EngineError as error:
        yield Result(folder.name, False, str(error))
        return
    for case in _all(root, "testCase"):
        yield from _case(f"{folder.name}/{case.get('id')}", case, decisions)


def _case(name: str, case: Xml, decisions: Decisions) -> Iterator[Result]:
    given = {node.get("name", ""): _value(node) for node in _all(case, "inputNode")}
    for node in _all(case, "resultNode"):
        expected = next((_value(child) for child in _all(node, "expected")), None)
        own, service = node.get("name", ""), case.get("invocableName", "")
        found = _decide(decisions, service or own, given)
        if service and isinstance(found, dict) and own in found:
            found = found[own]
        passed = agree(found, expected)
        detail = "" if passed else f"expected {write_value(expected)}, got {write_value(found)}"
        yield Result(f"{name}/{own}", passed, detail)


def _decide(decisions: Decisions, name: str, given: dict[str, Any]) -> Any:
    with suppress(EngineError):
        return decide(decisions, name, given, datetime.now(UTC)).outputs
    return None


def agree(found: Any, expected: Any) -> bool:
    """Whether two values are the same, numbers within NEAR."""
    if isinstance(found, Decimal) and isinstance(expected, Decimal):
        return abs(found - expected) <= max(NEAR, NEAR * abs(expected))
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(agree, found, expected))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(agree(found[k], expected[k]) for k in found)
    return equals(found, expected) is True


def _all(xml: Xml, name: str) -> Iterator[Xml]:
    return (child for child in xml if local(child) == name)


def _value(xml: Xml) -> Any:
    """The FEEL value of an inputNode, expected, component or item."""
    components = list(_all(xml, "component"))
    if components:
        return {part.get("name", ""): _value(part) for part in components}
    for child in xml:
        if local(child) == "value":
            return _simple(child)
        if local(child) == "list":
            return [_value(item) for item in _all(child, "item")]
    return None


def _simple(xml: Xml) -> Any:
    if xml.get(NIL) == "true":
        return None
    kind, text = (xml.get(TYPE) or "string").split(":")[-1], xml.text or ""
    return _READERS.get(kind, lambda plain: plain)(text)


def _number(text: str) -> Decimal | None:
    with suppress(InvalidOperation):
        return Decimal(text)
    return None


_RUN = Run()
_READERS: dict[str, Any] = {
    "decimal": _number,
    "double": _number,
    "integer": _number,
    "int": _number,
    "boolean": lambda text: text == "true",
    "date": lambda text: date_from(_RUN, text),
    "time": lambda text: time_from(_RUN, text),
    "dateTime": lambda text: datetime_from(_RUN, text),
    "duration": lambda text: duration(_RUN, text),
}
