"""Decision tables: which rows match, and what the hit policy makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.decisions.model import Column, Rule, Table
from engine.errors import Invalid
from engine.feel import Expression
from engine.feel.calling import Scope, call
from engine.feel.comparing import equals, matches
from engine.feel.functions import BUILTINS
from engine.feel.limits import Run
from engine.feel.nodes import Tests

SINGLE = ("UNIQUE", "ANY", "FIRST", "PRIORITY")
AGGREGATIONS = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}


@dataclass(frozen=True)
class Hit:
    """A row that decided: its number from 1, id and annotations, and what the table saw."""

    table: str
    number: int
    id: str
    annotations: Mapping[str, str]
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


@dataclass(slots=True)
class Watched(Run):
    """A run that remembers the rows that decided, in order."""

    hits: list[Hit] = field(default_factory=list)

    def note(self, hit: Any) -> None:
        self.hits.append(hit)


@dataclass(frozen=True)
class Cells:
    """The parsed texts of one table; ``ranks`` are the allowed values of each output, in order."""

    inputs: tuple[Callable[[Scope], Any], ...]
    tests: tuple[tuple[Expression, ...], ...]
    outputs: tuple[tuple[Callable[[Scope], Any], ...], ...]
    defaults: tuple[Callable[[Scope], Any] | None, ...]
    ranks: tuple[Expression | None, ...]
    allowed: tuple[Expression | None, ...]


class CompiledTable:
    """A table ready to decide; ``name`` is that of its decision or function."""

    def __init__(self, name: str, table: Table, cells: Cells) -> None:
        self.name = name
        self.table = table
        self.cells = cells

    def __call__(self, scope: Scope) -> Any:
        values = [read(scope) for read in self.cells.inputs]
        if not self._are_allowed(scope, values):
            return None
        found = []
        for index, tests in enumerate(self.cells.tests):
            if all(self._fits(scope, *pair) for pair in zip(tests, values, strict=True)):
                found.append(index)
                if self.table.policy == "FIRST":
                    break
        if not found:
            return self._default(scope)
        return self._decide(scope, found, values)

    def _fits(self, scope: Scope, test: Expression, value: Any) -> bool:
        return test.within(Scope({"?": value}, scope, scope.run)) is True

    def _are_allowed(self, scope: Scope, values: list[Any]) -> bool:
        pairs = zip(self.cells.allowed, values, strict=True)
        return all(t is None or v is None or self._fits(scope, t, v) for t, v in pairs)

    def _default(self, scope: Scope) -> Any:
        given = [entry(scope) if entry else None for entry in self.cells.defaults]
        if any(self.cells.defaults):
            return self._shape(given)
        if self.table.policy == "COLLECT" and self.table.aggregation == "COUNT":
            return Decimal(0)
        return None

    def _shape(self, values: list[Any]) -> Any:
        """One output is its value, several are a context by name."""
        columns = self.table.outputs
        if len(columns) == 1:
            return values[0]
        return dict(zip((column.text for column in columns), values, strict=True))

    def _decide(self, scope: Scope, found: list[int], values: list[Any]) -> Any:
        rows = [(index, [entry(scope) for entry in self.cells.outputs[index]]) for index in found]
        policy = self.table.policy
        if policy in ("PRIORITY", "OUTPUT ORDER"):
            rows.sort(key=lambda row: self._rank(row[1]))
        scope.run.weigh([outputs for _, outputs in rows])
        self._check(rows)
        deciding = rows[:1] if policy in SINGLE and policy != "ANY" else rows
        for index, outputs in deciding:
            scope.run.note(self._hit(self.table.rules[index], index, values, outputs))
        if policy in SINGLE:
            return self._shape(rows[0][1])
        shaped = [self._shape(outputs) for _, outputs in rows]
        name = AGGREGATIONS.get(self.table.aggregation) if policy == "COLLECT" else None
        return call(BUILTINS[name], [shaped], (), scope.run) if name else shaped

    def _check(self, rows: list[tuple[int, list[Any]]]) -> None:
        numbers = ", ".join(str(index + 1) for index, _ in rows)
        if self.table.policy == "UNIQUE" and len(rows) > 1:
            raise Invalid("decision_not_unique", table=self.name, rules=numbers)
        if self.table.policy == "ANY" and any(not equals(rows[0][1], row[1]) for row in rows):
            raise Invalid("decision_not_any", table=self.name, rules=numbers)

    def _rank(self, outputs: list[Any]) -> tuple[int, ...]:
        pairs = zip(self.cells.ranks, outputs, strict=True)
        return tuple(_place(expression, value) for expression, value in pairs)

    def _hit(self, rule: Rule, index: int, values: list[Any], outputs: list[Any]) -> Hit:
        table = self.table
        return Hit(
            self.name,
            index + 1,
            rule.id,
            rule.annotations,
            _by_label(table.inputs, values),
            _by_label(table.outputs, outputs),
        )


def _by_label(columns: tuple[Column, ...], values: list[Any]) -> dict[str, Any]:
    return {c.label or str(n): v for n, (c, v) in enumerate(zip(columns, values, strict=True), 1)}


def _place(expression: Expression | None, value: Any) -> int:
    """Where a value stands among the allowed ones; behind all if it is none of them."""
    if expression is None or not isinstance(expression.node, Tests):
        return 0
    items = expression.node.items
    for place, item in enumerate(items):
        if matches(value, Expression("", item).evaluate({})) is True:
            return place
    return len(items)
