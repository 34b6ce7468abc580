"""The lines that flows may run on: through rows and columns and in tracks between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .graph import Graph, Item, Link

RIGHT, DOWN, LEFT, UP = range(4)
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))
TRACKS_ACROSS = 6  # upright tracks between two columns
TRACKS_ALONG = 5  # level tracks between two rows; a lane's border has as many on either side
SIDE = 20  # a task's side ports stand so far from its middle
COLUMN, ROW = 170.0, 140.0  # nominal pitch, only to weigh lengths


@dataclass(frozen=True, slots=True)
class Line:
    """A grid line: through a row or column (``offset`` from its middle) or a track beside it.

    Channel n lies after row or column n, channel -1 before the first.
    """

    is_track: bool
    index: int
    offset: float = 0
    nominal: float = 0


@dataclass(frozen=True, slots=True)
class Port:
    """Where a flow meets an item: the grid point outside it, the way it runs there, what it costs."""

    key: int
    point: int
    heading: int
    cost: float
    side: int
    offset: float = 0


@dataclass(slots=True)
class Grid:
    """All lines, and at which of their meeting points a level or an upright run may be."""

    graph: Graph
    rows: list[int]  # lane of each row, top down
    first_row: list[int]  # of each lane
    columns: int
    xs: list[Line] = field(default_factory=list)
    ys: list[Line] = field(default_factory=list)
    level: list[bool] = field(default_factory=list)
    upright: list[bool] = field(default_factory=list)
    x_of: dict[tuple[bool, int, float], int] = field(default_factory=dict)
    y_of: dict[tuple[bool, int, float], int] = field(default_factory=dict)
    ports: dict[tuple[str, int, float], int] = field(default_factory=dict)

    @property
    def width(self) -> int:
        return len(self.xs)

    def row_of(self, item: Item) -> int:
        return self.first_row[item.lane] + item.row

    def point(self, x: int, y: int) -> int:
        return y * len(self.xs) + x

    def place(self, point: int) -> tuple[int, int]:
        return point % len(self.xs), point // len(self.xs)


def boundary_offsets(item: Item) -> list[float]:
    """Where on its bottom edge its boundary events stand, from the middle of its last column."""
    count = len(item.boundary)
    if count == 1:
        return [22.0]
    reach = min(34.0 + 8 * (count > 3), (item.width if item.span == 1 else 100) / 2 - 14)
    return [-reach + 2 * reach * n / (count - 1) for n in range(count)]


def build_grid(graph: Graph) -> Grid:
    counts = [0] * graph.lanes
    for item in [*graph.items.values(), *graph.strip]:
        counts[item.lane] = max(counts[item.lane], item.row + 1)
    counts = [max(count, 1) for count in counts]
    first = [sum(counts[:lane]) for lane in range(graph.lanes)]
    rows = [lane for lane, count in enumerate(counts) for _ in range(count)]
    placed = [*graph.items.values(), *graph.strip]
    columns = max((item.last_column + 1 for item in placed), default=1)
    grid = Grid(graph, rows, first, columns)
    grid.xs = list(_upright(grid))
    grid.ys = list(_level(grid))
    grid.x_of = {(one.is_track, one.index, one.offset): n for n, one in enumerate(grid.xs)}
    grid.y_of = {(one.is_track, one.index, one.offset): n for n, one in enumerate(grid.ys)}
    set_free(grid)
    return grid


def _upright(grid: Grid) -> Iterator[Line]:
    offsets: dict[int, set[float]] = {}
    for item in grid.graph.items.values():
        offsets.setdefault(item.last_column, set()).update(boundary_offsets(item))
    for column in range(-1, grid.columns):
        if column >= 0:
            for offset in sorted({0.0} | offsets.get(column, set())):
                yield Line(False, column, offset, column * COLUMN + 50 + offset)
        for track in range(TRACKS_ACROSS):
            at = column * COLUMN + 108 + track * 54 / (TRACKS_ACROSS - 1)
            yield Line(True, column, track, at)


def _level(grid: Grid) -> Iterator[Line]:
    for row in range(-1, len(grid.rows)):
        if row >= 0:
            for offset in (-SIDE, 0, SIDE):
                yield Line(False, row, offset, row * ROW + 40 + offset)
        tracks = TRACKS_ALONG * (2 if is_border(grid, row) else 1)
        for track in range(tracks):
            yield Line(True, row, track, row * ROW + 86 + track * 48 / (tracks - 1))


def is_border(grid: Grid, row: int) -> bool:
    """Whether a lane ends below this row and another begins."""
    return 0 <= row < len(grid.rows) - 1 and grid.rows[row] != grid.rows[row + 1]


# Free points -------------------------------------------------------------------------------


def set_free(grid: Grid) -> None:
    """Marks where flows may run: outside every shape, on side lines only beside a task."""
    taken = _taken(grid)
    tasks = {
        (grid.row_of(one), column)
        for one in grid.graph.items.values()
        if not (one.is_event or one.is_gateway)
        for column in (one.column - 1, one.last_column)
    }
    hosts = {
        (grid.row_of(one), one.last_column, offset)
        for one in grid.graph.items.values()
        for offset in boundary_offsets(one)
    }
    grid.level = [_may_level(x, y, taken, tasks) for y in grid.ys for x in grid.xs]
    grid.upright = [_may_upright(x, y, taken, hosts) for y in grid.ys for x in grid.xs]


def _taken(grid: Grid) -> set[tuple[int, int, bool]]:
    """(row, column, is channel) that a shape covers."""
    covered = set()
    for item in [*grid.graph.items.values(), *grid.graph.strip]:
        row = grid.row_of(item)
        covered |= {(row, column, False) for column in range(item.column, item.last_column + 1)}
        covered |= {(row, column, True) for column in range(item.column, item.last_column)}
    return covered


def _may_level(
    x: Line, y: Line, taken: set[tuple[int, int, bool]], tasks: set[tuple[int, int]]
) -> bool:
    """Whether a level run may touch this point."""
    if y.is_track:
        return True
    if (y.index, x.index, x.is_track) in taken:
        return False
    return y.offset == 0 or (x.is_track and (y.index, x.index) in tasks)


def _may_upright(
    x: Line, y: Line, taken: set[tuple[int, int, bool]], hosts: set[tuple[int, int, float]]
) -> bool:
    """Whether an upright run may touch this point."""
    if not x.is_track and x.offset:
        return y.is_track and (y.index, x.index, x.offset) in hosts
    return y.is_track or (y.index, x.index, x.is_track) not in taken


# Ports -------------------------------------------------------------------------------------

LEAVING = {RIGHT: 0.0, DOWN: 90.0, UP: 95.0, LEFT: 220.0}
ENTERING = {LEFT: 0.0, UP: 90.0, DOWN: 95.0, RIGHT: 240.0}
GATEWAY_PORT = 0.2  # a gateway's corners are all made for flows
BESIDE_PORT = 30.0
UNDER_EVENTS = 150.0


def leaving_ports(grid: Grid, link: Link) -> list[Port]:
    """Where a flow may start."""
    item = grid.graph.items[link.source]
    if link.start:
        offset = boundary_offsets(item)[item.boundary.index(link.start)]
        x = grid.x_of[(False, item.last_column, offset)]
        y = grid.y_of[(True, grid.row_of(item), 0)]
        key = _key(grid, link.start, DOWN, offset)
        return [Port(key, grid.point(x, y), DOWN, 0, DOWN, offset)]
    return [
        Port(_key(grid, item.id, side, offset), point, side, cost, side, offset)
        for side, offset, point, cost in _sides(grid, item, LEAVING)
    ]


def entering_ports(grid: Grid, link: Link) -> list[Port]:
    """Where a flow may end; it heads against the side it meets."""
    item = grid.graph.items[link.target]
    return [
        Port(_key(grid, item.id, side, offset), point, (side + 2) % 4, cost, side, offset)
        for side, offset, point, cost in _sides(grid, item, ENTERING)
    ]


def _key(grid: Grid, item: str, side: int, offset: float) -> int:
    """A number for a port, beyond those of the grid's points."""
    first = len(grid.xs) * len(grid.ys)
    return grid.ports.setdefault((item, side, offset), first + len(grid.ports))


def _sides(
    grid: Grid, item: Item, costs: dict[int, float]
) -> Iterator[tuple[int, float, int, float]]:
    factor = GATEWAY_PORT if item.is_gateway else 1.0
    row = grid.row_of(item)
    middle = grid.x_of[(False, (item.column + item.last_column) // 2, 0)]
    for side, cost in costs.items():
        if side in (LEFT, RIGHT):
            x = _beside(grid, item, side)
            offsets = (0,) if item.is_event or item.is_gateway else (0, -SIDE, SIDE)
            for offset in offsets:
                point = grid.point(x, grid.y_of[(False, row, offset)])
                yield side, offset, point, cost * factor + BESIDE_PORT * bool(offset)
        else:
            y = grid.y_of[(True, row, 0)] if side == DOWN else grid.y_of[(False, row, -SIDE)] - 1
            extra = UNDER_EVENTS if side == DOWN and item.boundary else 0
            yield side, 0, grid.point(middle, y), cost * factor + extra


def _beside(grid: Grid, item: Item, side: int) -> int:
    if side == LEFT:
        return grid.x_of[(True, item.column - 1, TRACKS_ACROSS - 1)]
    return grid.x_of[(True, item.last_column, 0)]
