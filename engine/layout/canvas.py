"""Lays out one scope: graph in, coordinates out, everything relative to its upper left corner."""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagram import Bounds

from .graph import Graph, Item, Link, order_events, set_ranks
from .grid import Grid, build_grid
from .improving import improve
from .labels import (
    Obstacles,
    boundary_places,
    event_places,
    flow_places,
    gateway_places,
    obstacles_of,
    place,
    upper_places,
)
from .placed import Placed, set_strip
from .plain import lay_plainly
from .routing import TURNS, Router, route_all
from .rows import TASTES, Taste, set_rows
from .spacing import Extra, boundary_bounds, frame, item_bounds, waypoints

FEW = 16  # so many items are laid out with care even in a hurry
MOST = 150  # and so many at most at leisure: a search among more takes minutes
LABEL_ROUNDS = 8
MANY = 400  # arrangements times items: larger diagrams get fewer
MORE_ROOM = 14.0


def lay_out(graph: Graph, names: Mapping[str, tuple[int, int]], quick: bool = False) -> Placed:
    """Places a scope; ``names``: label sizes of boundary events; ``quick``: somebody waits for it."""
    set_ranks(graph)
    if len(graph.items) > (FEW if quick else MOST):
        return lay_plainly(graph, names)
    if quick:
        router = _arranged(graph, TASTES[0], quick=True)
    else:
        router = _routed(graph)
        improve(router)
    grid = router.grid
    extra = Extra()
    for _ in range(LABEL_ROUNDS):
        placed = _coordinates(grid, router, extra)
        wanted = _put_labels(grid, router, placed, names)
        if not wanted.across and not wanted.along:
            break
        extra.add(wanted)
    return placed


def _routed(graph: Graph) -> Router:
    """The best of several arrangements in rows, judged by the flows laid over each."""
    chosen: tuple[float, Taste] | None = None
    for taste in TASTES[: max(1, MANY // max(len(graph.items), 1))]:
        router = _arranged(graph, taste, quick=True)
        cost = router.total()
        if chosen is None or cost < chosen[0] - 1:
            chosen = cost, taste
    return _arranged(graph, chosen[1] if chosen else TASTES[0], quick=False)


def _arranged(graph: Graph, taste: Taste, quick: bool) -> Router:
    set_rows(graph, taste)
    order_events(graph)
    set_strip(graph)
    return route_all(build_grid(graph), graph.links, 1 if quick else TURNS)


def _coordinates(grid: Grid, router: Router, extra: Extra) -> Placed:
    at = frame(grid, router, extra)
    placed = Placed(lanes=at.lanes, width=at.width, height=at.height)
    for item in [*grid.graph.items.values(), *grid.graph.strip]:
        bounds = item_bounds(grid, item, at)
        placed.shapes[item.id] = bounds
        placed.shapes |= boundary_bounds(item, bounds, at)
    for name, route in router.routes.items():
        placed.lines[name] = waypoints(grid, route, at, placed.shapes)
    return placed


def _put_labels(
    grid: Grid, router: Router, placed: Placed, names: Mapping[str, tuple[int, int]]
) -> Extra:
    """Places all labels; what found no room asks for more."""
    obstacles = obstacles_of(placed.shapes, placed.lines)
    for _, bottom in placed.lanes[:-1]:
        obstacles.lines.append(Bounds(0, bottom - 1, placed.width, 2))
    extra = Extra()
    for item in grid.graph.items.values():
        _label_item(grid, item, placed, obstacles, extra)
        for name in (*item.boundary, *item.upper):
            if names.get(name, (0, 0))[1]:
                is_upper = name in item.upper
                places = upper_places if is_upper else boundary_places
                box, is_free = place(obstacles, places(placed.shapes[name], names[name]))
                placed.labels[name] = box
                _ask(extra.along, grid.row_of(item) - is_upper, is_free)
    for route in router.routes.values():
        _label_flow(grid, route.link, placed, obstacles, extra)
    return extra


def _label_item(grid: Grid, item: Item, placed: Placed, obstacles: Obstacles, extra: Extra) -> None:
    if not item.label[1] or not (item.is_event or item.is_gateway):
        return
    places = gateway_places if item.is_gateway else event_places
    box, is_free = place(obstacles, places(placed.shapes[item.id], item.label))
    placed.labels[item.id] = box
    row = grid.row_of(item) - (1 if item.is_gateway else 0)
    _ask(extra.along, row, is_free)


def _label_flow(grid: Grid, link: Link, placed: Placed, obstacles: Obstacles, extra: Extra) -> None:
    if not link.label[1]:
        return
    box, is_free = place(obstacles, flow_places(placed.lines[link.id], link.label))
    placed.labels[link.id] = box
    source = grid.graph.items[link.source]
    _ask(extra.across, source.last_column, is_free)
    _ask(extra.along, grid.row_of(source), is_free)


def _ask(room: dict[int, float], channel: int, is_free: bool) -> None:
    if not is_free:
        room[channel] = MORE_ROOM
