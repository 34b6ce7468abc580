"""Finds every flow's way over the grid: short, few bends, and hardly ever across another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import combinations, pairwise

from .graph import Link
from .grid import COLUMN, LEFT, Grid, Port, entering_ports, leaving_ports

BEND = 45.0
CROSS = 320.0
TOUCH = 1_500.0
SHARED = 6_000.0
JOIN = 1.0  # two flows run into one target on one line
FORK = 45.0  # two flows leave one source on one line
AHEAD = tuple((way, (way + 1) % 4, (way + 3) % 4) for way in range(4))
TURNS = 3  # how often every flow is taken up and laid anew


@dataclass(frozen=True, slots=True)
class Route:
    """A flow's way: its ports and the grid points between, with the heading at each."""

    link: Link
    start: Port
    end: Port
    points: tuple[int, ...]
    plain: float  # what it would cost were it alone

    def headings(self, grid: Grid) -> list[int]:
        """The way it runs into each point, and out of the last."""
        found = [self.start.heading]
        for one, other in pairwise(self.points):
            found.append(heading(grid, one, other))
        return [*found, self.end.heading]


def heading(grid: Grid, one: int, other: int) -> int:
    if abs(other - one) >= grid.width:
        return 1 if other > one else 3
    return 0 if other > one else 2


@dataclass(slots=True)
class Router:
    """Lays flows one by one and remembers what runs where.

    ``at``: by grid point, who runs through it with which headings in and out; ``on``: by edge (point
    on its left or top times two, plus one when upright; ports by their own key).
    """

    grid: Grid
    routes: dict[str, Route] = field(default_factory=dict)
    at: dict[int, list[tuple[Link, int, int]]] = field(default_factory=dict)
    on: dict[int, list[tuple[Link, int]]] = field(default_factory=dict)

    def lay(self, link: Link) -> None:
        """Finds the cheapest way beside all that lies already, and takes it."""
        self.take(Search(self, link).route())

    def take(self, route: Route) -> None:
        self.routes[route.link.id] = route
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

    def _edges(self, route: Route) -> Iterable[tuple[int, tuple[Link, int]]]:
        yield route.start.key, (route.link, route.start.heading)
        for one, other in pairwise(route.points):
            way = heading(self.grid, one, other)
            yield min(one, other) * 2 + way % 2, (route.link, way)
        yield route.end.key, (route.link, route.end.heading)

    # Costs ---------------------------------------------------------------------------------

    def total(self) -> float:
        """What all flows cost together: each alone, and wherever two meet or share a line."""
        cost = sum(route.plain for route in self.routes.values())
        for users in self.at.values():
            if len(users) > 1:
                cost += CROSS * _crossings(users)
                pairs = combinations(users, 2)
                cost += sum(one for pair in pairs if (one := _meeting(*pair)) != CROSS)
        for sharers in self.on.values():
            for (one_link, one_way), (link, way) in combinations(sharers, 2):
                cost += _sharing(one_link, one_way, link, way)
        return cost

    def crossing(self) -> list[tuple[Link, Link]]:
        """The pairs of flows that cross, as often as they do."""
        return [
            (one[0], other[0])
            for users in self.at.values()
            for one, other in combinations(users, 2)
            if _meeting(one, other) == CROSS
        ]

    def meeting(self, link: Link, point: int, into: int, out: int) -> float:
        """Of running through a point where others run: crossings and touches."""
        users = self.at.get(point, ())
        mine = (link, into, out)
        if into == out and any(_is_one(mine, other) for other in users):
            return sum(cost for other in users if (cost := _meeting(mine, other)) != CROSS)
        return sum(_meeting(mine, other) for other in users)

    def sharing(self, link: Link, edge: int, way: int) -> float:
        """Of running on a line that others use."""
        return sum(_sharing(link, way, *other) for other in self.on.get(edge, ()))


def _meeting(one: tuple[Link, int, int], other: tuple[Link, int, int]) -> float:
    link, into, out = one
    other_link, other_in, other_out = other
    if into == out and other_in == other_out and (into - other_in) % 2:
        return CROSS
    is_kin = link.target == other_link.target or _same_start(link, other_link)
    return 0.0 if is_kin else TOUCH


def _is_one(one: tuple[Link, int, int], other: tuple[Link, int, int]) -> bool:
    """Whether two flows run straight through a point as one line to one target."""
    return one[0].target == other[0].target and one[1:] == other[1:]


def _crossings(users: list[tuple[Link, int, int]]) -> int:
    """How often lines cross in a point; flows that run as one line count once."""
    straight = {(link.target, into) for link, into, out in users if into == out}
    level = sum(into % 2 == 0 for _, into in straight)
    return level * (len(straight) - level)


def _sharing(link: Link, way: int, other: Link, other_way: int) -> float:
    if way == other_way and link.target == other.target:
        return JOIN
    if way == other_way and _same_start(link, other):
        return FORK
    return SHARED


