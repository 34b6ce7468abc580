"""What a table's expressions read is declared as DMN asks: undeclared data would silently be null."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.feel import Expression, FeelError, parse, parse_unary

from .table_parts import Xml, fresh_id, laid, name_of, part, parts, text_of

BEFORE = (
    "description",
    "extensionElements",
    "question",
    "allowedAnswers",
    "variable",
    "informationRequirement",
)
"""What stands before the next requirement of a decision."""


def declare(table: Xml) -> None:
    """Input data and a requirement for every name that a table reads and its decision does not."""
    decision = table.getparent()
    if decision is None or name_of(decision) != "decision":
        return
    known = set(_required(decision))
    for name in sorted(set(_read(table)) - known):
        _require(decision, name)


def _read(table: Xml) -> Iterator[str]:
    """First parts of the paths that inputs, cells and defaults name."""
    for column in parts(table, "input"):
        yield from _names(text_of(part(column, "inputExpression")), parse)
    for rule in parts(table, "rule"):
        for cell in parts(rule, "inputEntry"):
            yield from _names(text_of(cell), parse_unary)
        for cell in parts(rule, "outputEntry"):
            yield from _names(text_of(cell), parse)


def _names(text: str, read: Callable[[str], Expression]) -> Iterator[str]:
    try:
        found = read(text).names if text and text != "-" else frozenset()
    except FeelError:
        return  # a name with spaces, or not finished: the checks say so
    yield from (path.partition(".")[0] for path in found if path != "?")


def _required(decision: Xml) -> Iterator[str]:
    """Names within reach of the decision: what it requires, and whatever else is no input data."""
    wanted = {
        required.get("href", "").rpartition("#")[2]
        for need in parts(decision, "informationRequirement")
        for required in need
    }
    root = decision.getroottree().getroot()
    for element in root:
        if isinstance(element.tag, str) and _is_near(element, wanted):
            variable = part(element, "variable")
            yield from (one.get("name", "") for one in (element, variable) if one is not None)


def _is_near(element: Xml, wanted: set[str]) -> bool:
    return name_of(element) not in ("inputData", "decision") or element.get("id") in wanted


def _require(decision: Xml, name: str) -> None:
    there = [i for i, child in enumerate(decision) if name_of(child) in BEFORE]
    need = laid(decision, "informationRequirement", there[-1] + 1 if there else 0)
    need.set("id", fresh_id(decision, f"{decision.get('id', 'decision')}_needs_{name}"))
    kind, id = _given(decision, name)
    laid(need, kind, 0).set("href", f"#{id}")


def _given(decision: Xml, name: str) -> tuple[str, str]:
    """How it is required, and the id of the input data of this name or of the decision so called."""
    root = decision.getroottree().getroot()
    for kind, required in (("inputData", "requiredInput"), ("decision", "requiredDecision")):
        for element in parts(root, kind):
            if element is not decision and _called(element) == name:
                return required, element.get("id", "")
    made = laid(root, "inputData", root.index(decision))
    made.set("id", fresh_id(decision, f"{decision.get('id', 'decision')}_{name}"))
    made.set("name", name)
    laid(made, "variable", 0).set("name", name)
    return "requiredInput", made.get("id", "")


def _called(element: Xml) -> str:
    variable = part(element, "variable")
    return (element if variable is None else variable).get("name", "")
