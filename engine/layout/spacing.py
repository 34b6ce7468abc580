"""Turns grid lines into coordinates: only what is used takes room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from engine.diagram import Bounds

from .graph import Item
from .grid import DOWN, LEFT, RIGHT, UP, Grid, boundary_spots, is_border
from .routing import Route, Router

TRACK = 14.0  # between two flows side by side
LEAD = 24.0  # between a shape and the nearest flow that passes
GAP_ACROSS = 56.0
GAP_ALONG = 40.0
UNDER_EVENT = 50.0  # a boundary event hangs half below its host, its label under it
OUTER = 30.0
BORDER = 20.0  # between a lane's border and the nearest flow or shape
MIN_COLUMN = 56.0
EVENT_HALF = 18.0

Point = tuple[float, float]


@dataclass(slots=True)
class Extra:
    """More room asked for by labels: by channel, in diagram units."""

    across: dict[int, float] = field(default_factory=dict)
    along: dict[int, float] = field(default_factory=dict)

    def add(self, more: Extra) -> None:
        for mine, asked in ((self.across, more.across), (self.along, more.along)):
            for channel, room in asked.items():
                mine[channel] = mine.get(channel, 0) + room


@dataclass(slots=True)
class Frame:
    """Coordinates of every line, extents of columns, rows and lanes."""

    xs: list[float]
    ys: list[float]
    columns: list[tuple[float, float]]
    rows: list[tuple[float, float]]
    lanes: list[tuple[float, float]]
    width: float
    height: float


def frame(grid: Grid, router: Router, extra: Extra) -> Frame:
    upright, level = _used(grid, router.routes.values())
    xs, columns, width = _across(grid, upright, extra)
    ys, rows, lanes, height = _along(grid, level, extra)
    return Frame(xs, ys, columns, rows, lanes, width, height)


def _used(grid: Grid, routes: Iterable[Route]) -> tuple[set[int], set[int]]:
    """The x lines that carry an upright run and the y lines that carry a level one."""
    upright: set[int] = set()
    level: set[int] = set()
    for route in routes:
        ways = route.headings(grid)
        for n, point in enumerate(route.points):
            x, y = grid.place(point)
            for way in (ways[n], ways[n + 1]):
                (upright if way in (UP, DOWN) else level).add(x if way in (UP, DOWN) else y)
    return upright, level


# Across ------------------------------------------------------------------------------------


def _across(
    grid: Grid, used: set[int], extra: Extra
) -> tuple[list[float], list[tuple[float, float]], float]:
    widths = _widths(grid)
    room = dict(extra.across)
    for item in [*grid.graph.items.values(), *grid.graph.strip]:
        _widen(item, widths, room, grid, used)
    xs = [0.0] * len(grid.xs)
    columns: list[tuple[float, float]] = []
    at = 0.0
    for channel in range(-1, grid.columns):
        if channel >= 0:
            columns.append((at, at + widths[channel]))
            at += widths[channel]
        wide = _gap(grid, used, channel) + room.get(channel, 0)
        _set_channel(grid, xs, used, (channel, at + wide / 2))
        at += wide
    for n, line in enumerate(grid.xs):
        if not line.is_track:
            left, right = columns[line.index]
            xs[n] = (left + right) / 2 + line.offset
    return xs, columns, at


def _set_channel(grid: Grid, xs: list[float], used: set[int], about: tuple[int, float]) -> None:
    """Places a channel's tracks about its middle."""
    channel, middle = about
    tracks = [n for n, one in enumerate(grid.xs) if one.is_track and one.index == channel]
    carrying = [n for n in tracks if n in used]
    first = middle - TRACK * (len(carrying) - 1) / 2
    for n in tracks:
        xs[n] = first + TRACK * sum(one < n for one in carrying)


def _gap(grid: Grid, used: set[int], channel: int) -> float:
    count = sum(n in used for n, one in enumerate(grid.xs) if one.is_track and one.index == channel)
    is_outer = channel in (-1, grid.columns - 1)
    return max(OUTER if is_outer else GAP_ACROSS, 2 * LEAD + TRACK * (count - 1) if count else 0)


def _widths(grid: Grid) -> list[float]:
    widths = [MIN_COLUMN] * grid.columns
    for item in grid.graph.items.values():
        if item.span == 1:
            widths[item.column] = max(widths[item.column], item.width)
    return widths


def _widen(
    item: Item, widths: list[float], room: dict[int, float], grid: Grid, used: set[int]
) -> None:
    """A shape over several columns pushes their channels apart until it fits."""
    inner = range(item.column, item.last_column)
    have = sum(widths[item.column : item.last_column + 1])
    have += sum(_gap(grid, used, one) + room.get(one, 0) for one in inner)
    missing = item.width - have
    if missing > 0 and item.span == 1:
        widths[item.column] += missing
    elif missing > 0:
        for channel in inner:
            room[channel] = room.get(channel, 0) + missing / len(inner)


# Along -------------------------------------------------------------------------------------


