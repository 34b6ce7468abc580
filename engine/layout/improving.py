"""Moves single items to other rows while the laid lines get better for it."""

from __future__ import annotations

from .graph import Item
from .grid import Grid, build_grid
from .routing import CROSS, Router, route_all

MAX_TRIES = 0
MAX_ITEMS = 120


def improve(grid: Grid, router: Router) -> tuple[Grid, Router]:
    """Takes the items at crossings in turn; each try lays all lines anew and must pay."""
    if len(grid.graph.items) > MAX_ITEMS:
        return grid, router
    best, tries, seen = total(router), 0, set[tuple[str, int]]()
    while tries < MAX_TRIES:
        move = _next_move(grid, router, seen)
        if move is None:
            break
        item, row = move
        tries += 1
        start, item.row = item.row, row
        other_grid = build_grid(grid.graph)
        other = route_all(other_grid, grid.graph.links)
        cost = total(other)
        if cost < best - 1:
            best, grid, router = cost, other_grid, other
            seen.clear()
        else:
            item.row = start
    return grid, router


def total(router: Router) -> float:
    return sum(route.cost for route in router.routes.values())


def _next_move(grid: Grid, router: Router, seen: set[tuple[str, int]]) -> tuple[Item, int] | None:
    for item in _at_crossings(grid, router):
        for row in (item.row - 1, item.row + 1):
            if row >= 0 and (item.id, row) not in seen and _is_free(grid, item, row):
                seen.add((item.id, row))
                return item, row
    return None


def _at_crossings(grid: Grid, router: Router) -> list[Item]:
    found: dict[str, Item] = {}
    routes = sorted(router.routes.values(), key=lambda one: (-one.cost, one.link.id))
    for route in routes:
        if route.cost > CROSS:
            for name in (route.link.source, route.link.target):
                found[name] = grid.graph.items[name]
    return list(found.values())


def _is_free(grid: Grid, item: Item, row: int) -> bool:
    columns = set(range(item.column, item.last_column + 1))
    return not any(
        one is not item
        and (one.lane, one.row) == (item.lane, row)
        and columns & set(range(one.column, one.last_column + 1))
        for one in [*grid.graph.items.values(), *grid.graph.strip]
    )
