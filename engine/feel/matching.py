"""Compiles tests of a value: between, in, ranges, and the unary tests of decision cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import nodes
from engine.feel.calling import Scope
from engine.feel.comparing import Range, compare, contains, matches, relate
from engine.feel.dispatch import Evaluate, compiled
from engine.feel.limits import Run

Test = Callable[[Scope, Any], bool | None]


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


def _test(node: nodes.Node) -> Test:
    """A test of a given value: what stands behind ``in`` or in a decision cell."""
    if isinstance(node, nodes.Bound):
        operator, limit = node.operator, compiled(node.value)
        return lambda scope, value: relate(operator, value, limit(scope))
    test = compiled(node)
    if isinstance(node, nodes.RangeNode):
        return lambda scope, value: within(value, test(scope))
    return lambda scope, value: weighed(scope.run, value, test(scope))


def weighed(run: Run, value: Any, test: Any) -> bool | None:
    """``matches``, counted: both may be long lists."""
    if isinstance(test, list | dict):
        run.weigh(value, test)
    return matches(value, test)


def within(value: Any, interval: Range | None) -> bool | None:
    """Whether a value matches an interval; null if one of its ends is null."""
    return None if interval is None else matches(value, interval)


def _any(tests: list[Test], scope: Scope, value: Any) -> bool | None:
    """Three-valued or. A loop: every frame counts where expressions nest."""
    seen_null = False
    for test in tests:
        result = test(scope, value)
        if result is True:
            return True
        seen_null = seen_null or result is not False
    return None if seen_null else False


@compiled.register
def _in(node: nodes.In) -> Evaluate:
    value, tests = compiled(node.value), [_test(test) for test in node.tests]

    def evaluate(scope: Scope) -> bool | None:
        return _any(tests, scope, value(scope))

    return evaluate


@compiled.register
def _tests(node: nodes.Tests) -> Evaluate:
    tests = [_cell(test) for test in node.items]
    if not tests:
        return lambda scope: True
    negated = node.negated

    def evaluate(scope: Scope) -> bool | None:
        result = _any(tests, scope, scope.find("?"))
        return result if result is None else result is not negated

    return evaluate


def _cell(node: nodes.Node) -> Test:
    plain = _test(node)
    if isinstance(node, nodes.Bound):
        return plain
    test, asks = compiled(node), nodes.mentions(node, "?")
    # A comparison of other values may stand in a cell; a plain `true` is a value to be equal to.
    states = not isinstance(node, nodes.Literal | nodes.Name | nodes.Path)

    def evaluate(scope: Scope, value: Any) -> bool | None:
        result = test(scope)
        if asks:
            return result if isinstance(result, bool) else None
        if result is True and states and not isinstance(value, bool):
            return True
        return weighed(scope.run, value, result)

    return evaluate
