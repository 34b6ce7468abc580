"""Compiles values, names, arithmetic, logic and calls; null wherever FEEL says so."""

from __future__ import annotations

from typing import Any

from engine.feel import nodes
from engine.feel.calling import Closure, Scope, call
from engine.feel.comparing import relate
from engine.feel.dispatch import Evaluate, compiled
from engine.feel.operators import OPERATORS, negate
from engine.feel.properties import property_of
from engine.feel.types import instance_of

POWER = 40
"""Steps of one exponentiation: to 34 digits it takes as long as many additions."""


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
    return lambda scope: property_of(base(scope), name, scope.run)


@compiled.register
def _negate(node: nodes.Negate) -> Evaluate:
    value = compiled(node.value)
    return lambda scope: negate(value(scope))


@compiled.register
def _arithmetic(node: nodes.Arithmetic) -> Evaluate:
    first = compiled(node.first)
    rest = [(OPERATORS[sign], compiled(operand)) for sign, operand in node.rest]
    cost = sum(POWER for sign, _ in node.rest if sign == "**")

    def evaluate(scope: Scope) -> Any:
        scope.run.spend(cost)
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
                return bool(value)
            seen_null = seen_null or not isinstance(value, bool)
        return None if seen_null else not decisive

    return evaluate


@compiled.register
def _compare(node: nodes.Compare) -> Evaluate:
    operator, left, right = node.operator, compiled(node.left), compiled(node.right)

    def evaluate(scope: Scope) -> bool | None:
        pair = left(scope), right(scope)
        if isinstance(pair[0], list | dict):
            scope.run.weigh(*pair)
        return relate(operator, *pair)

    return evaluate


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

    def evaluate(scope: Scope) -> bool | None:
        tested = value(scope)
        if kind.arguments or kind.fields:
            scope.run.weigh(tested)
        return instance_of(tested, kind, scope.run.types)

    return evaluate


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
