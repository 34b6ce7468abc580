"""Several pools on one plane: one below the other, closed ones last, messages between them."""

from __future__ import annotations

from collections.abc import Sequence

from engine.diagram import Bounds, Diagram

from .arranging import Arranged, Plane
from .spacing import Point

BAND = 60.0  # the height of a closed pool
APART = 50.0
Process = tuple[Diagram, Arranged]


def stack(processes: Sequence[Process]) -> Arranged:
    """The first process's drawing with those of the others below it."""
    first = processes[0][1]
    main = first.planes[0]
    for diagram, one in processes[1:]:
        _below(main, diagram, one.planes[0])
        first.planes += one.planes[1:]
        first.expanded |= one.expanded
    diagram = processes[0][0]
    if main.pool is not None:
        drawn = {one.process_id for one, _ in processes}
        _close(
            main,
            main.pool,
            [one.id for one in diagram.participants.values() if one.process not in drawn],
        )
        _align(main, main.pool)
    _send(diagram, main, own_pool(diagram))
    return first


def own_pool(diagram: Diagram) -> str:
    """The participant whose process this is; "" when it has no pool."""
    found = [one.id for one in diagram.participants.values() if one.process == diagram.process_id]
    return next(iter(found), "")


def _below(main: Plane, diagram: Diagram, other: Plane) -> None:
    top = min([box.y for box in other.placed.shapes.values()], default=0.0)
    top = min(top, other.pool.y) if other.pool else top
    moved = other.moved(bottom(main) + APART - top)
    if moved.pool is not None:
        main.lanes[own_pool(diagram)] = moved.pool
    main.lanes |= moved.lanes
    main.placed.take(moved.placed)


def bottom(plane: Plane) -> float:
    """The lowest edge of all that stands on a plane."""
    boxes = [*plane.placed.shapes.values(), *plane.lanes.values()]
    boxes += [plane.pool] if plane.pool else []
    return max((one.bottom for one in boxes), default=0.0)


def _close(main: Plane, pool: Bounds, names: Sequence[str]) -> None:
    """Pools of others are plain bands."""
    for name in names:
        main.lanes[name] = Bounds(pool.x, bottom(main) + BAND / 2, pool.width, BAND)


def _align(main: Plane, pool: Bounds) -> None:
    """Pools and lanes end on one line."""
    right = max(one.right for one in (pool, *main.lanes.values()))
    main.pool = _until(pool, right)
    main.lanes = {name: _until(one, right) for name, one in main.lanes.items()}


def _until(box: Bounds, right: float) -> Bounds:
    return Bounds(box.x, box.y, right - box.x, box.height)


def _send(diagram: Diagram, main: Plane, own: str) -> None:
    shapes = {**main.lanes, **main.placed.shapes}
    if main.pool is not None:
        shapes[own] = main.pool
    for one in diagram.message_flows.values():
        if one.source in shapes and one.target in shapes:
            main.placed.lines[one.id] = carried(shapes[one.source], shapes[one.target])


def carried(source: Bounds, target: Bounds) -> list[Point]:
    """A message's way: straight up or down where the two face each other, else with one step."""
    one, other = facing(source, target)
    x, end = one.x + one.width / 2, other.x + other.width / 2
    y, last = (one.bottom, other.y) if one.bottom <= other.y else (one.y, other.bottom)
    step = (y + last) / 2
    return [(x, y), (x, last)] if x == end else [(x, y), (x, step), (end, step), (end, last)]


def facing(one: Bounds, other: Bounds) -> tuple[Bounds, Bounds]:
    """The ends of a message; of a pool only the part that faces the other."""
    narrow, wide = sorted((one, other), key=lambda box: box.width)
    facing = Bounds(narrow.x, wide.y, narrow.width, wide.height)
    facing = facing if wide.width > 2 * narrow.width else wide
    return (one, facing) if narrow is one else (facing, other)
