"""Adds what is not drawn yet beside what a person placed, and leaves that where it is."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram import SCOPES, Bounds, Diagram, Shape

from .arranging import Arranged, Plane
from .joining import join
from .labels import (
    Obstacles,
    boundary_places,
    event_places,
    flow_places,
    gateway_places,
    obstacles_of,
    overlap,
    place,
)
from .notes import straight, ties
from .placed import Placed
from .pools import carried, own_pool
from .sizes import label_size

MARGIN = 20.0
STEP = 30.0
ROUNDS = 12


def keep_placed(diagram: Diagram, fresh: Arranged) -> Arranged:
    """The drawing as it stands, completed; ``fresh`` is where everything would stand anew."""
    expanded = {one.element for one in diagram.shapes.values() if one.expanded}
    planes: dict[str, Plane] = {}
    for shape in diagram.shapes.values():
        _keep(diagram, shape, planes.setdefault(shape.plane, Plane(shape.plane, Placed())))
    for edge in diagram.edges.values():
        known = edge.element in diagram.flows or edge.element in diagram.associations
        if known and edge.plane in planes and len(edge.waypoints) > 1:
            placed = planes[edge.plane].placed
            placed.lines[edge.element] = list(edge.waypoints)
            if edge.label is not None:
                placed.labels[edge.element] = edge.label
    first = next(iter(planes))
    for plane in fresh.planes:
        _complete(diagram, plane, planes, (first, expanded))
    for plane in planes.values():
        _connect(diagram, plane.placed)
        _tie(diagram, plane)
    return Arranged(list(planes.values()), expanded | (fresh.expanded - set(diagram.shapes)))


def _keep(diagram: Diagram, shape: Shape, plane: Plane) -> None:
    pool = diagram.participants.get(shape.element)
    if pool is not None and pool.process == diagram.process_id:
        plane.pool = shape.bounds
    elif pool is not None or shape.element in diagram.lanes:
        plane.lanes[shape.element] = shape.bounds
    elif _is_known(diagram, shape.element):
        plane.placed.shapes[shape.element] = shape.bounds
        if shape.label is not None:
            plane.placed.labels[shape.element] = shape.label


def _is_known(diagram: Diagram, name: str) -> bool:
    return name in diagram.nodes or name in diagram.annotations or name in diagram.data_objects


def _complete(
    diagram: Diagram, fresh: Plane, planes: dict[str, Plane], drawn: tuple[str, set[str]]
) -> None:
    """Places the missing shapes of one fresh plane on the planes that are there."""
    first, expanded = drawn
    missing = [name for name in fresh.placed.shapes if name not in diagram.shapes]
    for name in sorted(missing, key=lambda one: _is_attached(diagram, one)):
        where = _plane_of(diagram, name, (first, expanded))
        plane = planes.setdefault(where, Plane(where, Placed()))
        box = _beside(diagram, name, fresh.placed, plane)
        plane.placed.shapes[name] = box
        _label(diagram, name, plane.placed)
    for lane, box in fresh.lanes.items():
        main = planes[first]
        if lane not in main.lanes:
            _add_lane(main, lane, box)


def _is_attached(diagram: Diagram, name: str) -> bool:
    return name in diagram.nodes and bool(diagram.nodes[name].attached_to)


def _plane_of(diagram: Diagram, name: str, drawn: tuple[str, set[str]]) -> str:
    """The plane that shows a node's scope: its nearest sub-process that is drawn closed, or the first."""
    first, expanded = drawn
    node = diagram.nodes.get(name)
    for scope in reversed(node.scope.split("/") if node and node.scope else []):
        if scope in diagram.shapes and scope not in expanded:
            return scope
        if scope in diagram.shapes:
            return diagram.shapes[scope].plane
    return first


def _beside(diagram: Diagram, name: str, fresh: Placed, plane: Plane) -> Bounds:
    """As far from a placed neighbour as it would be anew, moved on until it is free."""
    wanted = fresh.shapes[name]
    anchor = next((one for one in _neighbours(diagram, name) if one in plane.placed.shapes), "")
    if anchor and anchor in fresh.shapes:
        here, there = plane.placed.shapes[anchor], fresh.shapes[anchor]
        x, y = wanted.x + here.x - there.x, wanted.y + here.y - there.y
        wanted = Bounds(x, y, wanted.width, wanted.height)
    if _is_attached(diagram, name):
        return wanted
    return next(one for one in _spots(wanted, plane, diagram, name))


