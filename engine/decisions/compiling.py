"""Boxed expressions to closures over a FEEL scope; texts that cannot be read become problems."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatchmethod
from typing import Any

from engine.decisions import model
from engine.decisions.tables import Cells, CompiledTable
from engine.decisions.typing import Types
from engine.feel import Expression, FeelError, parse, parse_unary
from engine.feel.calling import Closure, Scope, call
from engine.feel.comparing import Range
from engine.feel.iterating import item_scope
from engine.feel.operators import span
from engine.model import Finding

Evaluate = Callable[[Scope], Any]


class Compiler:
    """Compiles the boxed expressions of one model; ``problems`` gather what cannot be read."""

    def __init__(self, namespace: str, types: Types) -> None:
        self.namespace = namespace
        self.types = types
        self.names = types.names
        self.problems: list[Finding] = []
        self.owner = ""

    def compile(self, boxed: model.Boxed | None, owner: str) -> Evaluate:
        """The closure of the logic of an element; None gives null."""
        self.owner = owner
        return (lambda scope: None) if boxed is None else self._typed(boxed)

    def _typed(self, boxed: model.Boxed) -> Evaluate:
        evaluate = self._boxed(boxed)
        if not boxed.type or isinstance(boxed, model.Function):
            return evaluate
        return self.checked(boxed.type, evaluate)

    def checked(self, kind: str, evaluate: Evaluate) -> Evaluate:
        """The result as a type, null if it does not fit."""

        def check(scope: Scope) -> Any:
            fits, value = self.types.check(self.namespace, kind, evaluate(scope))
            return value if fits else None

        return check if kind else evaluate

    def _text(self, text: str) -> Evaluate:
        if not text:
            return lambda scope: None
        try:
            return parse(text, self.names).within
        except FeelError as error:
            self._problem(error, text)
            return lambda scope: None

    def _unary(self, text: str) -> Expression:
        try:
            return parse_unary(text or "-", self.names)
        except FeelError as error:
            self._problem(error, text)
            return parse_unary("null")

    def _problem(self, error: FeelError, text: str) -> None:
        params = {**error.params, "text": text}
        self.problems.append(Finding(error.code, self.owner, params=params))

    @singledispatchmethod
    def _boxed(self, boxed: model.Boxed) -> Evaluate:
        raise TypeError(type(boxed).__name__)

    @_boxed.register
    def _literal(self, boxed: model.Literal) -> Evaluate:
        return self._text(boxed.text)

    @_boxed.register
    def _context(self, boxed: model.Context) -> Evaluate:
        entries = [(v.name, self.checked(v.type, self._typed(b))) for v, b in boxed.entries]

        def evaluate(scope: Scope) -> Any:
            values: dict[str, Any] = {}
            inner = Scope(values, scope, scope.run)
            for name, entry in entries:
                value = entry(inner)
                if not name:
                    return value
                values[name] = value
            return values

        return evaluate

    @_boxed.register
    def _invocation(self, boxed: model.Invocation) -> Evaluate:
        function = self._typed(boxed.function)
        names = tuple(variable.name for variable, _ in boxed.bindings)
        bindings = [self.checked(v.type, self._typed(b)) for v, b in boxed.bindings]

        def evaluate(scope: Scope) -> Any:
            values = [binding(scope) for binding in bindings]
            return call(function(scope), values, names, scope.run)

        return evaluate

    @_boxed.register
    def _function(self, boxed: model.Function) -> Evaluate:
        body = self.checked(boxed.type, self._typed(boxed.body))
        kinds = {variable.name: variable.type for variable in boxed.parameters}
        parameters = [(name, None) for name in kinds]

        def checked_body(scope: Scope) -> Any:
            values = {}
            for name, kind in kinds.items():
                fits, values[name] = self.types.check(self.namespace, kind, scope.values[name])
                if not fits:
                    return None
            return body(Scope(values, scope.outer, scope.run))

        callable_body = checked_body if boxed.language == "FEEL" else (lambda scope: None)
        return lambda scope: Closure(parameters, callable_body, scope)

    @_boxed.register
    def _items(self, boxed: model.Items) -> Evaluate:
        items = [self._typed(item) for item in boxed.items]
        return lambda scope: [item(scope) for item in items]

    @_boxed.register
    def _relation(self, boxed: model.Relation) -> Evaluate:
        rows = [[self._typed(cell) for cell in row] for row in boxed.rows]

        def evaluate(scope: Scope) -> list[dict[str, Any]]:
            return [
                dict(zip(boxed.columns, (cell(scope) for cell in row), strict=False))
                for row in rows
            ]

        return evaluate

    @_boxed.register
    def _conditional(self, boxed: model.Conditional) -> Evaluate:
        condition, then, otherwise = map(
            self._typed, (boxed.condition, boxed.then, boxed.otherwise)
        )

        def evaluate(scope: Scope) -> Any:
            value = condition(scope)
            if value is not None and not isinstance(value, bool):
                return None
            return then(scope) if value else otherwise(scope)

        return evaluate

    @_boxed.register
    def _filter(self, boxed: model.Filter) -> Evaluate:
        source, match = self._typed(boxed.source), self._typed(boxed.match)

        def evaluate(scope: Scope) -> Any:
            value = source(scope)
            if value is None:
                return None
            items = value if isinstance(value, list) else [value]
            scope.run.spend(len(items))
            results = [match(item_scope(item, scope)) for item in items]
            if not all(isinstance(result, bool) for result in results):
                return None
            return [item for item, kept in zip(items, results, strict=True) if kept]

        return evaluate

    @_boxed.register
    def _iterator(self, boxed: model.Iterator) -> Evaluate:
        source, body, word = self._typed(boxed.source), self._typed(boxed.body), boxed.word

        def evaluate(scope: Scope) -> Any:
            items = source(scope)
            if isinstance(items, Range):
                items = list(span(items.low, items.high))
            if not isinstance(items, list):
                return None
            results: list[Any] = []
            for item in items:
                scope.run.spend(1)
                scope.run.spend(len(results) // 16)
                values = {boxed.variable: item, "partial": list(results)}
                results.append(body(Scope(values, scope, scope.run)))
            return _combine(word, results)

        return evaluate

    @_boxed.register
    def _table(self, boxed: model.Table) -> Evaluate:
        inputs = [self.checked(c.type, self._text(c.text)) for c in boxed.inputs]
        cells = Cells(
            tuple(inputs),
            tuple(tuple(map(self._unary, rule.tests)) for rule in boxed.rules),
            tuple(self._outputs(boxed, rule) for rule in boxed.rules),
            tuple(self._output(c, c.default) if c.default else None for c in boxed.outputs),
            tuple(self._unary(c.values) if c.values else None for c in boxed.outputs),
            tuple(self._unary(c.values) if c.values else None for c in boxed.inputs),
        )
        return CompiledTable(self.owner, boxed, cells)

    def _outputs(self, table: model.Table, rule: model.Rule) -> tuple[Evaluate, ...]:
        pairs = zip(table.outputs, rule.outputs, strict=True)
        return tuple(self._output(column, text) for column, text in pairs)

    def _output(self, column: model.Column, text: str) -> Evaluate:
        return self.checked(column.type, self._text(text))


def _combine(word: str, results: list[Any]) -> Any:
    if word == "for":
        return results
    decisive = word == "some"
    if any(result is decisive for result in results):
        return decisive
    return not decisive if all(isinstance(result, bool) for result in results) else None
