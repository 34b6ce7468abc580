"""Gives every item a row in its lane: the story straight, few lines crossing, nothing in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .graph import Graph, Item, Link, leads_up

MAX_ROWS = 7
ROUNDS = 12
LONGEST_CHAIN = 10
ROW = 0.4
BACK = 2.5
UPWARDS = 2.0
LANE_GAP = 0.5

Segment = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Taste:
    """What weighs how much: a step of the story, a crossing, a shape in the way (each or any)."""

    spine: float
    crossing: float
    blocked: float
    most_blocked: int = 1


TASTES = (
    Taste(5, 3, 2.5),
    Taste(5, 3, 2.5, 9),
    Taste(3, 6, 2.0),
    Taste(8, 2, 1.5, 3),
    Taste(2, 4, 3.0, 9),
    Taste(5, 8, 1.0),
)


class Rows:
    """The search state: which cell holds what, and what the lines would cost."""

    def __init__(self, graph: Graph, taste: Taste) -> None:
        self.graph = graph
        self.taste = taste
        self.cells: dict[tuple[int, int, int], str] = {}
        self.lines: dict[str, Segment] = {}
        self.around: dict[str, list[Link]] = {name: [] for name in graph.items}
        for link in graph.links:
            self.around[link.source].append(link)
            if link.target != link.source:
                self.around[link.target].append(link)
        for item in sorted(graph.items.values(), key=lambda one: one.column):
            self._settle(item)

    def _settle(self, item: Item) -> None:
        """Its first row: beside what leads to it, else the nearest free one."""
        wished = [self._row_before(item, link) for link in self._by_weight(item)]
        first = next((row for row in wished if row is not None), 0)
        row = min(
            (one for one in range(len(self.graph.items)) if self.is_free(item, one)),
            key=lambda one: (abs(one - first), -one),
        )
        self.put(item, row)

    def _by_weight(self, item: Item) -> list[Link]:
        spine = self.graph.spine
        return sorted(self.around[item.id], key=lambda link: link.id not in spine)

    def _row_before(self, item: Item, link: Link) -> int | None:
        source = self.graph.items[link.source]
        is_placed = link.target == item.id and source.lane == item.lane
        return source.row if is_placed and source.column < item.column else None

    # Cells ---------------------------------------------------------------------------------

    def spots(self, item: Item, row: int) -> Iterator[tuple[int, int, int]]:
        for column in range(item.column, item.column + item.span):
            yield item.lane, row, column

    def is_free(self, item: Item, row: int) -> bool:
        return all(self.cells.get(spot, item.id) == item.id for spot in self.spots(item, row))

    def put(self, item: Item, row: int) -> None:
        self.lift(item)
        item.row = row
        for spot in self.spots(item, row):
            self.cells[spot] = item.id
        for link in self.around[item.id]:
            self.lines[link.id] = self.segment(link)

    def lift(self, item: Item) -> None:
        for spot in self.spots(item, item.row):
            if self.cells.get(spot) == item.id:
                del self.cells[spot]

    # Cost ----------------------------------------------------------------------------------

    def cost(self, items: Iterable[Item]) -> float:
        """What the lines at these items cost, with all they cross."""
        links = {link.id: link for item in items for link in self.around[item.id]}
        total = sum(self._own_cost(link) for link in links.values())
        total += ROW * sum(item.row for item in items)
        lines = list(self.lines.items())
        for name in links:
            one = self.lines[name]
            left, right = sorted((one[0], one[2]))
            for other_name, other in lines:
                x1, x2 = other[0], other[2]
                if (x1 < right or x2 < right) and (x1 > left or x2 > left):
                    is_new = other_name not in links or other_name > name
                    if is_new and crosses(one, other):
                        total += self.taste.crossing
        return total

    def segment(self, link: Link) -> Segment:
        source, target = self.graph.items[link.source], self.graph.items[link.target]
        low = 0.0
        if link.start:
            low = -0.3 if leads_up(source, target) else 0.3
        return (
            source.last_column + 0.3,
            self.height(source) + low,
            target.column - 0.3,
            self.height(target),
        )

    def height(self, item: Item) -> float:
        return item.lane * (MAX_ROWS + LANE_GAP) + item.row

    def _own_cost(self, link: Link) -> float:
        source, target = self.graph.items[link.source], self.graph.items[link.target]
        weight = self.taste.spine if link.id in self.graph.spine else 1.0
        steps = abs(source.row - target.row) if source.lane == target.lane else 0
        if source.lane != target.lane:
            steps = self._way_out(source, target) + self._way_out(target, source)
        cost = weight * steps
        if link.start:
            cost += UPWARDS if self.height(target) <= self.height(source) else 0.0
        return cost + self._in_the_way(source, target)

    def _way_out(self, item: Item, other: Item) -> int:
        """Rows between an item and the border of its lane towards the other."""
        rows = [one.row for one in self.graph.items.values() if one.lane == item.lane]
        return item.row if other.lane < item.lane else max(rows) - item.row

    def _in_the_way(self, source: Item, target: Item) -> float:
        if source.lane != target.lane or source.row != target.row:
            return 0.0
        low, high = sorted((source.last_column, target.column))
        between = range(low + 1, high)
        hits = sum((source.lane, source.row, column) in self.cells for column in between)
        cost = self.taste.blocked * min(hits, self.taste.most_blocked)
        return cost + BACK * (target.column <= source.column)


def crosses(one: Segment, other: Segment) -> bool:
    """Whether two straight lines cross between their ends."""
    return _side(one, other[:2]) * _side(one, other[2:]) < 0 and (
        _side(other, one[:2]) * _side(other, one[2:]) < 0
    )


def _side(line: Segment, point: tuple[float, ...]) -> float:
    x1, y1, x2, y2 = line
    return (x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1)


def set_rows(graph: Graph, taste: Taste) -> None:
    """Descends from a first guess: single items, swaps and whole chains move while it pays."""
    rows = Rows(graph, taste)
    order = sorted(graph.items.values(), key=lambda item: (item.column, item.lane))
    for _ in range(ROUNDS):
        moved = [_better_row(rows, item) for item in order]
        moved += [_better_chain(rows, chain) for chain in _chains(graph)]
        if not any(moved):
            break
    close_gaps(graph)


def _better_row(rows: Rows, item: Item) -> bool:
    """Tries every row, changing places with a single item that stands there."""
    best, choice, start = 1e-6, None, item.row
    for row in range(MAX_ROWS):
        if row == start:
            continue
        others = {rows.cells[spot] for spot in rows.spots(item, row) if spot in rows.cells}
        if len(others) > 1 or any(not _may_swap(rows, item, one) for one in others):
            continue
        other = rows.graph.items[others.pop()] if others else None
        gain = _try_swap(rows, item, other, row)
        if gain > best:
            best, choice = gain, (row, other)
    if choice is None:
        return False
    _swap(rows, item, choice[1], choice[0])
    return True


def _may_swap(rows: Rows, item: Item, other: str) -> bool:
    one = rows.graph.items[other]
    return (one.column, one.span) == (item.column, item.span)


def _try_swap(rows: Rows, item: Item, other: Item | None, row: int) -> float:
    """What changing places would save; nothing is left changed."""
    touched = [item] if other is None else [item, other]
    start, before = item.row, rows.cost(touched)
    _swap(rows, item, other, row)
    after = rows.cost(touched)
    _swap(rows, item, other, start)
    return before - after


def _swap(rows: Rows, item: Item, other: Item | None, row: int) -> None:
    start = item.row
    rows.lift(item)
    if other is not None:
        rows.put(other, start)
    rows.put(item, row)


def _chains(graph: Graph) -> list[list[Item]]:
    """Runs of items that follow each other in one lane and row."""
    following: dict[str, str] = {}
    for link in graph.links:
        source, target = graph.items[link.source], graph.items[link.target]
        if (source.lane, source.row) == (target.lane, target.row) and (
            source.column < target.column and not link.start
        ):
            following.setdefault(link.source, link.target)
    chains = []
    for name in graph.items:
        chain = [name]
        while chain[-1] in following and len(chain) < LONGEST_CHAIN:
            chain.append(following[chain[-1]])
        chains.append([graph.items[one] for one in chain])
    return [chain for chain in chains if len(chain) > 1]


def _better_chain(rows: Rows, chain: list[Item]) -> bool:
    start, before = chain[0].row, rows.cost(chain)
    if any(item.row != start for item in chain):
        return False
    best, choice = before - 1e-6, None
    for row in range(MAX_ROWS):
        if row != start and all(rows.is_free(item, row) for item in chain):
            for item in chain:
                rows.put(item, row)
            cost = rows.cost(chain)
            if cost < best:
                best, choice = cost, row
    for item in chain:
        rows.put(item, start if choice is None else choice)
    return choice is not None


def close_gaps(graph: Graph) -> None:
    """Rows that nothing uses disappear."""
    used: dict[int, set[int]] = {}
    for item in graph.items.values():
        used.setdefault(item.lane, set()).add(item.row)
    for item in graph.items.values():
        item.row = sorted(used[item.lane]).index(item.row)
