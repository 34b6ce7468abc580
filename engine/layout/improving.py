"""Takes crossings away one by one: lays flows anew, or moves an item to another row of its lane."""

from __future__ import annotations

from collections.abc import Iterator

from .graph import Item, Link
from .grid import Grid, set_steps
from .routing import Router, in_order

WORK = 1_200  # tries times items: larger diagrams get fewer


def improve(router: Router) -> None:
    """Tries moves at the flows that cross until none pays; every step is kept only if it does."""
    tried: set[tuple[str, int]] = set()
    best = router.total()
    for _ in range(WORK // max(len(router.grid.graph.items), 1)):
        move = next(_moves(router, tried), None)
        if move is None:
            return
        after = _try(router, *move, best)
        if after < best:
            best = after
            tried.clear()


def _moves(router: Router, tried: set[tuple[str, int]]) -> Iterator[tuple[Item, int]]:
    """Items at crossings with the rows they have not tried; its own row only lays lines anew."""
    items = router.grid.graph.items
    for pair in router.crossing():
        for link in pair:
            for name in (link.source, link.target):
                for row in _rows(router.grid, items[name]):
                    if (name, row) not in tried:
                        tried.add((name, row))
                        yield items[name], row


def _rows(grid: Grid, item: Item) -> Iterator[int]:
    last = grid.rows.count(item.lane)
    yield item.row
    for row in sorted(range(last), key=lambda one: abs(one - item.row)):
        if row != item.row and _is_free(grid, item, row):
            yield row


def _is_free(grid: Grid, item: Item, row: int) -> bool:
    columns = set(range(item.column, item.last_column + 1))
    return not any(
        one is not item
        and (one.lane, one.row) == (item.lane, row)
        and columns & set(range(one.column, one.last_column + 1))
        for one in [*grid.graph.items.values(), *grid.graph.strip]
    )


def _try(router: Router, item: Item, row: int, best: float) -> float:
    """Moves an item and lays anew all flows at it and in its way; takes it back unless it pays."""
    start = item.row
    links = _touched(router, item, row)
    before = {link.id: router.routes[link.id] for link in links}
    for link in links:
        router.lift(link)
    _move(router.grid, item, row)
    for link in in_order(router.grid, links):
        router.lay(link)
    for link in in_order(router.grid, links):
        router.lift(link)
        router.lay(link)
    after = router.total()
    if after < best - 1:
        return after
    for link in links:
        router.lift(link)
    _move(router.grid, item, start)
    for route in before.values():
        router.take(route)
    return best


def _move(grid: Grid, item: Item, row: int) -> None:
    if item.row != row:
        item.row = row
        set_steps(grid)


def _touched(router: Router, item: Item, row: int) -> list[Link]:
    """Flows at the item, flows that cross these, and flows through the cell it would take."""
    found = {link.id: link for link in router.grid.graph.of(item.id)}
    for one, other in router.crossing():
        if one.id in found or other.id in found:
            found |= {one.id: one, other.id: other}
    for name, route in router.routes.items():
        if any(_in_cell(router.grid, point, item, row) for point in route.points):
            found[name] = route.link
    return list(found.values())


def _in_cell(grid: Grid, point: int, item: Item, row: int) -> bool:
    x, y = grid.place(point)
    level, upright = grid.ys[y], grid.xs[x]
    is_row = not level.is_track and level.index == grid.first_row[item.lane] + row
    return is_row and item.column - 1 <= upright.index <= item.last_column
