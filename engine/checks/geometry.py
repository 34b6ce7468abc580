"""Boxes and straight lines: what touches, crosses or holds what, with a hair of tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from engine.diagram import Bounds

Point = tuple[float, float]
Segment = tuple[Point, Point]
HAIR = 1.0
T = TypeVar("T")


def segments(points: Sequence[Point]) -> Iterator[Segment]:
    return pairwise(points)


def around(segment: Segment) -> Bounds:
    """The box that a line spans."""
    (x1, y1), (x2, y2) = segment
    return Bounds(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))


def near(things: Sequence[tuple[Bounds, T]]) -> Iterator[tuple[T, T]]:
    """The pairs whose boxes touch, found by sweeping from left to right."""
    order = sorted(range(len(things)), key=lambda n: things[n][0].x)
    open_: list[int] = []
    for n in order:
        box = things[n][0]
        open_ = [one for one in open_ if things[one][0].right >= box.x]
        for one in open_:
            other = things[one][0]
            if other.y <= box.bottom and box.y <= other.bottom:
                first, second = sorted((one, n))
                yield things[first][1], things[second][1]
        open_.append(n)


def overlap(one: Bounds, other: Bounds) -> bool:
    """Whether two boxes share more than an edge."""
    return (
        min(one.right, other.right) - max(one.x, other.x) > HAIR
        and min(one.bottom, other.bottom) - max(one.y, other.y) > HAIR
    )


def inside(box: Bounds, ground: Bounds) -> bool:
    return (
        box.x >= ground.x - HAIR
        and box.y >= ground.y - HAIR
        and box.right <= ground.right + HAIR
        and box.bottom <= ground.bottom + HAIR
    )


def hits(segment: Segment, box: Bounds) -> bool:
    """Whether a line runs through a box, not only along its edge (clipping, Liang and Barsky)."""
    (x, y), (x2, y2) = segment
    first, last = 0.0, 1.0
    for delta, low, high in (
        (x2 - x, box.x + HAIR - x, box.right - HAIR - x),
        (y2 - y, box.y + HAIR - y, box.bottom - HAIR - y),
    ):
        if delta == 0:
            if low > 0 or high < 0:
                return False
            continue
        near, far = sorted((low / delta, high / delta))
        first, last = max(first, near), min(last, far)
    return first < last or (first == last and (x, y) != (x2, y2))


def crosses(one: Segment, other: Segment) -> bool:
    """Whether two lines cross between their ends."""
    return (
        _side(one, other[0]) * _side(one, other[1]) < 0
        and _side(other, one[0]) * _side(other, one[1]) < 0
    )


def meeting(one: Segment, other: Segment) -> Point:
    """Where two crossing lines cross, to the unit."""
    near, far = abs(_side(one, other[0])), abs(_side(one, other[1]))
    share = near / (near + far)
    (x1, y1), (x2, y2) = other
    return round(x1 + share * (x2 - x1)), round(y1 + share * (y2 - y1))


def shares(one: Segment, other: Segment) -> bool:
    """Whether two lines run on each other for a stretch."""
    if abs(_side(one, other[0])) > HAIR or abs(_side(one, other[1])) > HAIR:
        return False
    axis = 0 if abs(one[1][0] - one[0][0]) >= abs(one[1][1] - one[0][1]) else 1
    low = max(min(one[0][axis], one[1][axis]), min(other[0][axis], other[1][axis]))
    high = min(max(one[0][axis], one[1][axis]), max(other[0][axis], other[1][axis]))
    return high - low > HAIR


def _side(line: Segment, point: Point) -> float:
    """How far a point lies beside a line, signed, times the line's length."""
    (x1, y1), (x2, y2) = line
    return (x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1)
