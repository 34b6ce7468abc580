"""Can it be seen: everything has its place, nothing lies over anything, few lines cross."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from engine.diagram import Bounds, Diagram, Edge, Shape
from engine.model import Finding

from .geometry import Point, crosses, hits, inside, meeting, overlap, segments, shares
from .subject import Subject

MOST_CROSSINGS = 3


def complete(subject: Subject) -> Iterator[Finding]:
    """A shape for all that has one, an edge for every flow: viewers hide the rest silently."""
    diagram = subject.diagram
    shaped = [*diagram.nodes, *diagram.lanes, *diagram.participants, *diagram.annotations]
    shaped += [one.id for one in diagram.data_objects.values() if one.type != "dataObject"]
    missing = [name for name in shaped if name not in diagram.shapes]
    lines = [*diagram.flows, *diagram.associations]
    missing += [name for name in lines if len(_points(diagram, name)) < 2]
    for name in missing:
        yield subject.finding("layout_missing", name)


def _points(diagram: Diagram, name: str) -> tuple[tuple[float, float], ...]:
    return diagram.edges[name].waypoints if name in diagram.edges else ()


def apart(subject: Subject) -> Iterator[Finding]:
    """No two shapes lie over each other, save what belongs inside or on the edge of another."""
    diagram = subject.diagram
    for shapes in _planes(diagram).values():
        for one, other in combinations(shapes, 2):
            if not _belong(diagram, one.element, other.element) and overlap(
                one.bounds, other.bounds
            ):
                yield subject.warning("shapes_overlap", one.element, other=other.element)


def _planes(diagram: Diagram) -> Mapping[str, list[Shape]]:
    """Shapes of nodes, notes and data by plane; lanes and pools are ground, not things."""
    ground = {*diagram.lanes, *diagram.participants}
    planes: dict[str, list[Shape]] = {}
    for shape in diagram.shapes.values():
        if shape.element not in ground:
            planes.setdefault(shape.plane, []).append(shape)
    return planes


def _belong(diagram: Diagram, one: str, other: str) -> bool:
    """Whether one stands in or on the other."""
    return other in _holders(diagram, one) or one in _holders(diagram, other)


def _holders(diagram: Diagram, name: str) -> set[str]:
    node = diagram.nodes.get(name)
    scope = node.scope if node else _scope_of_note(diagram, name)
    holders = set(scope.split("/")) - {""}
    if node and node.attached_to:
        holders.add(node.attached_to)
    return holders


def _scope_of_note(diagram: Diagram, name: str) -> str:
    for held in (diagram.annotations, diagram.data_objects, diagram.flows, diagram.associations):
        if name in held:
            return str(held[name].scope)
    return ""


def flows_pass_by(subject: Subject) -> Iterator[Finding]:
    """No flow runs through a shape that it neither leaves nor enters nor lies in."""
    diagram = subject.diagram
    planes = _planes(diagram)
    for edge in diagram.edges.values():
        allowed = _own_shapes(diagram, edge.element)
        for shape in planes.get(edge.plane, ()):
            if shape.element not in allowed and any(
                hits(segment, shape.bounds) for segment in segments(edge.waypoints)
            ):
                yield subject.warning("flow_through_shape", edge.element, other=shape.element)


def _own_shapes(diagram: Diagram, line: str) -> set[str]:
    """What a line may touch: its ends and all that holds them."""
    flow = diagram.flows.get(line) or diagram.associations.get(line)
    ends = {flow.source, flow.target} if flow else set()
    return ends.union(*(_holders(diagram, end) for end in ends)) if ends else ends


def labels_free(subject: Subject) -> Iterator[Finding]:
    """Labels keep clear of lines, of shapes and of each other."""
    diagram = subject.diagram
    for plane, shapes in _planes(diagram).items():
        edges = [edge for edge in diagram.edges.values() if edge.plane == plane]
        drawn: list[Shape | Edge] = [*shapes, *edges]
        labels = [(one.element, one.label) for one in drawn if one.label is not None]
        for name, box in labels:
            yield from _label_on_things(subject, name, box, shapes, edges)
        for (one, box), (other, its) in combinations(labels, 2):
            if overlap(box, its):
                yield subject.warning("label_on_label", one, other=other)


def _label_on_things(
    subject: Subject, name: str, box: Bounds, shapes: list[Shape], edges: list[Edge]
) -> Iterator[Finding]:
    for edge in edges:
        if any(hits(segment, box) for segment in segments(edge.waypoints)):
            yield subject.warning("label_on_line", name, other=edge.element)
    around = _holders(subject.diagram, name)
    for shape in shapes:
        is_own = shape.element == name or shape.element in around
        if not is_own and overlap(box, shape.bounds) and not _encloses(subject, shape, name):
            yield subject.warning("label_on_shape", name, other=shape.element)


def _encloses(subject: Subject, shape: Shape, name: str) -> bool:
    """Whether the shape is the expanded sub-process in which the labelled line runs."""
    return shape.element in _scope_of_note(subject.diagram, name).split("/")


def in_their_lane(subject: Subject) -> Iterator[Finding]:
    """A node stands in the lane that lists it."""
    diagram = subject.diagram
    for lane in diagram.lanes.values():
        ground = diagram.shapes.get(lane.id)
        for ref in lane.nodes:
            shape = diagram.shapes.get(ref)
            if ground and shape and not inside(shape.bounds, ground.bounds):
                node = diagram.nodes.get(ref)
                if not (node and node.attached_to):
                    yield subject.warning("outside_lane", ref, lane=lane.id)


def few_crossings(subject: Subject) -> Iterator[Finding]:
    """At most three crossings, and no two flows on one line unless they start or end together.

    Where lines run as one to a common target, what crosses them crosses once.
    """
    diagram = subject.diagram
    found: dict[Point, str] = {}
    for one, other in combinations(diagram.edges.values(), 2):
        if one.plane != other.plane or not {one.element, other.element} <= set(diagram.flows):
            continue
        pairs = [(a, b) for a in segments(one.waypoints) for b in segments(other.waypoints)]
        for a, b in pairs:
            if crosses(a, b):
                found.setdefault(meeting(a, b), f"{one.element} × {other.element}")
        mine, its = diagram.flows[one.element], diagram.flows[other.element]
        is_joint = mine.source == its.source or mine.target == its.target
        if not is_joint and any(shares(a, b) for a, b in pairs):
            yield subject.warning("flow_on_flow", one.element, other=other.element)
    if len(found) > MOST_CROSSINGS:
        yield subject.warning(
            "too_many_crossings",
            diagram.process_id,
            count=len(found),
            most=MOST_CROSSINGS,
            crossings=", ".join(found.values()),
        )


RULES = (complete, apart, flows_pass_by, labels_free, in_their_lane, few_crossings)
