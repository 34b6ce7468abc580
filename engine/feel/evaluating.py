"""Compiles nodes to closures: each takes a scope and gives a FEEL value, null where FEEL says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import singledispatch
from typing import Any

from engine.feel import nodes
from engine.feel.calling import Closure, Scope, call
from engine.feel.comparing import Range, any_true, compare, contains, matches, relate
from engine.feel.limits import check_items
from engine.feel.numbers import whole
from engine.feel.operators import OPERATORS, negate, span
from engine.feel.properties import property_of
from engine.feel.types import instance_of

Evaluate = Callable[[Scope], Any]


@singledispatch
def compiled(node: nodes.Node) -> Evaluate:
    """The closure of a node."""
    raise TypeError(type(node).__name__)


@compiled.register
def _literal(node: nodes.Literal) -> Evaluate:
    value = node.value
    return lambda scope: value


@compiled.register
def _name(node: nodes.Name) -> Evaluate:
    name = node.name
    return lambda scope: scope.find(name)


@compiled.register
def _path(node: nodes.Path) -> Evaluate:
    base, name = compiled(node.base), node.name
    return lambda scope: property_of(base(scope), name)


@compiled.register
def _negate(node: nodes.Negate) -> Evaluate:
    value = compiled(node.value)
    return lambda scope: negate(value(scope))


@compiled.register
def _arithmetic(node: nodes.Arithmetic) -> Evaluate:
    first = compiled(node.first)
    rest = [(OPERATORS[sign], compiled(operand)) for sign, operand in node.rest]

    def evaluate(scope: Scope) -> Any:
        value = first(scope)
        for operator, operand in rest:
            value = operator(value, operand(scope))
        return value

    return evaluate


@compiled.register
def _logic(node: nodes.Logic) -> Evaluate:
    items = [compiled(item) for item in node.items]
    decisive = node.word == "or"

    def evaluate(scope: Scope) -> bool | None:
        seen_null = False
        for item in items:
            value = item(scope)
            if value is decisive:
                return decisive
            seen_null = seen_null or not isinstance(value, bool)
        return None if seen_null else not decisive

    return evaluate


@compiled.register
def _compare(node: nodes.Compare) -> Evaluate:
    operator, left, right = node.operator, compiled(node.left), compiled(node.right)
    return lambda scope: relate(operator, left(scope), right(scope))


@compiled.register
def _between(node: nodes.Between) -> Evaluate:
    value, low, high = compiled(node.value), compiled(node.low), compiled(node.high)

    def evaluate(scope: Scope) -> bool | None:
        bounds = low(scope), high(scope)
        return None if None in bounds else contains(Range(*bounds), value(scope))

    return evaluate


@compiled.register
def _bound(node: nodes.Bound) -> Evaluate:
    value, operator = compiled(node.value), node.operator
    return lambda scope: bound(operator, value(scope))


def bound(operator: str, value: Any) -> Range | None:
    """The range that ``operator value`` standing alone describes; None without a value."""
    if value is None:
        return None
    if operator in ("<", "<="):
        return Range(None, value, False, operator == "<=")
    if operator in (">", ">="):
        return Range(value, None, operator == ">=", False)
    return Range(value, value) if operator == "=" else None


@compiled.register
def _range(node: nodes.RangeNode) -> Evaluate:
    low, high = compiled(node.low), compiled(node.high)
    closed = node.low_closed, node.high_closed

    def evaluate(scope: Scope) -> Range | None:
        ends = low(scope), high(scope)
        order = compare(*ends) if None not in ends else None
        return None if order is None else Range(*ends, *closed)

    return evaluate


def _test(node: nodes.Node) -> Callable[[Scope, Any], bool | None]:
    """A test of a given value: what stands behind ``in`` or in a decision cell."""
    if isinstance(node, nodes.Bound):
        operator, limit = node.operator, compiled(node.value)
        return lambda scope, value: relate(operator, value, limit(scope))
    test = compiled(node)
    return lambda scope, value: matches(value, test(scope))


@compiled.register
def _in(node: nodes.In) -> Evaluate:
    value, tests = compiled(node.value), [_test(test) for test in node.tests]

    def evaluate(scope: Scope) -> bool | None:
        tested = value(scope)
        return any_true(test(scope, tested) for test in tests)

    return evaluate


@compiled.register
def _tests(node: nodes.Tests) -> Evaluate:
    tests = [_cell(test) for test in node.items]
    if not tests:
        return lambda scope: True
    negated = node.negated

    def evaluate(scope: Scope) -> bool | None:
        result = any_true(test(scope, scope.find("?")) for test in tests)
        return result if result is None else result is not negated

    return evaluate


def _cell(node: nodes.Node) -> Callable[[Scope, Any], bool | None]:
    plain = _test(node)
    if isinstance(node, nodes.Bound):
        return plain
    test, asks = compiled(node), mentions(node, "?")

    def evaluate(scope: Scope, value: Any) -> bool | None:
        result = test(scope)
        if asks:
            return result if isinstance(result, bool) else None
        if result is True and not isinstance(value, bool):
            return True
        return matches(value, result)

    return evaluate


def mentions(node: nodes.Node, name: str) -> bool:
    """Whether a name stands anywhere in an expression."""
    if isinstance(node, nodes.Name):
        return node.name == name
    return any(mentions(child, name) for child in node.children())


@compiled.register
def _if(node: nodes.If) -> Evaluate:
    condition, then, otherwise = map(compiled, (node.condition, node.then, node.otherwise))
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


@compiled.register
def _several(node: nodes.Several) -> Evaluate:
    items = [compiled(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


@compiled.register
def _list(node: nodes.ListNode) -> Evaluate:
    items = [compiled(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


@compiled.register
def _context(node: nodes.ContextNode) -> Evaluate:
    entries = [(key, compiled(value)) for key, value in node.entries]
    unique = len({key for key, _ in entries}) == len(entries)

    def evaluate(scope: Scope) -> dict[str, Any] | None:
        if not unique:
            return None
        values: dict[str, Any] = {}
        inner = Scope(values, scope, scope.run)
        for key, value in entries:
            values[key] = value(inner)
        return values

    return evaluate


@compiled.register
def _instance_of(node: nodes.InstanceOf) -> Evaluate:
    value, kind = compiled(node.value), node.type
    return lambda scope: instance_of(value(scope), kind, scope.run.types)


@compiled.register
def _function(node: nodes.FunctionNode) -> Evaluate:
    body = compiled(node.body) if not node.external else (lambda scope: None)
    return lambda scope: Closure.of(node, body, scope)


@compiled.register
def _call(node: nodes.Call) -> Evaluate:
    function, names = compiled(node.function), node.names
    arguments = [compiled(argument) for argument in node.arguments]

    def evaluate(scope: Scope) -> Any:
        values = [argument(scope) for argument in arguments]
        return call(function(scope), values, names, scope.run)

    return evaluate


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
        scope.run.spend(len(items) * cost)
        kept = []
        for item in items:
            result = condition(_item_scope(item, scope))
            if isinstance(result, Decimal):
                return pick(items, result)
            if result is True:
                kept.append(item)
        return kept

    return evaluate


def _item_scope(item: Any, scope: Scope) -> Scope:
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

    def evaluate(scope: Scope) -> list[Any] | None:
        partial: list[Any] = []
        outer = Scope({"partial": partial}, scope, scope.run)
        try:
            for inner in loop.scopes(outer):
                partial.append(body(inner))
                check_items(len(partial))
        except ValueError:
            return None
        return partial

    return evaluate


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
                    return decisive
                seen_null = seen_null or not isinstance(result, bool)
        except ValueError:
            return None
        return None if seen_null else not decisive

    return evaluate
