"""Values that stand for all others: between two of them no cell of a column changes its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from engine.feel import Expression, nodes
from engine.feel.comparing import compare, equals, kind_of
from engine.feel.names import free_names

OTHER = "…"
"""Stands for every text that no cell names."""
STEPS: dict[type, tuple[Any, Callable[[Any, Any], Any]]] = {
    Decimal: (Decimal(1), lambda low, high: (low + high) / 2),
    datetime: (timedelta(seconds=1), lambda low, high: low + (high - low) / 2),
    date: (timedelta(days=1), lambda low, high: low + (high - low) // 2),
    timedelta: (timedelta(seconds=1), lambda low, high: low + (high - low) / 2),
}
"""For each ordered kind: the step beyond its ends, and a value between two."""


def is_plain(cell: nodes.Node) -> bool:
    """Whether a cell depends on the tested value alone, and on that through literals only."""
    if not isinstance(cell, nodes.Tests) or list(free_names(cell)):
        return False
    if any(nodes.mentions(cell, name) for name in ("?", "now", "today")):
        return False
    return all(_has_middle(item) for item in cell.items)


def _has_middle(item: nodes.Node) -> bool:
    """Whether a value can be found beside and between the ends of a range."""
    if not isinstance(item, nodes.RangeNode | nodes.Bound):
        return True
    ends = [Expression("", end).evaluate({}) for end in _ends(item)]
    zoned = {getattr(end, "tzinfo", None) is None for end in ends}
    return all(kind_of(end) in STEPS for end in ends) and len(zoned) == 1


def samples(cells: Iterable[nodes.Node]) -> list[Any]:
    """Values for a column of plain cells: all that they name, between, beside, and null."""
    named: list[Any] = []
    for cell in cells:
        for value in _named(cell):
            if not any(equals(value, known) for known in named):
                named.append(value)
    kinds = _kinds(named) or [str] * bool(named)  # not(null) names nothing that it matches
    found = [value for kind in kinds for value in _around(kind, named)]
    return [*found, None]


def _named(cell: nodes.Node) -> Iterator[Any]:
    for item in cell.children():
        for part in _ends(item):
            value = Expression("", part).evaluate({})
            yield from value if isinstance(value, list) else [value]


def _ends(item: nodes.Node) -> Iterator[nodes.Node]:
    if isinstance(item, nodes.RangeNode):
        yield from (item.low, item.high)
    elif isinstance(item, nodes.Bound):
        yield item.value
    else:
        yield item


def _kinds(named: list[Any]) -> list[type]:
    return list(dict.fromkeys(kind_of(value) for value in named if value is not None))


def _around(kind: type, named: list[Any]) -> list[Any]:
    own = [value for value in named if kind_of(value) is kind]
    if kind is bool:
        return [True, False]
    if kind is str:
        return [*own, OTHER]
    if kind not in STEPS:
        return own
    if kind is datetime and len({value.tzinfo is None for value in own}) > 1:
        return own
    return _ordered(sorted(own), *STEPS[kind])


def _ordered(own: list[Any], step: Any, middle: Callable[[Any, Any], Any]) -> list[Any]:
    between = [middle(low, high) for low, high in pairwise(own)]
    found = [own[0] - step, *own, *between, own[-1] + step]
    unique: list[Any] = []
    for value in found:
        if not any(compare(value, known) == 0 for known in unique):
            unique.append(value)
    return unique


def matched(cell: Expression, values: list[Any]) -> frozenset[int]:
    """The places of the values that a plain cell matches."""
    tried = ((place, cell.evaluate({"?": value})) for place, value in enumerate(values))
    return frozenset(place for place, answer in tried if answer is True)
