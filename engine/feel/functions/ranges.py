"""Built-in functions that relate points and ranges to each other (DMN 1.5, 10.3.4.9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import nodes
from engine.feel.comparing import Range, compare
from engine.feel.errors import FeelError
from engine.feel.functions.registry import BUILTINS, builtin
from engine.feel.limits import Run
from engine.feel.operators import negate
from engine.feel.parsing import read

BOTH = "range1: range, range2: range"
MAKERS = frozenset({"date", "time", "date and time", "duration"})
Relation = Callable[[Range, Range], bool]
_START = "expression_start"


def _order(left: Any, right: Any) -> int:
    """-1, 0 or 1; TypeError if the two cannot be compared, so that the answer is null."""
    order = compare(left, right)
    if order is None:
        raise TypeError
    return order


def _as_range(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _relation(name: str, *signatures: str) -> Callable[[Relation], Relation]:
    """Registers a relation of two ranges, points being ranges of one value; null if unordered."""

    def register(body: Relation) -> Relation:
        @builtin(name, *signatures)
        def related(run: Run, left: Any, right: Any) -> bool | None:
            if left is None or right is None:
                return None
            try:
                return body(_as_range(left), _as_range(right))
            except TypeError:
                return None

        return body

    return register


def _ends_before(left: Range, right: Range) -> bool:
    """Every value of the first lies before every value of the second."""
    order = _order(left.high, right.low)
    return order < 0 or (order == 0 and not (left.high_closed and right.low_closed))


def _same_start(left: Range, right: Range) -> bool:
    return _order(left.low, right.low) == 0 and left.low_closed == right.low_closed


def _same_end(left: Range, right: Range) -> bool:
    return _order(left.high, right.high) == 0 and left.high_closed == right.high_closed


def _starts_first(left: Range, right: Range) -> bool:
    order = _order(left.low, right.low)
    return order < 0 or (order == 0 and left.low_closed and not right.low_closed)


def _ends_last(left: Range, right: Range) -> bool:
    order = _order(left.high, right.high)
    return order > 0 or (order == 0 and left.high_closed and not right.high_closed)


@_relation(
    "before",
    "point1: any, point2: any",
    "point: any, range: range",
    "range: range, point: any",
    BOTH,
)
def before(left: Range, right: Range) -> bool:
    return _ends_before(left, right)


@_relation(
    "after",
    "point1: any, point2: any",
    "point: any, range: range",
    "range: range, point: any",
    BOTH,
)
def after(left: Range, right: Range) -> bool:
    return _ends_before(right, left)


@_relation("meets", BOTH)
def meets(left: Range, right: Range) -> bool:
    return left.high_closed and right.low_closed and _order(left.high, right.low) == 0


@_relation("met by", BOTH)
def met_by(left: Range, right: Range) -> bool:
    return meets(right, left)


@_relation("overlaps", BOTH)
def overlaps(left: Range, right: Range) -> bool:
    return not _ends_before(left, right) and not _ends_before(right, left)


@_relation("overlaps before", BOTH)
def overlaps_before(left: Range, right: Range) -> bool:
    return overlaps(left, right) and _starts_first(left, right) and not _ends_last(left, right)


@_relation("overlaps after", BOTH)
def overlaps_after(left: Range, right: Range) -> bool:
    return overlaps_before(right, left)


@_relation("finishes", "point: any, range: range", BOTH)
def finishes(left: Range, right: Range) -> bool:
    return _same_end(left, right) and not _starts_first(left, right)


@_relation("finished by", "range: range, point: any", BOTH)
def finished_by(left: Range, right: Range) -> bool:
    return finishes(right, left)


@_relation("starts", "point: any, range: range", BOTH)
def starts(left: Range, right: Range) -> bool:
    return _same_start(left, right) and not _ends_last(left, right)


@_relation("started by", "range: range, point: any", BOTH)
def started_by(left: Range, right: Range) -> bool:
    return starts(right, left)


@_relation("during", "point: any, range: range", BOTH)
def during(left: Range, right: Range) -> bool:
    return not _starts_first(left, right) and not _ends_last(left, right)


@_relation("includes", "range: range, point: any", BOTH)
def includes(left: Range, right: Range) -> bool:
    return during(right, left)


@_relation("coincides", "point1: any, point2: any", BOTH)
def coincides(left: Range, right: Range) -> bool:
    return _same_start(left, right) and _same_end(left, right)


@builtin("range", "from: string")
def range_from(run: Run, text: str) -> Range | None:
    """A range written with literals only."""
    try:
        node = read(text, MAKERS, _START)
    except FeelError:
        return None
    if not isinstance(node, nodes.RangeNode):
        return None
    low, high = _literal(node.low, run), _literal(node.high, run)
    order = compare(low, high)
    if order is None or order > 0:
        return None
    return Range(low, high, node.low_closed, node.high_closed)


def _literal(node: nodes.Node, run: Run) -> Any:
    if isinstance(node, nodes.Literal):
        return node.value
    if isinstance(node, nodes.Negate) and isinstance(node.value, nodes.Literal):
        return negate(node.value.value)
    if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name):
        arguments = [a.value for a in node.arguments if isinstance(a, nodes.Literal)]
        if node.function.name in MAKERS and len(arguments) == len(node.arguments) == 1:
            return BUILTINS[node.function.name].body(run, *arguments)
    return None