def _neighbours(diagram: Diagram, name: str) -> Iterator[str]:
    node = diagram.nodes.get(name)
    if node is None:
        return
    if node.attached_to:
        yield node.attached_to
    yield from (diagram.flows[one].source for one in node.incoming)
    yield from (diagram.flows[one].target for one in node.outgoing)
    yield from (one.id for one in diagram.children(node.scope))


def _spots(wanted: Bounds, plane: Plane, diagram: Diagram, name: str) -> Iterator[Bounds]:
    """The wanted place and ever farther ones: those in its lane that are free, at last any."""
    node = diagram.nodes.get(name)
    lane = plane.lanes.get(node.lane) if node else None
    around = {one for one in (node.scope.split("/") if node else []) if one}
    taken = [box for one, box in plane.placed.shapes.items() if one not in around]
    for ring in range(ROUNDS * 4):
        for x, y in ((0, ring), (0, -ring), (ring, 0), (ring, ring), (ring, -ring)):
            box = Bounds(wanted.x + x * STEP, wanted.y + y * STEP, wanted.width, wanted.height)
            is_in = lane is None or (lane.y <= box.y and box.bottom <= lane.bottom)
            if is_in and not any(overlap(_wider(box), one) for one in taken):
                yield box
    yield wanted


def _wider(box: Bounds) -> Bounds:
    return Bounds(box.x - MARGIN, box.y - MARGIN, box.width + 2 * MARGIN, box.height + 2 * MARGIN)


def _add_lane(plane: Plane, lane: str, fresh: Bounds) -> None:
    """A new lane goes below the last; the pool grows with it."""
    last = max(plane.lanes.values(), key=lambda one: one.bottom, default=fresh)
    plane.lanes[lane] = Bounds(last.x, last.bottom, last.width, fresh.height)
    if plane.pool is not None:
        pool = plane.pool
        plane.pool = Bounds(pool.x, pool.y, pool.width, pool.height + fresh.height)


# Lines and labels --------------------------------------------------------------------------


def _connect(diagram: Diagram, placed: Placed) -> None:
    """Draws the flows that have no line, each around the shapes, and labels them."""
    for flow in diagram.flows.values():
        if flow.id not in placed.lines and {flow.source, flow.target} <= set(placed.shapes):
            around = {flow.source, flow.target, *flow.scope.split("/")}
            node = diagram.nodes[flow.source]
            around |= {node.attached_to} if node.attached_to else set()
            others = [box for name, box in placed.shapes.items() if name not in around]
            ends = placed.shapes[flow.source], placed.shapes[flow.target]
            placed.lines[flow.id] = join(ends, others, placed.lines.values())
            size = label_size(flow.name)
            if size[1]:
                obstacles = _obstacles(diagram, placed)
                placed.labels[flow.id], _ = place(
                    obstacles, flow_places(placed.lines[flow.id], size)
                )


def _tie(diagram: Diagram, plane: Plane) -> None:
    """Draws the dotted lines and messages that are not there."""
    boxes = {**plane.lanes, **plane.placed.shapes}
    if plane.pool is not None:
        boxes[own_pool(diagram)] = plane.pool
    for one in (*ties(diagram), *diagram.message_flows.values()):
        if one.id and one.id not in diagram.edges and one.source in boxes and one.target in boxes:
            way = carried if one.id in diagram.message_flows else straight
            plane.placed.lines[one.id] = way(boxes[one.source], boxes[one.target])


def _label(diagram: Diagram, name: str, placed: Placed) -> None:
    node = diagram.nodes.get(name)
    size = label_size(node.name) if node else (0, 0)
    if node is None or not size[1] or not node.type.endswith(("Event", "Gateway")):
        return
    places = gateway_places if node.type.endswith("Gateway") else event_places
    places = boundary_places if node.attached_to else places
    obstacles = _obstacles(diagram, placed)
    placed.labels[name], _ = place(obstacles, places(placed.shapes[name], size))


def _obstacles(diagram: Diagram, placed: Placed) -> Obstacles:
    shapes = {
        name: box
        for name, box in placed.shapes.items()
        if not (name in diagram.nodes and diagram.nodes[name].type in SCOPES)
    }
    obstacles = obstacles_of(shapes, placed.lines)
    obstacles.labels = list(placed.labels.values())
    return obstacles
