"""Places what has no part in the run: notes and data objects, beside what they speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.diagram import Association, Bounds, Diagram

from .arranging import Plane
from .labels import Obstacles, line_boxes, place
from .sizes import INSIDE_FONT, text_width, wrapped
from .spacing import Point

NOTE_WIDTH = 140.0
DATA_SIZE = (36.0, 50.0)
REACH = (24.0, 44.0, 70.0, 100.0, 140.0)


def place_notes(diagram: Diagram, plane: Plane, path: str) -> None:
    """Notes of this scope, each beside an element it is tied to, else above the drawing."""
    placed = plane.placed
    obstacles = Obstacles(list(placed.shapes.values()), [], list(placed.labels.values()))
    obstacles.lines = [box for line in placed.lines.values() for box in line_boxes(line)]
    obstacles.lines += [box for lane in plane.lanes.values() for box in _frame_boxes(lane)]
    tied_by = list(ties(diagram))
    for name, size in _floating(diagram, path):
        tied = _tied(tied_by, name, placed.shapes)
        host = placed.shapes[tied] if tied else None
        box, _ = place(obstacles, _places(plane, host, size))
        placed.shapes[name] = box
        obstacles.shapes.append(box)
    for one in tied_by:
        if one.source in placed.shapes and one.target in placed.shapes:
            ends = placed.shapes[one.source], placed.shapes[one.target]
            placed.lines[one.id] = straight(*ends)


def _floating(diagram: Diagram, path: str) -> Iterator[tuple[str, tuple[float, float]]]:
    for note in diagram.annotations.values():
        if note.scope == path:
            yield note.id, _note_size(list(note.text.values()))
    for one in diagram.data_objects.values():
        if one.scope == path and one.type != "dataObject":
            yield one.id, DATA_SIZE


def _note_size(texts: list[str]) -> tuple[float, float]:
    lines = max(
        (len(list(wrapped(text, NOTE_WIDTH - 14, INSIDE_FONT))) for text in texts), default=1
    )
    wide = max((text_width(text, INSIDE_FONT) for text in texts), default=60.0)
    return min(NOTE_WIDTH, wide + 16), lines * 15.0 + 10


def ties(diagram: Diagram) -> Iterator[Association]:
    """What is drawn as a dotted line: of notes, and of data that goes in and out."""
    yield from diagram.associations.values()
    for node in diagram.nodes.values():
        for one in node.associations:
            for source in one.sources if one.direction == "in" else (one.target,):
                ends = (source, node.id) if one.direction == "in" else (node.id, source)
                if one.id and source in diagram.data_objects:
                    yield Association(one.id, *ends, node.scope)


def _tied(lines: Sequence[Association], name: str, shapes: Mapping[str, Bounds]) -> str:
    for one in lines:
        if name in (one.source, one.target):
            other = one.target if one.source == name else one.source
            if other in shapes:
                return other
    return ""


def _places(plane: Plane, host: Bounds | None, size: tuple[float, float]) -> Iterator[Bounds]:
    wide, high = size
    top = (
        plane.pool.y
        if plane.pool
        else min((one.y for one in plane.placed.shapes.values()), default=80)
    )
    if host is None:
        for n in range(40):
            yield Bounds(160 + n * (NOTE_WIDTH + 20), top - high - 24, wide, high)
        return
    for reach in REACH:
        for shift in (0.0, 0.5, -0.5, 1.0):
            x = host.x + shift * host.width
            yield Bounds(x, host.y - high - reach, wide, high)
            yield Bounds(x, host.bottom + reach, wide, high)
    for n in range(12):
        yield Bounds(host.x + n * 40, top - high - 24, wide, high)


def _frame_boxes(box: Bounds) -> Iterator[Bounds]:
    yield Bounds(box.x, box.y - 2, box.width, 4)
    yield Bounds(box.x, box.bottom - 2, box.width, 4)
    yield Bounds(box.x, box.y, 30, box.height)


def straight(one: Bounds, other: Bounds) -> list[Point]:
    """From border to border between the middles."""
    return [_border(one, _middle(other)), _border(other, _middle(one))]


def _middle(box: Bounds) -> Point:
    return box.x + box.width / 2, box.y + box.height / 2


def _border(box: Bounds, towards: Point) -> Point:
    x, y = _middle(box)
    wide, high = towards[0] - x, towards[1] - y
    scale = min(
        box.width / 2 / abs(wide) if wide else float("inf"),
        box.height / 2 / abs(high) if high else float("inf"),
    )
    return (x, y) if scale == float("inf") else (x + wide * scale, y + high * scale)
