"""Where the lines of a form stand: up, down, into a group and out of it, before another."""

from __future__ import annotations

from typing import Any

Order = list[Any]
Place = tuple[int, ...]
"""Number of the line; within a group that of the group, then its own."""


def place_of(at: str) -> Place:
    """ "3.1" is the second line of the fourth one, a group."""
    return tuple(int(part) for part in at.split("."))


def is_group(item: Any) -> bool:
    return isinstance(item, dict) and "order" in item


def take(order: Order, place: Place) -> Any:
    """The line, no longer in the order."""
    home = order if len(place) == 1 else order[place[0]]["order"]
    return home.pop(place[-1])


def put(order: Order, place: Place, item: Any) -> str:
    """Lay a line there; what no group can hold comes before the group. Says where it is now."""
    if len(place) == 2 and isinstance(item, str):
        order[place[0]]["order"].insert(place[1], item)
        return f"{place[0]}.{place[1]}"
    order.insert(place[0], item)
    return str(place[0])


def step(order: Order, place: Place, down: bool) -> str:
    """One line further up or down; a field enters the group it meets and leaves it at its end."""
    item = take(order, place)
    return put(order, _next(order, place, down, isinstance(item, str)), item)


def _next(order: Order, place: Place, down: bool, may_enter: bool) -> Place:
    """Where a line goes that was just taken from ``place``."""
    if len(place) == 2:
        return _within(order, place, down)
    number = place[0]
    met = number if down else number - 1
    if may_enter and 0 <= met < len(order) and is_group(order[met]):
        return (met, 0 if down else len(order[met]["order"]))
    return (min(number + 1, len(order)) if down else max(met, 0),)


def _within(order: Order, place: Place, down: bool) -> Place:
    group, number = place
    if down:
        last = number >= len(order[group]["order"])
        return (group + 1,) if last else (group, number + 1)
    return (group, number - 1) if number else (group,)


def before(order: Order, place: Place, target: Place) -> str:
    """Take a line and lay it before another one."""
    item = take(order, place)
    if len(place) == len(target) == 1 or (len(place) == 1 and place[0] < target[0]):
        moved = target[0] - 1 if place[0] < target[0] else target[0]
        target = (moved, *target[1:])
    elif place[:-1] == target[:-1] and place[-1] < target[-1]:
        target = (*target[:-1], target[-1] - 1)
    return put(order, target, item)
