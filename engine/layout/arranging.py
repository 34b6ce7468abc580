"""From a diagram to coordinates: each scope by itself, sub-processes inside or on their own plane."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.diagram import EVENTS, GATEWAYS, SCOPES, Bounds, Diagram, Lane, Node

from .canvas import lay_out
from .graph import Graph, Item, Link
from .placed import Placed
from .sizes import LABEL_WIDTH, label_size, shape_size, task_width

SMALL = 8  # a sub-process with more inside gets its own plane
HEADER = 30.0  # the strip that names a pool or lane
INSIDE_TOP, INSIDE = 34.0, 12.0
ORIGIN = (160.0, 80.0)
THREE = 3  # boundary events on one task; more need a wider one
BESIDE_EVENT = 62  # the width left for a label between two boundary events


@dataclass(slots=True)
class Plane:
    """One BPMNDiagram: the element it shows and what stands on it."""

    element: str
    placed: Placed
    lanes: dict[str, Bounds] = field(default_factory=dict)  # and pools, but for its own
    pool: Bounds | None = None

    def moved(self, down: float) -> Plane:
        """The same, lower."""
        lanes = {name: _lower(one, down) for name, one in self.lanes.items()}
        pool = self.pool and _lower(self.pool, down)
        return Plane(self.element, self.placed.moved(0, down), lanes, pool)


def _lower(box: Bounds, down: float) -> Bounds:
    return Bounds(box.x, box.y + down, box.width, box.height)


@dataclass(slots=True)
class Arranged:
    planes: list[Plane]
    expanded: set[str]
    quick: bool = False


def arrange(diagram: Diagram, quick: bool = False) -> Arranged:
    """Places the whole diagram, the process's own plane first."""
    done = Arranged([], set(), quick)
    width = task_width([node.name for node in diagram.nodes.values() if _is_box(node)])
    lanes = leaf_lanes(diagram)
    placed = _scope(diagram, "", done, width)
    plane = Plane(diagram.process_id, placed)
    if lanes:
        depth = max(_depth(diagram, lane) for lane in lanes)
        plane.placed = placed.moved(ORIGIN[0] + HEADER * (depth + 2), ORIGIN[1])
        _set_lanes(diagram, plane, lanes, depth)
    else:
        plane.placed = placed.moved(*ORIGIN)
        if diagram.participants:
            x, y = ORIGIN
            plane.placed = placed.moved(x + HEADER, y)
            plane.pool = Bounds(x, y, placed.width + HEADER, placed.height)
    done.planes.insert(0, plane)
    return done


def leaf_lanes(diagram: Diagram) -> list[Lane]:
    """The lanes that hold no lanes, in the order drawn."""
    parents = {lane.parent for lane in diagram.lanes.values()}
    lanes = diagram.lanes.values()
    return [lane for lane in lanes if lane.id not in parents and not lane.scope]


def _is_box(node: Node) -> bool:
    return node.type not in EVENTS and node.type not in GATEWAYS


def _scope(diagram: Diagram, scope: str, done: Arranged, width: int) -> Placed:
    lane_index = {lane.id: n for n, lane in enumerate(leaf_lanes(diagram))} if not scope else {}
    items: dict[str, Item] = {}
    strip: list[Item] = []
    inner: dict[str, Placed] = {}
    for node in diagram.children(scope):
        if node.type == "boundaryEvent":
            continue
        item = _item(diagram, node, width)
        item.lane = lane_index.get(node.lane, 0)
        if node.type in SCOPES:
            _open(diagram, node, item, inner, done)
        if node.triggered_by_event:
            strip.append(item)
        else:
            items[node.id] = item
    links = _links(diagram, scope, items)
    graph = Graph(items, links, max(len(lane_index), 1), tuple(strip))
    names = {
        node.id: label_size(node.name, _room_beside(diagram, node))
        for node in diagram.children(scope)
        if node.type == "boundaryEvent"
    }
    placed = lay_out(graph, names, done.quick)
    for name, content in inner.items():
        box = placed.shapes[name]
        left = box.x + (box.width - content.width) / 2
        placed.take(content.moved(left, box.y + INSIDE_TOP))
    return placed


def _open(
    diagram: Diagram, node: Node, item: Item, inner: dict[str, Placed], done: Arranged
) -> None:
    """Lays out a sub-process: in its box when small, else on a plane of its own."""
    path = f"{node.scope}/{node.id}" if node.scope else node.id
    width = task_width([one.name for one in diagram.children(path) if _is_box(one)])
    content = _scope(diagram, path, done, width)
    if not is_small(diagram, path):
        done.planes.append(Plane(node.id, content.moved(*ORIGIN)))
        return
    done.expanded.add(node.id)
    inner[node.id] = content
    item.width = content.width + 2 * INSIDE
    item.height = content.height + INSIDE_TOP + INSIDE
    item.span = max(item.span, round(item.width / 160))


def _room_beside(diagram: Diagram, node: Node) -> int:
    many = len(diagram.boundary_events(node.attached_to)) > 1
    return BESIDE_EVENT if many else LABEL_WIDTH


def is_small(diagram: Diagram, path: str) -> bool:
    inside = diagram.children(path)
    return 0 < len(inside) <= SMALL and not any(one.type in SCOPES for one in inside)


def _item(diagram: Diagram, node: Node, task: int) -> Item:
    wide, high = shape_size(node.type, task)
    boundary = [one.id for one in diagram.boundary_events(node.id)]
    if len(boundary) == THREE:
        wide = max(wide, 180)
    return Item(
        node.id,
        node.type,
        wide,
        high,
        boundary=tuple(boundary),
        label=label_size(node.name),
        is_event=node.type in EVENTS,
        is_gateway=node.type in GATEWAYS,
        span=len(boundary) // 2 if len(boundary) > THREE else 1,
    )


def _links(diagram: Diagram, scope: str, items: dict[str, Item]) -> tuple[Link, ...]:
    found = []
    for flow in diagram.flows.values():
        source = diagram.nodes.get(flow.source)
        if source is None or flow.scope != scope:
            continue
        host = source.attached_to if source.type == "boundaryEvent" else source.id
        if host in items and flow.target in items:
            start = source.id if host != source.id else ""
            found.append(Link(flow.id, host, flow.target, start, label_size(flow.name)))
    return tuple(found)


# Lanes -------------------------------------------------------------------------------------


def _depth(diagram: Diagram, lane: Lane) -> int:
    return 1 + _depth(diagram, diagram.lanes[lane.parent]) if lane.parent else 0


def _set_lanes(diagram: Diagram, plane: Plane, lanes: list[Lane], depth: int) -> None:
    left, top = ORIGIN
    wide = plane.placed.width + HEADER * (depth + 2)
    plane.pool = Bounds(left, top, wide, plane.placed.height)
    for lane, (upper, lower) in zip(lanes, plane.placed.lanes, strict=True):
        one: Lane | None = lane
        while one is not None:
            x = left + HEADER * (_depth(diagram, one) + 1)
            box = Bounds(x, upper, left + wide - x, lower - upper)
            known = plane.lanes.get(one.id)
            plane.lanes[one.id] = box if known is None else _around(known, box)
            one = diagram.lanes.get(one.parent)


def _around(one: Bounds, other: Bounds) -> Bounds:
    top, bottom = min(one.y, other.y), max(one.bottom, other.bottom)
    return Bounds(one.x, top, one.width, bottom - top)
