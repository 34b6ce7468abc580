"""Compiles what runs over lists: filters, for, some and every."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.feel import nodes
from engine.feel.calling import Scope
from engine.feel.comparing import Range, contains
from engine.feel.dispatch import Evaluate, compiled
from engine.feel.limits import check_items
from engine.feel.numbers import whole
from engine.feel.operators import span


@compiled.register
def _filter(node: nodes.Filter) -> Evaluate:
    base, condition, cost = compiled(node.base), compiled(node.condition), node.condition.size

    def evaluate(scope: Scope) -> Any:
        value = base(scope)
        items = value if isinstance(value, list) else [] if value is None else [value]
        if isinstance(node.condition, nodes.Literal | nodes.Negate | nodes.Name):
            index = condition(scope)
            if isinstance(index, Decimal):
                return pick(items, index)
        scope.run.spend((1 + len(items)) * cost)
        if not items and isinstance(condition(scope), Decimal):
            return None
        kept = []
        for item in items:
            result = condition(item_scope(item, scope))
            if isinstance(result, Decimal):
                return pick(items, result)
            if result is True:
                kept.append(item)
        return kept

    return evaluate


def item_scope(item: Any, scope: Scope) -> Scope:
    """What a filter sees of one item: ``item``, and its entries by their names."""
    named = {"item": item, **item} if isinstance(item, dict) else {"item": item}
    return Scope(named, scope, scope.run)


def pick(items: list[Any], index: Decimal) -> Any:
    """The item at a position counted from 1, or from the end if negative; None outside."""
    place = whole(index)
    if not place or abs(place) > len(items):
        return None
    return items[place - 1 if place > 0 else place]


class _Loop:
    """Runs through the combinations of several iterations, each seeing the names of those before."""

    def __init__(self, iterations: tuple[nodes.Iteration, ...], body: nodes.Node) -> None:
        self.steps = [
            (one.name, compiled(one.source), compiled(one.last) if one.last else None)
            for one in iterations
        ]
        self.cost = body.size + 1

    def scopes(self, scope: Scope, at: int = 0) -> Iterator[Scope]:
        """One scope for each combination; ValueError if a source cannot be iterated."""
        if at == len(self.steps):
            scope.run.spend(self.cost)
            yield scope
            return
        name, source, last = self.steps[at]
        first = source(scope)
        for item in _items(first) if last is None else span(first, last(scope)):
            scope.run.spend(1)
            yield from self.scopes(Scope({name: item}, scope, scope.run), at + 1)


def _items(value: Any) -> Any:
    if value is None:
        raise ValueError
    if isinstance(value, Range):
        if None in (value.low, value.high):
            raise ValueError
        return (item for item in span(value.low, value.high) if contains(value, item))
    return value if isinstance(value, list) else [value]


@compiled.register
def _for(node: nodes.For) -> Evaluate:
    loop, body = _Loop(node.iterations, node.body), compiled(node.body)
    looks_back = nodes.mentions(node.body, "partial")

    def evaluate(scope: Scope) -> list[Any] | None:
        results: list[Any] = []
        try:
            for inner in loop.scopes(scope):
                results.append(body(_looking_back(results, inner) if looks_back else inner))
                check_items(len(results))
        except ValueError:
            return None
        return results

    return evaluate


def _looking_back(results: list[Any], scope: Scope) -> Scope:
    """A scope that knows the results so far: a copy, or a result could hold itself."""
    scope.run.spend(len(results) // 16)
    return Scope({"partial": list(results)}, scope, scope.run)


@compiled.register
def _quantified(node: nodes.Quantified) -> Evaluate:
    loop, condition = _Loop(node.iterations, node.condition), compiled(node.condition)
    decisive = node.word == "some"

    def evaluate(scope: Scope) -> bool | None:
        seen_null = False
        try:
            for inner in loop.scopes(scope):
                result = condition(inner)
                if result is decisive:
                    return bool(result)
                seen_null = seen_null or not isinstance(result, bool)
        except ValueError:
            return None
        return None if seen_null else not decisive

    return evaluate
