"""What is wrong with a table before any case meets it: overlaps, gaps, rows that never decide.

Every finding carries an example row. Cells with names or functions of the tested value are not
understood: nothing is claimed that depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from itertools import combinations
from typing import Any

from engine.decisions import model
from engine.decisions.graph import Decisions
from engine.decisions.sampling import is_plain, matched, samples
from engine.feel import Expression, parse_unary
from engine.feel.functions.conversion import write_value
from engine.model import Finding

MOST_STEPS = 20_000
"""Combinations looked at for one question; a table that needs more is left alone."""
MOST_FINDINGS = 5
"""Findings of one kind for one table: a reader mends the first ones first."""
Row = tuple[frozenset[int] | None, ...]
"""For each column the places of the values a row matches; None where nothing is known."""


@dataclass(frozen=True)
class Grid:
    """A table seen through the sample values of its columns."""

    table: model.Table
    columns: tuple[tuple[Any, ...], ...]
    rows: tuple[Row, ...]

    def example(self, places: tuple[int, ...]) -> str:
        """A row of values in words: ``amount = 5, kind = "A"``."""
        named = zip(self.table.inputs, self.columns, places, strict=True)
        return ", ".join(f"{c.label} = {write_value(v[p], True)}" for c, v, p in named)


def analyse_tables(decisions: Decisions) -> Iterator[Finding]:
    """Overlaps (error), gaps and rows that never decide (warnings) of every table of the file."""
    for element in decisions.main.elements.values():
        for table in _tables(getattr(element, "logic", None)):
            grid = _grid(table, decisions.types.names)
            for code, level, params in _findings(grid):
                yield Finding(code, element.id, level, params={"table": element.name, **params})


def _tables(logic: Any) -> Iterator[model.Table]:
    if isinstance(logic, model.Table):
        yield logic
    elif isinstance(logic, tuple):
        for part in logic:
            yield from _tables(part)
    elif is_dataclass(logic):
        for each in fields(logic):
            yield from _tables(getattr(logic, each.name))


def _grid(table: model.Table, names: frozenset[str]) -> Grid:
    rows = [[parse_unary(test or "-", names) for test in rule.tests] for rule in table.rules]
    columns, masks = [], []
    for index, column in enumerate(table.inputs):
        values, mask = _column(column, [row[index] for row in rows], names)
        columns.append(values)
        masks.append(mask)
    return Grid(table, tuple(columns), tuple(zip(*masks, strict=True)) if masks else ())


def _column(
    column: model.Column, cells: list[Expression], names: frozenset[str]
) -> tuple[tuple[Any, ...], list[frozenset[int] | None]]:
    allowed = parse_unary(column.values or "-", names)
    plain = [cell for cell in (*cells, allowed) if is_plain(cell.node)]
    values = samples(cell.node for cell in plain)
    if is_plain(allowed.node):
        values = [v for v in values if v is None or allowed.evaluate({"?": v}) is True]
    masks = [matched(c, values) if is_plain(c.node) else None for c in cells]
    return tuple(values), masks


def _findings(grid: Grid) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    found = {
        "table_overlap": ("error", _overlaps(grid)),
        "table_gap": ("warning", _gaps(grid)),
        "table_dead_row": ("warning", _dead(grid)),
    }
    for code, (level, params) in found.items():
        for _, one in zip(range(MOST_FINDINGS), params, strict=False):
            yield code, level, one


def _overlaps(grid: Grid) -> Iterator[dict[str, Any]]:
    """Two rows of a UNIQUE table that match together, or of an ANY table with other results."""
    if grid.table.policy not in ("UNIQUE", "ANY"):
        return
    for (one, first), (two, second) in combinations(enumerate(grid.rows), 2):
        if grid.table.policy == "ANY" and _same_result(grid.table, one, two):
            continue
        shared = [_both(a, b) for a, b in zip(first, second, strict=True)]
        if all(shared):
            places = tuple(min(places) for places in shared)
            yield {"rules": f"{one + 1}, {two + 1}", "example": grid.example(places)}


def _both(first: frozenset[int] | None, second: frozenset[int] | None) -> frozenset[int]:
    return frozenset() if first is None or second is None else first & second


def _same_result(table: model.Table, one: int, two: int) -> bool:
    return table.rules[one].outputs == table.rules[two].outputs


def _gaps(grid: Grid) -> Iterator[dict[str, Any]]:
    """Values that no row matches, where the table has no default: null is no value here.

    A table that lists what it finds has no gaps: finding nothing is an answer.
    """
    if any(column.default for column in grid.table.outputs) or _lists(grid.table):
        return
    inside = [
        frozenset(i for i, value in enumerate(values) if value is not None or len(values) == 1)
        for values in grid.columns
    ]
    for places in _uncovered(inside, grid.rows, unknown_covers=True):
        yield {"example": grid.example(places)}


def _lists(table: model.Table) -> bool:
    counted = table.aggregation in ("", "COUNT")
    return table.policy in ("RULE ORDER", "OUTPUT ORDER") or (table.policy == "COLLECT" and counted)


def _dead(grid: Grid) -> Iterator[dict[str, Any]]:
    """Rows that can never match, or in a FIRST table only where an earlier one does."""
    for index, row in enumerate(grid.rows):
        if None in row:
            continue
        box = [places for places in row if places is not None]
        earlier = grid.rows[:index] if grid.table.policy == "FIRST" else ()
        if not all(box) or next(_uncovered(box, earlier, unknown_covers=False), None) is None:
            yield {"rules": str(index + 1), "example": _why(grid, row)}


def _why(grid: Grid, row: Row) -> str:
    places = tuple(min(found) if found else 0 for found in row)
    return grid.example(places)


def _uncovered(
    box: list[frozenset[int]], rows: tuple[Row, ...], unknown_covers: bool
) -> Iterator[tuple[int, ...]]:
    """Places inside the box that no row matches, one for each group of rows that behave alike."""
    budget = [MOST_STEPS]
    known = [
        tuple(
            places if mask is None and unknown_covers else mask for mask, places in _pairs(row, box)
        )
        for row in rows
    ]
    yield from _search(box, [row for row in known if None not in row], (), budget)


def _pairs(row: Row, box: list[frozenset[int]]) -> Iterator[tuple[Any, frozenset[int]]]:
    return zip(row, box, strict=True)


def _search(
    box: list[frozenset[int]], rows: list[Any], way: tuple[int, ...], budget: list[int]
) -> Iterator[tuple[int, ...]]:
    column = len(way)
    if not rows:
        yield (*way, *(min(places) for places in box[column:]))
        return
    if column == len(box):
        return
    seen = set()
    for place in sorted(box[column]):
        left = [row for row in rows if place in row[column]]
        alike = tuple(map(id, left))
        if alike in seen:
            continue
        seen.add(alike)
        budget[0] -= 1
        if budget[0] < 0:
            return
        yield from _search(box, left, (*way, place), budget)