def _along(
    grid: Grid, used: set[int], extra: Extra
) -> tuple[list[float], list[tuple[float, float]], list[tuple[float, float]], float]:
    ys = [0.0] * len(grid.ys)
    rows: list[tuple[float, float]] = []
    borders = [0.0]
    at = 0.0
    for channel in range(-1, len(grid.rows)):
        if channel >= 0:
            height = _row_height(grid, channel, used)
            rows.append((at, at + height))
            at += height
        at = _set_level(grid, ys, used, (channel, at + extra.along.get(channel, 0)))
        if is_border(grid, channel):
            borders.append(_border(grid, ys, used, channel))
    borders.append(at)
    for n, line in enumerate(grid.ys):
        if not line.is_track:
            ys[n] = sum(rows[line.index]) / 2 + line.offset
    return ys, rows, list(pairwise(borders)), at


def _row_height(grid: Grid, row: int, used: set[int]) -> float:
    items = [*grid.graph.items.values(), *grid.graph.strip]
    heights = [item.height for item in items if grid.row_of(item) == row]
    middle = grid.y_of[(False, row, 0)]
    return max(heights, default=TRACK if middle in used else 0.0)


def _set_level(grid: Grid, ys: list[float], used: set[int], begin: tuple[int, float]) -> float:
    """Places a channel's tracks from its upper edge on; gives its lower edge."""
    channel, at = begin
    tracks = [n for n, one in enumerate(grid.ys) if one.is_track and one.index == channel]
    above, below = _leads(grid, channel)
    middle = len(tracks) // 2 if is_border(grid, channel) else None
    position, carried = at + above, 0
    for count, n in enumerate(tracks):
        if count == middle:
            position += 2 * BORDER - (TRACK if carried else 0) - (0 if carried else above - BORDER)
        ys[n] = position
        if n in used:
            position += TRACK
            carried += 1
    if not carried:
        for n in tracks[middle:]:
            ys[n] = at + max(above, BORDER) + BORDER
        return at + _bare(grid, channel, above, below)
    is_last = tracks and tracks[-1] in used
    return position - (TRACK if is_last or middle is None else 0) + below


def _bare(grid: Grid, channel: int, above: float, below: float) -> float:
    """The height of a channel without flows along it."""
    if is_border(grid, channel):
        return max(above, BORDER) + max(below, BORDER)
    if channel in (-1, len(grid.rows) - 1):
        return max(OUTER, above - LEAD + OUTER, below - LEAD + OUTER)
    return max(GAP_ALONG, above + below - LEAD)


def _leads(grid: Grid, channel: int) -> tuple[float, float]:
    """The room between a channel's tracks and the rows above and below: boundary events need more."""
    items = grid.graph.items.values()
    hang = any(item.boundary and grid.row_of(item) == channel for item in items)
    stand = any(item.upper and grid.row_of(item) == channel + 1 for item in items)
    return UNDER_EVENT if hang else LEAD, UNDER_EVENT if stand else LEAD


def _border(grid: Grid, ys: list[float], used: set[int], channel: int) -> float:
    """Where one lane ends and the next begins: between the upper and the lower tracks."""
    tracks = [n for n, one in enumerate(grid.ys) if one.is_track and one.index == channel]
    lower = tracks[len(tracks) // 2]
    return ys[lower] - BORDER


# Shapes and lines --------------------------------------------------------------------------


def item_bounds(grid: Grid, item: Item, at: Frame) -> Bounds:
    top, bottom = at.rows[grid.row_of(item)]
    left, right = at.columns[item.column][0], at.columns[item.last_column][1]
    width = item.width if item.span == 1 else right - left
    return Bounds((left + right - width) / 2, (top + bottom - item.height) / 2, width, item.height)


def boundary_bounds(item: Item, host: Bounds, at: Frame) -> dict[str, Bounds]:
    """The events on its edges."""
    size = 2 * EVENT_HALF
    found = {}
    for name, (column, offset) in boundary_spots(item).items():
        edge = host.y if name in item.upper else host.bottom
        left = sum(at.columns[column]) / 2 + offset - EVENT_HALF
        found[name] = Bounds(left, edge - EVENT_HALF, size, size)
    return found


def waypoints(grid: Grid, route: Route, at: Frame, shapes: Mapping[str, Bounds]) -> list[Point]:
    """A route's corners, from border to border."""
    start = shapes[route.link.start or route.link.source]
    points = [_port(start, route.start.side, route.start.offset if not route.link.start else 0)]
    for point in route.points:
        x, y = grid.place(point)
        points.append((at.xs[x], at.ys[y]))
    points.append(_port(shapes[route.link.target], route.end.side, route.end.offset))
    return _corners(points)


def _port(shape: Bounds, side: int, offset: float) -> Point:
    middle_x, middle_y = shape.x + shape.width / 2, shape.y + shape.height / 2
    if side in (LEFT, RIGHT):
        return (shape.right if side == RIGHT else shape.x, middle_y + offset)
    return (middle_x, shape.bottom if side == DOWN else shape.y)


def _corners(points: list[Point]) -> list[Point]:
    """Without the points that change nothing."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and _on_line(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return kept


def _on_line(one: Point, two: Point, three: Point) -> bool:
    return (one[0] == two[0] == three[0]) or (one[1] == two[1] == three[1])
