"""The lines that flows may run on: through rows and columns and in tracks between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .graph import Graph, Item, Link

RIGHT, DOWN, LEFT, UP = range(4)
NOWHERE = (-1, 0.0)
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))
TRACKS_ACROSS = 7  # upright tracks between two columns
TRACKS_ALONG = 6  # level tracks between two rows; a lane's border has as many on either side
OFFSETS = {1: (22.0,), 2: (34.0, -34.0), 3: (36.0, 0.0, -36.0)}
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
    """All lines; ``steps``: by heading and point, the next point (-1 = none) and its distance."""

    graph: Graph
    rows: list[int]  # lane of each row, top down
    first_row: list[int]  # of each lane
    columns: int
    xs: list[Line] = field(default_factory=list)
    ys: list[Line] = field(default_factory=list)
    steps: list[list[tuple[int, float]]] = field(default_factory=list)
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


def boundary_spots(item: Item) -> dict[str, tuple[int, float]]:
    """(column, offset from its middle) of each boundary event; on either edge from the right."""
    lower = zip(item.boundary, _spots(item, len(item.boundary)), strict=True)
    upper = zip(item.upper, _spots(item, len(item.upper)), strict=True)
    return dict([*lower, *upper])


def _spots(item: Item, count: int) -> list[tuple[int, float]]:
    if count <= 1:
        return [(item.last_column, 22.0)][:count]
    if item.span == 1:
        reach = item.width / 2 - 24
        return [(item.column, reach - 2 * reach * n / (count - 1)) for n in range(count)]
    share = -(-count // item.span)
    spots = [
        (column, offset)
        for column in range(item.last_column, item.column - 1, -1)
        for offset in (OFFSETS[share] if share in OFFSETS else OFFSETS[3])
    ]
    return spots[:count]


def build_grid(graph: Graph) -> Grid:
    """The grid over items that have their lane, row and column."""
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
    set_steps(grid)
    return grid


def _upright(grid: Grid) -> Iterator[Line]:
    offsets: dict[int, set[float]] = {}
    for item in grid.graph.items.values():
        for column, offset in boundary_spots(item).values():
            offsets.setdefault(column, set()).add(offset)
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


def set_steps(grid: Grid) -> None:
    """Marks where flows may run: outside every shape, on side lines only beside a task."""
    taken = _taken(grid)
    tasks = {
        (grid.row_of(one), column)
        for one in grid.graph.items.values()
        if not (one.is_event or one.is_gateway)
        for column in (one.column - 1, one.last_column)
    }
    hosts = {
        (grid.row_of(one) - (name in one.upper), column, offset)
        for one in grid.graph.items.values()
        for name, (column, offset) in boundary_spots(one).items()
    }
    level = [_may_level(x, y, taken, tasks) for y in grid.ys for x in grid.xs]
    upright = [_may_upright(x, y, taken, hosts) for y in grid.ys for x in grid.xs]
    if not grid.steps:
        grid.steps = [[NOWHERE] * len(level) for _ in range(4)]
    known = (grid.level, grid.upright)
    grid.level, grid.upright = level, upright
    for way in range(4):
        free, before = (upright, known[1]) if way % 2 else (level, known[0])
        for point in _changed(grid, free, before):
            grid.steps[way][point] = _step(grid, point, way, free)


def _changed(grid: Grid, free: list[bool], before: list[bool]) -> set[int] | range:
    """The points whose steps differ from before: those freed or taken, and their neighbours."""
    if not before:
        return range(len(free))
    width, last = len(grid.xs), len(free)
    changed = [n for n, (one, other) in enumerate(zip(free, before, strict=True)) if one != other]
    around = {n + d for n in changed for d in (0, 1, -1, width, -width)}
    return {n for n in around if 0 <= n < last}


def _step(grid: Grid, point: int, way: int, free: list[bool]) -> tuple[int, float]:
    """The next point that way and how far it is; -1 where no flow may go."""
    x, y = grid.place(point)
    nx, ny = x + STEPS[way][0], y + STEPS[way][1]
    if not (0 <= nx < len(grid.xs) and 0 <= ny < len(grid.ys)):
        return NOWHERE
    after = grid.point(nx, ny)
    if not (free[point] and free[after]):
        return NOWHERE
    length = abs(grid.xs[nx].nominal - grid.xs[x].nominal)
    return after, length + abs(grid.ys[ny].nominal - grid.ys[y].nominal)


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
        column, offset = boundary_spots(item)[link.start]
        x = grid.x_of[(False, column, offset)]
        side = UP if link.start in item.upper else DOWN
        point = grid.point(x, _beyond(grid, item, side))
        return [Port(_key(grid, link.start, side, offset), point, side, 0, side, offset)]
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
    first = 2 * len(grid.xs) * len(grid.ys)
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
            events = item.boundary if side == DOWN else item.upper
            extra = UNDER_EVENTS if events else 0
            point = grid.point(middle, _beyond(grid, item, side))
            yield side, 0, point, cost * factor + extra


def _beyond(grid: Grid, item: Item, side: int) -> int:
    """The first track below or above an item."""
    row = grid.row_of(item)
    return grid.y_of[(True, row, 0)] if side == DOWN else grid.y_of[(False, row, -SIDE)] - 1


def _beside(grid: Grid, item: Item, side: int) -> int:
    if side == LEFT:
        return grid.x_of[(True, item.column - 1, TRACKS_ACROSS - 1)]
    return grid.x_of[(True, item.last_column, 0)]
