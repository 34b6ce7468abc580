"""Can it be seen: everything has its place, nothing lies over anything, few lines cross."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.diagram import Bounds, Diagram
from engine.model import Finding

from .geometry import (
    Point,
    Segment,
    around,
    crosses,
    hits,
    inside,
    meeting,
    near,
    overlap,
    segments,
    shares,
)
from .subject import Subject

MOST_CROSSINGS = 3
MOST_LISTED = 60


@dataclass(frozen=True, slots=True)
class Thing:
    """What is drawn: a shape, a label, or one straight piece of a line."""

    kind: str
    name: str
    box: Bounds
    segment: Segment = ((0, 0), (0, 0))


def complete(subject: Subject) -> Iterator[Finding]:
    """A shape for all that has one, an edge for every flow: viewers hide the rest silently."""
    diagram = subject.diagram
    shaped = [*diagram.nodes, *diagram.lanes, *diagram.participants, *diagram.annotations]
    shaped += [one.id for one in diagram.data_objects.values() if one.type != "dataObject"]
    missing = [name for name in shaped if name not in diagram.shapes]
    for name in (*diagram.flows, *diagram.associations, *diagram.message_flows):
        if name not in diagram.edges or len(diagram.edges[name].waypoints) < 2:
            missing.append(name)
    for name in missing:
        yield subject.finding("layout_missing", name)


def clear(subject: Subject) -> Iterator[Finding]:
    """Shapes, lines and labels keep clear of each other, save what belongs together."""
    seen = set()
    for things in planes(subject.diagram).values():
        for one, other in near([(thing.box, thing) for thing in things]):
            first, second = sorted((one, other), key=lambda thing: ORDER[thing.kind])
            code, touches = PAIRS[first.kind, second.kind]
            key = (code, first.name, second.name)
            if key not in seen and touches(subject.diagram, first, second):
                seen.add(key)
                yield subject.warning(code, first.name, other=second.name)


def planes(diagram: Diagram) -> Mapping[str, list[Thing]]:
    """What is drawn, by plane; lanes and pools are ground, not things."""
    ground = {*diagram.lanes, *diagram.participants}
    found: dict[str, list[Thing]] = {}
    for shape in diagram.shapes.values():
        if shape.element not in ground:
            things = found.setdefault(shape.plane, [])
            things.append(Thing("shape", shape.element, shape.bounds))
            if shape.label is not None:
                things.append(Thing("label", shape.element, shape.label))
    for edge in diagram.edges.values():
        things = found.setdefault(edge.plane, [])
        things += [Thing("line", edge.element, around(s), s) for s in segments(edge.waypoints)]
        if edge.label is not None:
            things.append(Thing("label", edge.element, edge.label))
    return found


def _shapes_overlap(diagram: Diagram, one: Thing, other: Thing) -> bool:
    is_apart = other.name not in _holders(diagram, one.name)
    is_apart = is_apart and one.name not in _holders(diagram, other.name)
    return is_apart and overlap(one.box, other.box)


def _line_hits_shape(diagram: Diagram, line: Thing, shape: Thing) -> bool:
    return shape.name not in _own_shapes(diagram, line.name) and hits(line.segment, shape.box)


def _label_on_line(diagram: Diagram, label: Thing, line: Thing) -> bool:
    return hits(line.segment, label.box)


def _label_on_label(diagram: Diagram, one: Thing, other: Thing) -> bool:
    return overlap(one.box, other.box)


def _label_on_shape(diagram: Diagram, label: Thing, shape: Thing) -> bool:
    is_own = shape.name == label.name or shape.name in _holders(diagram, label.name)
    return not is_own and overlap(label.box, shape.box)


def _line_on_line(diagram: Diagram, one: Thing, other: Thing) -> bool:
    if one.name == other.name or not (one.name in diagram.flows and other.name in diagram.flows):
        return False
    mine, its = diagram.flows[one.name], diagram.flows[other.name]
    is_joint = mine.source == its.source or mine.target == its.target
    return not is_joint and shares(one.segment, other.segment)


ORDER = {"label": 0, "line": 1, "shape": 2}
PAIRS: Mapping[tuple[str, str], tuple[str, Callable[[Diagram, Thing, Thing], bool]]] = {
    ("shape", "shape"): ("shapes_overlap", _shapes_overlap),
    ("line", "shape"): ("flow_through_shape", _line_hits_shape),
    ("label", "line"): ("label_on_line", _label_on_line),
    ("label", "label"): ("label_on_label", _label_on_label),
    ("label", "shape"): ("label_on_shape", _label_on_shape),
    ("line", "line"): ("flow_on_flow", _line_on_line),
}


def _holders(diagram: Diagram, name: str) -> set[str]:
    """The sub-processes an element lies in, and the step it is attached to."""
    node = diagram.nodes.get(name)
    scope = node.scope if node else _scope_of(diagram, name)
    holders = set(scope.split("/")) - {""}
    return holders | {node.attached_to} if node and node.attached_to else holders


def _scope_of(diagram: Diagram, name: str) -> str:
    for held in (diagram.flows, diagram.annotations, diagram.data_objects, diagram.associations):
        if name in held:
            return str(held[name].scope)
    return ""


def _own_shapes(diagram: Diagram, line: str) -> set[str]:
    """What a line may touch: its ends and all that holds them."""
    flow = diagram.flows.get(line) or diagram.associations.get(line)
    ends = {flow.source, flow.target} if flow else set()
    return ends.union(*(_holders(diagram, end) for end in ends)) if ends else ends


def in_their_lane(subject: Subject) -> Iterator[Finding]:
    """A node stands in the lane that lists it; a boundary event stands on its host."""
    diagram = subject.diagram
    for lane in diagram.lanes.values():
        ground = diagram.shapes.get(lane.id)
        for ref in lane.nodes:
            shape = diagram.shapes.get(ref)
            node = diagram.nodes.get(ref)
            is_free = ground and shape and not (node and node.attached_to)
            if is_free and ground and shape and not inside(shape.bounds, ground.bounds):
                yield subject.warning("outside_lane", ref, lane=lane.id)


def in_their_scope(subject: Subject) -> Iterator[Finding]:
    """What belongs to an open sub-process is drawn within it."""
    diagram = subject.diagram
    for node in diagram.nodes.values():
        around, shape = diagram.shapes.get(node.parent), diagram.shapes.get(node.id)
        is_shown = around and shape and around.expanded and around.plane == shape.plane
        if is_shown and around and shape and not inside(shape.bounds, around.bounds):
            yield subject.warning("outside_scope", node.id, scope=subject.title(node.parent))


def few_crossings(subject: Subject) -> Iterator[Finding]:
    """At most three crossings; where lines run as one to a target, what crosses them crosses once."""
    diagram = subject.diagram
    found: dict[tuple[str, Point], str] = {}
    for plane, things in planes(diagram).items():
        lines = [(one.box, one) for one in things if one.kind == "line"]
        for one, other in near(lines):
            is_pair = (
                one.name != other.name and one.name in diagram.flows and other.name in diagram.flows
            )
            if is_pair and crosses(one.segment, other.segment):
                at = plane, meeting(one.segment, other.segment)
                found.setdefault(at, f"{one.name} × {other.name}")
    if len(found) > MOST_CROSSINGS:
        yield subject.warning(
            "too_many_crossings",
            diagram.process_id,
            count=len(found),
            most=MOST_CROSSINGS,
            crossings=", ".join(list(found.values())[:MOST_LISTED]),
        )


RULES = (complete, clear, in_their_lane, in_their_scope, few_crossings)
