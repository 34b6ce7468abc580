"""Scopes and calls: what a name means, and how arguments find their parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.feel.limits import Run
from engine.feel.nodes import FunctionNode, Type
from engine.feel.types import Function, coerce


class Scope:
    """Names with their values, over an outer scope; ``run`` counts what the evaluation uses."""

    __slots__ = ("outer", "run", "values")

    def __init__(self, values: Mapping[str, Any], outer: Scope | None, run: Run) -> None:
        self.values = values
        self.outer = outer
        self.run = run

    def find(self, name: str) -> Any:
        """The value of the innermost name; None if there is none."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.values:
                value = scope.values[name]
                return Decimal(value) if type(value) is int else value
            scope = scope.outer
        return None


class Closure(Function):
    """A function with the scope it was made in; a call costs ``cost`` steps and ``levels``."""

    cost = 10
    levels = 10

    def __init__(
        self,
        parameters: Sequence[tuple[str, Type | None]],
        body: Callable[[Scope], Any],
        scope: Scope,
    ) -> None:
        self.parameters = tuple(name for name, _ in parameters)
        self.types = tuple(kind for _, kind in parameters)
        self.body = body
        self.scope = scope

    @classmethod
    def of(cls, node: FunctionNode, body: Callable[[Scope], Any], scope: Scope) -> Closure:
        """What ``function(...)`` makes."""
        closure = cls(node.parameters, body, scope)
        closure.cost = node.body.size + 1
        closure.levels = node.body.depth + 3
        return closure

    def invoke(self, values: Sequence[Any], run: Run) -> Any:
        run.spend(self.cost)
        run.enter(self.levels)
        try:
            named = dict(zip(self.parameters, values, strict=True))
            return self.body(Scope(named, self.scope, run))
        finally:
            run.depth -= self.levels


class Builtin(Function):
    """A built-in function with one or more signatures; the last parameter may repeat."""

    def __init__(self, name: str, body: Callable[..., Any]) -> None:
        self.name = name
        self.body = body
        self.signatures: list[Signature] = []

    def takes(self, count: int, names: tuple[str, ...]) -> bool:
        """Whether a signature has room for so many arguments, or for these named ones."""
        if not names:
            return any(signature.accepts(count) for signature in self.signatures)
        return any(set(names) <= set(signature.names) for signature in self.signatures)


class Signature:
    """Parameters of one way to call a built-in: ``text: string, start position: number?``.

    ``?`` marks what may be left out, ``...`` what may repeat, ``any`` what may also be null.
    """

    def __init__(self, written: str, body: Callable[..., Any]) -> None:
        self.body = body
        parts = [part.strip() for part in written.split(",")] if written else []
        self.names = tuple(part.split(":")[0] for part in parts)
        kinds = [part.split(":")[1].strip() for part in parts]
        self.repeats = bool(kinds) and kinds[-1].endswith("...")
        self.required = sum(not kind.endswith("?") for kind in kinds)
        self.kinds = tuple(kind.rstrip("?.") for kind in kinds)
        self.types = tuple(None if k == "any" else Type(k) for k in self.kinds)

    def accepts(self, count: int) -> bool:
        return self.required <= count and (self.repeats or count <= len(self.kinds))

    def convert(self, values: Sequence[Any]) -> list[Any] | None:
        """The values as their types; None if one does not fit."""
        converted = []
        for index, value in enumerate(values):
            kind = self.types[min(index, len(self.types) - 1)]
            fitting, value = coerce(value, kind)
            if not fitting or (value is None and kind is not None):
                return None
            converted.append(value)
        return converted


def call(function: Any, values: list[Any], names: tuple[str, ...], run: Run) -> Any:
    """The result of a call; None for what is no function or for arguments that do not fit."""
    if isinstance(function, Builtin):
        return _call_builtin(function, values, names, run)
    if not isinstance(function, Closure):
        return None
    ordered = _order(function.parameters, values, names)
    if ordered is None or len(values) != len(function.parameters):
        return None
    converted = []
    for value, kind in zip(ordered, function.types, strict=True):
        if kind and (kind.arguments or kind.fields):
            run.weigh(value)
        fitting, value = coerce(value, kind)
        if not fitting:
            return None
        converted.append(value)
    return function.invoke(converted, run)


def _order(
    parameters: Sequence[str], values: list[Any], names: tuple[str, ...]
) -> list[Any] | None:
    if not names:
        return values
    given = dict(zip(names, values, strict=True))
    if not set(names) <= set(parameters):
        return None
    last = max(parameters.index(name) for name in names)
    return [given.get(name) for name in parameters[: last + 1]]


def _call_builtin(function: Builtin, values: list[Any], names: tuple[str, ...], run: Run) -> Any:
    run.spend(3)
    for signature in function.signatures:
        ordered = _order(signature.names, values, names)
        if ordered is None or not signature.accepts(len(ordered)):
            continue
        converted = signature.convert(ordered)
        if converted is not None:
            return signature.body(run, *converted)
    return None
