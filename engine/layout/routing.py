"""Finds every flow's way over the grid: short, few bends, and hardly ever across another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from .graph import Link
from .grid import COLUMN, STEPS, Grid, Port, entering_ports, leaving_ports

BEND = 45.0
CROSS = 320.0
TOUCH = 1_500.0
SHARED = 6_000.0
JOIN = 40.0  # two flows run into one target on one line
FORK = 90.0  # two flows leave one source on one line
TURNS = 3  # how often every flow is taken up and laid anew


@dataclass(frozen=True, slots=True)
class Route:
    """A flow's way: its ports and the grid points between, with the heading at each."""

    link: Link
    start: Port
    end: Port
    points: tuple[int, ...]
    cost: float

    def headings(self, grid: Grid) -> list[int]:
        """The way it runs into each point, and out of the last."""
        found = [self.start.heading]
        for one, other in zip(self.points, self.points[1:], strict=False):
            found.append(heading(grid, one, other))
        return [*found, self.end.heading]


def heading(grid: Grid, one: int, other: int) -> int:
    if abs(other - one) >= grid.width:
        return 1 if other > one else 3
    return 0 if other > one else 2


@dataclass(slots=True)
class Router:
    """Lays flows one by one and remembers what runs where."""

    grid: Grid
    routes: dict[str, Route] = field(default_factory=dict)
    at: dict[int, list[tuple[Link, int, int]]] = field(default_factory=dict)
    on: dict[tuple[int, int], list[tuple[Link, int]]] = field(default_factory=dict)

    def lay(self, link: Link) -> None:
        """Finds the cheapest way beside all that lies already, and takes it."""
        route = _search(self, link)
        self.routes[link.id] = route
        for key, value in self._points(route):
            self.at.setdefault(key, []).append(value)
        for edge, used in self._edges(route):
            self.on.setdefault(edge, []).append(used)

    def lift(self, link: Link) -> None:
        route = self.routes.pop(link.id)
        for key, value in self._points(route):
            self.at[key].remove(value)
        for edge, used in self._edges(route):
            self.on[edge].remove(used)

    def _points(self, route: Route) -> Iterable[tuple[int, tuple[Link, int, int]]]:
        ways = route.headings(self.grid)
        for n, point in enumerate(route.points):
            yield point, (route.link, ways[n], ways[n + 1])

    def _edges(self, route: Route) -> Iterable[tuple[tuple[int, int], tuple[Link, int]]]:
        ways = route.headings(self.grid)
        stops = (route.start.key, *route.points, route.end.key)
        for n, way in enumerate(ways):
            yield _edge(stops[n], stops[n + 1]), (route.link, way)

    # Costs ---------------------------------------------------------------------------------

    def point_cost(self, link: Link, point: int, into: int, out: int) -> float:
        """Of running through a point: a bend, a crossing, a touch."""
        cost = 0.0 if into == out else BEND
        for other, other_in, other_out in self.at.get(point, ()):
            is_straight = into == out and other_in == other_out
            if is_straight and (into - other_in) % 2:
                cost += CROSS
            elif link.target != other.target and not _same_start(link, other):
                cost += TOUCH
        return cost

    def edge_cost(self, link: Link, one: int, other: int, way: int) -> float:
        """Of running on a line that others use."""
        cost = 0.0
        for user, direction in self.on.get(_edge(one, other), ()):
            if user.target == link.target and direction == way:
                cost += JOIN * 0.3
            elif _same_start(user, link) and direction == way:
                cost += FORK * 0.5
            else:
                cost += SHARED
        return cost


def _same_start(one: Link, other: Link) -> bool:
    return (one.source, one.start) == (other.source, other.start)