def _same_start(one: Link, other: Link) -> bool:
    return (one.source, one.start) == (other.source, other.start)


def route_all(grid: Grid, links: Iterable[Link], turns: int = TURNS) -> Router:
    """Lays all flows, the plain ones first, then each again among the others until it rests."""
    router = Router(grid)
    order = in_order(grid, links)
    for link in order:
        router.lay(link)
    for _ in range(turns):
        before = {name: route.points for name, route in router.routes.items()}
        for link in order:
            router.lift(link)
            router.lay(link)
        if before == {name: route.points for name, route in router.routes.items()}:
            break
    return router


def in_order(grid: Grid, links: Iterable[Link]) -> list[Link]:
    """The plain flows first: short, level, forward."""
    return sorted(links, key=lambda link: _plainness(grid, link))


def _plainness(grid: Grid, link: Link) -> tuple[int, int, int, str]:
    source, target = grid.graph.items[link.source], grid.graph.items[link.target]
    tall = abs(grid.row_of(source) - grid.row_of(target))
    long = abs(target.column - source.last_column)
    is_back = link.id in grid.graph.backward
    return is_back * 100 + long + 2 * tall, bool(link.start), long, link.id


class Search:
    """The cheapest way of one flow (A*): a state is a grid point and the heading there."""

    def __init__(self, router: Router, link: Link) -> None:
        self.router, self.link, self.grid = router, link, router.grid
        self.goals: dict[int, list[Port]] = {}
        for port in entering_ports(self.grid, link):
            self.goals.setdefault(port.point, []).append(port)
        self.starts = leaving_ports(self.grid, link)
        self.best: dict[int, float] = {}
        self.before: dict[int, int] = {}
        self.ends: list[tuple[Port, int]] = []
        self.heap: list[tuple[float, float, int]] = []
        self.wide, self.tall = self._ahead()

    def _ahead(self) -> tuple[list[float], list[float]]:
        """By x and by y line, the least length still to go."""
        grid = self.grid
        item = grid.graph.items[self.link.target]
        left, right = item.column * COLUMN + 5, item.last_column * COLUMN + 95
        middle = grid.ys[grid.y_of[(False, grid.row_of(item), 0)]].nominal
        wide = [max(0.0, left - one.nominal, one.nominal - right) for one in grid.xs]
        return wide, [max(0.0, abs(one.nominal - middle) - 70) for one in grid.ys]

    def route(self) -> Route:
        for port in self.starts:
            cost = port.cost + self.router.sharing(self.link, port.key, port.heading)
            self._push(cost, port.point * 4 + port.heading, -1)
        while True:
            _, cost, state = heappop(self.heap)
            if state < 0:
                return self._told(-1 - state)
            if self.best[state] >= cost:
                self._arrive(cost, state)
                self._expand(cost, state)

    def _push(self, cost: float, state: int, before: int) -> None:
        if cost < self.best.get(state, 1e18):
            self.best[state] = cost
            self.before[state] = before
            point, width = state >> 2, len(self.wide)
            estimate = cost + self.wide[point % width] + self.tall[point // width]
            heappush(self.heap, (estimate, cost, state))

    def _arrive(self, cost: float, state: int) -> None:
        """Into a port that opens here, unless it lies behind."""
        point, into = state >> 2, state & 3
        for port in self.goals.get(point, ()):
            if (port.heading - into) % 4 != 2:
                total = cost + port.cost + (0.0 if into == port.heading else BEND)
                total += self.router.meeting(self.link, point, into, port.heading)
                total += self.router.sharing(self.link, port.key, port.heading)
                self.ends.append((port, state))
                heappush(self.heap, (total, total, -len(self.ends)))

    def _expand(self, cost: float, state: int) -> None:
        point, into = state >> 2, state & 3
        router, link = self.router, self.link
        is_met = point in router.at
        for way in AHEAD[into]:
            after, length = self.grid.steps[way][point]
            if after < 0:
                continue
            total = cost + length + (0.0 if way == into else BEND)
            if is_met:
                total += router.meeting(link, point, into, way)
            edge = (point if way < LEFT else after) * 2 + way % 2
            if edge in router.on:
                total += router.sharing(link, edge, way)
            self._push(total, after * 4 + way, state)

    def _told(self, number: int) -> Route:
        end, state = self.ends[number]
        states = [state]
        while self.before[states[-1]] >= 0:
            states.append(self.before[states[-1]])
        first = states[-1]
        start = next(one for one in self.starts if one.point * 4 + one.heading == first)
        points = tuple(one >> 2 for one in reversed(states))
        route = Route(self.link, start, end, points, 0.0)
        ways = route.headings(self.grid)
        bends = sum(one != other for one, other in pairwise(ways))
        length = sum(
            self.grid.steps[way][point][1] for point, way in zip(points, ways[1:-1], strict=False)
        )
        return replace(route, plain=length + BEND * bends + start.cost + end.cost)
