"""What is laid out in one scope: items with sizes and lanes, links between them, ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

ASIDE = 1_000  # what a boundary event costs the story: it is the exception
CROWDED = 3  # boundary events on one edge


@dataclass(slots=True)
class Item:
    """A node to place. ``span``: how many columns it covers; ``boundary``: events on its lower edge,
    ``upper``: on its upper edge, both from the right."""

    id: str
    kind: str
    width: float
    height: float
    lane: int = 0
    span: int = 1
    boundary: tuple[str, ...] = ()
    upper: tuple[str, ...] = ()
    label: tuple[int, int] = (0, 0)
    is_event: bool = False
    is_gateway: bool = False
    column: int = 0
    row: int = 0

    @property
    def last_column(self) -> int:
        return self.column + self.span - 1


@dataclass(frozen=True, slots=True)
class Link:
    """A flow between two items; ``start`` is the boundary event it leaves from, if any."""

    id: str
    source: str
    target: str
    start: str = ""
    label: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Graph:
    """One scope. ``strip``: items without flows that stand below, in their lane."""

    items: dict[str, Item]
    links: tuple[Link, ...]
    lanes: int = 1
    strip: tuple[Item, ...] = ()
    backward: frozenset[str] = field(default_factory=frozenset)
    spine: frozenset[str] = field(default_factory=frozenset)

    def of(self, item: str) -> list[Link]:
        return [link for link in self.links if item in (link.source, link.target)]


def set_ranks(graph: Graph) -> None:
    """Gives every item its column: after all it follows, loops apart, and close to what follows it."""
    graph.backward = frozenset(_backward(graph))
    forward = [one for one in graph.links if one.id not in graph.backward]
    order = _topological(graph.items, forward)
    before: dict[str, list[str]] = {name: [] for name in graph.items}
    after: dict[str, list[str]] = {name: [] for name in graph.items}
    for link in forward:
        before[link.target].append(link.source)
        after[link.source].append(link.target)
    for name in order:
        ends = [graph.items[one].column + graph.items[one].span for one in before[name]]
        graph.items[name].column = max(ends, default=0)
    for name in reversed(order):
        _pull(graph.items, name, before[name], after[name])
    graph.spine = frozenset(_spine(graph.items, order, forward))


def order_events(graph: Graph) -> None:
    """Boundary events so that their flows nest: to the right the nearest target outermost.

    A host with many sends those that lead to lanes above from its upper edge.
    """
    targets = {link.start: graph.items[link.target] for link in graph.links if link.start}
    for item in graph.items.values():
        events = (*item.boundary, *item.upper)
        up = [one for one in events if one in targets and leads_up(item, targets[one])]
        down = [one for one in events if one not in up]
        item.boundary, item.upper = (
            tuple(sorted(some, key=lambda one: _nesting(item, targets.get(one))))
            for some in (down, up)
        )


def leads_up(host: Item, target: Item) -> bool:
    """Whether a boundary event stands on the upper edge: of many, those bound for lanes above."""
    return len(host.boundary) + len(host.upper) > CROWDED and target.lane < host.lane


def _nesting(item: Item, target: Item | None) -> tuple[int, float]:
    """From the right: forward targets, the nearest first, then those behind, the farthest first."""
    if target is None:
        return 0, 0.0
    height = abs((target.lane - item.lane) * 10 + target.row - item.row)
    is_behind = target.column <= item.last_column
    return (1, -height) if is_behind else (0, height * 100 + target.column)


def _pull(
    items: Mapping[str, Item], name: str, before: Sequence[str], after: Sequence[str]
) -> None:
    """Towards what follows, when more lines lead on than come in."""
    if len(after) > len(before):
        item = items[name]
        item.column = min(items[one].column for one in after) - item.span


def _backward(graph: Graph) -> Iterable[str]:
    """Links that close a loop, found by walking from the starts in the order drawn."""
    leaving: dict[str, list[Link]] = {name: [] for name in graph.items}
    entered = set()
    for link in sorted(graph.links, key=lambda one: bool(one.start)):
        leaving[link.source].append(link)
        entered.add(link.target)
    roots = [name for name in graph.items if name not in entered]
    state: dict[str, int] = {}
    for root in [*roots, *graph.items]:
        if root not in state:
            yield from _walk(root, leaving, state)


def _walk(root: str, leaving: Mapping[str, list[Link]], state: dict[str, int]) -> Iterable[str]:
    open_, done = 1, 2
    state[root] = open_
    stack = [(root, iter(leaving[root]))]
    while stack:
        name, links = stack[-1]
        link = next(links, None)
        if link is None:
            state[name] = done
            stack.pop()
        elif state.get(link.target) == open_:
            yield link.id
        elif link.target not in state:
            state[link.target] = open_
            stack.append((link.target, iter(leaving[link.target])))


def _topological(items: Iterable[str], links: Sequence[Link]) -> list[str]:
    waiting = dict.fromkeys(items, 0)
    leaving: dict[str, list[str]] = {name: [] for name in waiting}
    for link in links:
        waiting[link.target] += 1
        leaving[link.source].append(link.target)
    ready = [name for name, count in waiting.items() if not count]
    for name in ready:
        for target in leaving[name]:
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return ready


def _spine(items: Mapping[str, Item], order: Sequence[str], links: Sequence[Link]) -> Iterable[str]:
    """The links of the longest way through: the story that should read in one line."""
    best: dict[str, tuple[int, Link | None]] = dict.fromkeys(items, (0, None))
    entering: dict[str, list[Link]] = {name: [] for name in items}
    for link in links:
        entering[link.target].append(link)
    for name in order:
        for link in entering[name]:
            length = best[link.source][0] + (-ASIDE if link.start else 1)
            if length > best[name][0]:
                best[name] = (length, link)
    at = max(order, key=lambda name: best[name][0], default="")
    last = best[at][1] if at else None
    while last is not None:
        yield last.id
        last = best[last.source][1]