def _edge(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def route_all(grid: Grid, links: Iterable[Link]) -> Router:
    """Lays all flows, the plain ones first, then each again among the others until it rests."""
    router = Router(grid)
    order = sorted(links, key=lambda link: _plainness(grid, link))
    for link in order:
        router.lay(link)
    for _ in range(TURNS):
        before = {name: route.points for name, route in router.routes.items()}
        for link in order:
            router.lift(link)
            router.lay(link)
        if before == {name: route.points for name, route in router.routes.items()}:
            break
    return router


def _plainness(grid: Grid, link: Link) -> tuple[int, int, int, str]:
    source, target = grid.graph.items[link.source], grid.graph.items[link.target]
    tall = abs(grid.row_of(source) - grid.row_of(target))
    long = abs(target.column - source.last_column)
    is_back = link.id in grid.graph.backward
    return is_back * 100 + long + 2 * tall, bool(link.start), long, link.id


# The search --------------------------------------------------------------------------------


@dataclass(slots=True)
class _Search:
    router: Router
    link: Link
    goals: dict[int, list[Port]]
    target: tuple[float, float]
    reach: float
    heap: list[tuple[float, int, float, int, int, int]] = field(default_factory=list)
    best: dict[int, float] = field(default_factory=dict)
    trail: list[tuple[int, int, int, Port | None]] = field(default_factory=list)

    def push(self, cost: float, point: int, into: int, parent: int, end: Port | None) -> None:
        state = -1 - len(self.trail) if end else point * 4 + into
        if not end and self.best.get(state, 1e18) <= cost:
            return
        if not end:
            self.best[state] = cost
        self.trail.append((point, into, parent, end))
        estimate = cost if end else cost + self._ahead(point, into)
        heappush(self.heap, (estimate, len(self.trail), cost, point, into, len(self.trail) - 1))

    def _ahead(self, point: int, into: int) -> float:
        grid = self.router.grid
        x, y = grid.place(point)
        wide = abs(grid.xs[x].nominal - self.target[0])
        tall = abs(grid.ys[y].nominal - self.target[1])
        return max(0.0, wide - self.reach) + max(0.0, tall - 70)

    def expand(self, cost: float, point: int, into: int, index: int) -> None:
        router, grid = self.router, self.router.grid
        for port in self.goals.get(point, ()):
            if (port.heading - into) % 4 != 2:
                step = router.point_cost(self.link, point, into, port.heading)
                step += router.edge_cost(self.link, point, port.key, port.heading)
                self.push(cost + step + port.cost, point, into, index, port)
        x, y = grid.place(point)
        for way in (into, (into + 1) % 4, (into + 3) % 4):
            nx, ny = x + STEPS[way][0], y + STEPS[way][1]
            if 0 <= nx < len(grid.xs) and 0 <= ny < len(grid.ys):
                after = ny * len(grid.xs) + nx
                free = grid.upright if way % 2 else grid.level
                if free[point] and free[after]:
                    self._step(cost, (point, into, index), way, after)

    def _step(self, cost: float, here: tuple[int, int, int], way: int, after: int) -> None:
        router, grid = self.router, self.router.grid
        point, into, index = here
        x, y = grid.place(point)
        nx, ny = grid.place(after)
        length = abs(grid.xs[nx].nominal - grid.xs[x].nominal)
        length += abs(grid.ys[ny].nominal - grid.ys[y].nominal)
        cost += length + router.point_cost(self.link, point, into, way)
        cost += router.edge_cost(self.link, point, after, way)
        self.push(cost, after, way, index, None)


def _search(router: Router, link: Link) -> Route:
    grid = router.grid
    goals: dict[int, list[Port]] = {}
    for port in entering_ports(grid, link):
        goals.setdefault(port.point, []).append(port)
    item = grid.graph.items[link.target]
    middle = grid.xs[grid.x_of[(False, (item.column + item.last_column) // 2, 0)]].nominal
    height = grid.ys[grid.y_of[(False, grid.row_of(item), 0)]].nominal
    search = _Search(router, link, goals, (middle, height), item.span * COLUMN / 2)
    starts = leaving_ports(grid, link)
    for port in starts:
        cost = port.cost + router.edge_cost(link, port.key, port.point, port.heading)
        search.push(cost, port.point, port.heading, -1, None)
    while search.heap:
        _, _, cost, point, into, index = heappop(search.heap)
        end = search.trail[index][3]
        if end is not None:
            return _told(search, search.trail[index][2], starts, (end, cost))
        if search.best.get(point * 4 + into, 1e18) >= cost:
            search.expand(cost, point, into, index)
    raise AssertionError(f"no way for {link.id}")


def _told(search: _Search, index: int, starts: list[Port], ending: tuple[Port, float]) -> Route:
    """The way back from where the search ended."""
    points: list[int] = []
    into = 0
    while index >= 0:
        point, into, index, _ = search.trail[index]
        points.append(point)
    points.reverse()
    start = next(one for one in starts if (one.point, one.heading) == (points[0], into))
    return Route(search.link, start, ending[0], tuple(points), ending[1])
