"""Lays out a large scope at once: items in columns and rows, flows in the channels between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.diagram import Bounds

from .graph import Graph, Item, Link, order_events
from .labels import boundary_places, event_places, flow_places, gateway_places
from .placed import Placed, set_strip
from .rows import TASTES, Rows, close_gaps
from .spacing import BORDER, EVENT_HALF, MIN_COLUMN, OUTER, UNDER_EVENT, Point

ACROSS, ALONG = 70.0, 62.0  # the channels between columns and rows
TRACK, TRACKS = 9.0, 5
EMPTY_LANE = 120.0
EVENT_STEP = 44.0


def lay_plainly(graph: Graph, names: Mapping[str, tuple[int, int]]) -> Placed:
    """Every flow right-angled and off the shapes; flows may cross. Time grows with the items only."""
    Rows(graph, TASTES[0])
    close_gaps(graph)
    order_events(graph)
    set_strip(graph)
    sheet = _Sheet(graph)
    for item in [*graph.items.values(), *graph.strip]:
        sheet.stand(item, names)
    for link in graph.links:
        sheet.lead(link)
    return sheet.placed


@dataclass(slots=True)
class _Sheet:
    graph: Graph
    placed: Placed = field(default_factory=Placed)
    columns: list[tuple[float, float]] = field(default_factory=list)  # left, right
    rows: dict[tuple[int, int], tuple[float, float]] = field(default_factory=dict)  # top, bottom
    used: Counter[tuple[str, float]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        items = [*self.graph.items.values(), *self.graph.strip]
        self._set_columns(items)
        self._set_rows(items)

    def _set_columns(self, items: list[Item]) -> None:
        widths = [MIN_COLUMN] * max((one.last_column + 1 for one in items), default=1)
        for item in sorted(items, key=lambda one: one.span):
            inner = range(item.column, item.last_column)
            held = sum(widths[n] + ACROSS for n in inner)
            widths[item.last_column] = max(widths[item.last_column], item.width - held)
        left = OUTER + ACROSS / 2
        for width in widths:
            self.columns.append((left, left + width))
            left += width + ACROSS
        self.placed.width = left - ACROSS / 2 + OUTER

    def _set_rows(self, items: list[Item]) -> None:
        heights: dict[tuple[int, int], float] = {}
        for item in items:
            under = UNDER_EVENT if item.boundary else 0.0
            key = item.lane, item.row
            heights[key] = max(heights.get(key, 0.0), item.height + under)
        top = 0.0
        for lane in range(self.graph.lanes):
            at = top + BORDER + ALONG / 2
            for row in sorted(row for one, row in heights if one == lane):
                self.rows[lane, row] = at, at + heights[lane, row]
                at += heights[lane, row] + ALONG
            bottom = max(at - ALONG / 2 + BORDER, top + EMPTY_LANE)
            self.placed.lanes.append((top, bottom))
            top = bottom
        self.placed.height = top

    def stand(self, item: Item, names: Mapping[str, tuple[int, int]]) -> None:
        """Its shape, the events on its edge, and the labels of all of them."""
        left, right = self.columns[item.column][0], self.columns[item.last_column][1]
        top, bottom = self.rows[item.lane, item.row]
        bottom -= UNDER_EVENT if item.boundary else 0.0
        x, y = (left + right - item.width) / 2, (top + bottom - item.height) / 2
        box = self.placed.shapes[item.id] = Bounds(x, y, item.width, item.height)
        if item.label[1] and (item.is_event or item.is_gateway):
            places = gateway_places if item.is_gateway else event_places
            self.placed.labels[item.id] = next(places(box, item.label))
        step = min(EVENT_STEP, item.width / (len(item.boundary) + len(item.upper) or 1))
        for number, name in enumerate((*item.boundary, *item.upper)):
            edge = box.y if name in item.upper else box.bottom
            start = box.right - step * (number + 0.5) - EVENT_HALF
            event = Bounds(start, edge - EVENT_HALF, 2 * EVENT_HALF, 2 * EVENT_HALF)
            self.placed.shapes[name] = event
            if names.get(name, (0, 0))[1]:
                self.placed.labels[name] = next(boundary_places(event, names[name]))

    def lead(self, link: Link) -> None:
        """Its line: straight ahead where nothing is between, else down a channel."""
        points = self._ahead(link) or self._around(link)
        self.placed.lines[link.id] = points
        if link.label[1]:
            self.placed.labels[link.id] = next(flow_places(points, link.label))

    def _ahead(self, link: Link) -> list[Point]:
        """Into the next column; () when it leads elsewhere."""
        source, target = self.graph.items[link.source], self.graph.items[link.target]
        if link.start or target.column != source.last_column + 1:
            return []
        (x, y), (end, height) = self._out(link.source), self._in(link.target)
        if y == height:
            return [(x, y), (end, height)]
        turn = self._track("x", self.columns[source.last_column][1] + ACROSS / 2)
        return [(x, y), (turn, y), (turn, height), (end, height)]

    def _around(self, link: Link) -> list[Point]:
        source, target = self.graph.items[link.source], self.graph.items[link.target]
        bottom = self.rows[source.lane, source.row][1]
        level = self._track("y", bottom + ALONG / 2)
        before = self._track("x", self.columns[target.column][0] - ACROSS / 2)
        end, height = self._in(link.target)
        arriving = [(before, level), (before, height), (end, height)]
        if link.start:
            event = self.placed.shapes[link.start]
            x = event.x + EVENT_HALF
            return [(x, event.bottom), (x, level), *arriving]
        x, y = self._out(link.source)
        turn = self._track("x", self.columns[source.last_column][1] + ACROSS / 2)
        return [(x, y), (turn, y), (turn, level), *arriving]

    def _out(self, name: str) -> Point:
        box = self.placed.shapes[name]
        return box.right, box.y + box.height / 2

    def _in(self, name: str) -> Point:
        box = self.placed.shapes[name]
        return box.x, box.y + box.height / 2

    def _track(self, way: str, middle: float) -> float:
        """The next track of a channel, so that lines seldom lie on each other."""
        number = self.used[way, middle] % TRACKS
        self.used[way, middle] += 1
        return middle + (number - TRACKS // 2) * TRACK
