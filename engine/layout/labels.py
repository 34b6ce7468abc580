"""Finds a free place for every outside label: off the lines, off the shapes, off each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from engine.diagram import Bounds

from .spacing import Point

MARGIN = 2.0
SHAPE_WEIGHT = 3.0


@dataclass(slots=True)
class Obstacles:
    """What a label must keep clear of."""

    shapes: list[Bounds]
    lines: list[Bounds]
    labels: list[Bounds] = field(default_factory=list)

    def covered(self, box: Bounds) -> float:
        """0 when the box is free, else how much of it is not."""
        total = sum(SHAPE_WEIGHT * overlap(box, one) for one in self.shapes)
        total += sum(overlap(box, one) for one in self.lines)
        return total + sum(SHAPE_WEIGHT * overlap(box, one) for one in self.labels)


def overlap(one: Bounds, other: Bounds) -> float:
    """The area two boxes share."""
    wide = min(one.right, other.right) - max(one.x, other.x)
    high = min(one.bottom, other.bottom) - max(one.y, other.y)
    return wide * high if wide > 0 and high > 0 else 0.0


def line_boxes(waypoints: Sequence[Point], margin: float = MARGIN) -> Iterator[Bounds]:
    """The segments of a line as thin boxes."""
    for (x1, y1), (x2, y2) in pairwise(waypoints):
        left, top = min(x1, x2) - margin, min(y1, y2) - margin
        yield Bounds(left, top, abs(x2 - x1) + 2 * margin, abs(y2 - y1) + 2 * margin)


def place(obstacles: Obstacles, candidates: Iterable[Bounds]) -> tuple[Bounds, bool]:
    """The first free candidate, else the least covered one; and whether it is free."""
    boxes = iter(candidates)
    best = next(boxes)
    least = obstacles.covered(best)
    for box in boxes:
        if not least:
            break
        covered = obstacles.covered(box)
        if covered < least - 1e-9:
            best, least = box, covered
    obstacles.labels.append(best)
    return best, least == 0.0


def gateway_places(shape: Bounds, size: tuple[int, int]) -> Iterator[Bounds]:
    """Above it, then by its upper and lower corners."""
    wide, high = size
    middle = shape.x + shape.width / 2
    for lift in (3, 9, 16):
        yield Bounds(middle - wide / 2, shape.y - high - lift, wide, high)
    for top in (shape.y - high + 8, shape.y - high - 2):
        yield Bounds(middle - 8 - wide, top, wide, high)
        yield Bounds(middle + 8, top, wide, high)
    yield Bounds(middle - wide / 2, shape.bottom + 3, wide, high)
    for top in (shape.bottom - 8, shape.bottom + 2):
        yield Bounds(middle - 8 - wide, top, wide, high)
        yield Bounds(middle + 8, top, wide, high)


def event_places(shape: Bounds, size: tuple[int, int]) -> Iterator[Bounds]:
    """Below it, then above, then by its corners."""
    wide, high = size
    middle = shape.x + shape.width / 2
    for drop in (3, 8):
        yield Bounds(middle - wide / 2, shape.bottom + drop, wide, high)
    yield Bounds(middle - wide / 2, shape.y - high - 3, wide, high)
    for top in (shape.bottom + 2, shape.y - high - 2):
        yield Bounds(middle + 5, top, wide, high)
        yield Bounds(middle - 5 - wide, top, wide, high)
    yield Bounds(shape.right + 4, shape.y + shape.height / 2 - high - 4, wide, high)
    yield Bounds(shape.right + 4, shape.y + shape.height / 2 + 4, wide, high)


def boundary_places(shape: Bounds, size: tuple[int, int]) -> Iterator[Bounds]:
    """Beside the line that leaves it downwards."""
    wide, high = size
    middle = shape.x + shape.width / 2
    for top in (shape.bottom + 2, shape.bottom + 8, shape.bottom - 12):
        edge = 5 if top >= shape.bottom else shape.width / 2 + 3
        yield Bounds(middle + edge, top, wide, high)
        yield Bounds(middle - edge - wide, top, wide, high)


def upper_places(shape: Bounds, size: tuple[int, int]) -> Iterator[Bounds]:
    """Beside the line that leaves it upwards."""
    wide, high = size
    middle = shape.x + shape.width / 2
    for bottom in (shape.y - 2, shape.y - 8):
        yield Bounds(middle + 5, bottom - high, wide, high)
        yield Bounds(middle - 5 - wide, bottom - high, wide, high)


def flow_places(points: Sequence[Point], size: tuple[int, int]) -> Iterator[Bounds]:
    """Along the line from its source: above or below level runs, beside upright ones."""
    wide, high = size
    for index, (one, other) in enumerate(pairwise(points)):
        lead = 15.0 if index == 0 else 4.0  # past the mark of a default
        if one[1] == other[1]:
            yield from _beside_level(one, other, (wide, high), lead)
        else:
            yield from _beside_upright(one, other, (wide, high), lead)


def _beside_level(one: Point, other: Point, size: tuple[int, int], lead: float) -> Iterator[Bounds]:
    wide, high = size
    room = abs(other[0] - one[0]) - lead - wide
    step = 1 if other[0] > one[0] else -1
    for share in (0.0, 0.25, 0.5, 0.75, 1.0) if room > 0 else (0.0,):
        start = one[0] + step * (lead + share * max(room, 0))
        left = start if step > 0 else start - wide
        yield Bounds(left, one[1] - high - 3, wide, high)
        yield Bounds(left, one[1] + 3, wide, high)


def _beside_upright(
    one: Point, other: Point, size: tuple[int, int], lead: float
) -> Iterator[Bounds]:
    wide, high = size
    room = abs(other[1] - one[1]) - lead - high
    step = 1 if other[1] > one[1] else -1
    for share in (0.0, 0.25, 0.5, 0.75, 1.0) if room > 0 else (0.0,):
        start = one[1] + step * (lead + share * max(room, 0))
        top = start if step > 0 else start - high
        yield Bounds(one[0] + 5, top, wide, high)
        yield Bounds(one[0] - 5 - wide, top, wide, high)


def obstacles_of(shapes: Mapping[str, Bounds], lines: Mapping[str, Sequence[Point]]) -> Obstacles:
    return Obstacles(
        list(shapes.values()), [box for one in lines.values() for box in line_boxes(one)]
    )
