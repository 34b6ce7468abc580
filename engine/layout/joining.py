"""Joins two placed shapes by a line of right angles: the best of a few plain forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from engine.diagram import Bounds

from .labels import line_boxes, overlap
from .spacing import Point

AWAY = (24.0, 48.0, 84.0)
HIT = 2_000.0
CROSSING = 120.0
BEND = 30.0


def join(
    ends: tuple[Bounds, Bounds], shapes: list[Bounds], lines: Iterable[list[Point]]
) -> list[Point]:
    """The waypoints from the first shape to the second that hit and cross least, then the shortest."""
    drawn = [box for line in lines for box in line_boxes(line, 0.5)]
    return min(_ways(*ends), key=lambda way: _cost(way, shapes, drawn))


def _cost(way: list[Point], shapes: list[Bounds], drawn: list[Bounds]) -> float:
    boxes = list(line_boxes(way, 0.5))
    cost = HIT * sum(overlap(one, box) > 0 for one in boxes for box in shapes)
    cost += CROSSING * sum(overlap(one, box) > 0 for one in boxes for box in drawn)
    return cost + _length(way) + BEND * len(way)


def _length(way: list[Point]) -> float:
    return sum(abs(x2 - x1) + abs(y2 - y1) for (x1, y1), (x2, y2) in pairwise(way))


def _ways(source: Bounds, target: Bounds) -> Iterator[list[Point]]:
    """Straight or stepped forward, cornered, and around above or below."""
    x, y = source.x + source.width / 2, source.y + source.height / 2
    tx, ty = target.x + target.width / 2, target.y + target.height / 2
    for share in (0.5, 0.25, 0.75):
        middle = source.right + share * (target.x - source.right)
        if middle > source.right:
            yield _plain([(source.right, y), (middle, y), (middle, ty), (target.x, ty)])
    edge, far = (source.bottom, target.y) if ty > y else (source.y, target.bottom)
    yield _plain([(x, edge), (x, ty), (target.x if tx > x else target.right, ty)])
    yield _plain([(source.right if tx > x else source.x, y), (tx, y), (tx, far)])
    for away in AWAY:
        low, high = max(source.bottom, target.bottom) + away, min(source.y, target.y) - away
        yield _plain([(x, source.bottom), (x, low), (tx, low), (tx, target.bottom)])
        yield _plain([(x, source.y), (x, high), (tx, high), (tx, target.y)])


def _plain(points: list[Point]) -> list[Point]:
    """Without points that repeat the one before."""
    return [points[0]] + [two for one, two in pairwise(points) if one != two]
