"""Built-in functions of lists."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel.calling import call
from engine.feel.comparing import compare, equals, kind_of
from engine.feel.functions.registry import builtin
from engine.feel.limits import Run, check_items
from engine.feel.numbers import whole
from engine.feel.types import Function


def _has(items: list[Any], value: Any) -> bool:
    return any(equals(item, value) for item in items)


@builtin("list contains", "list: list, element: any")
def list_contains(run: Run, items: list[Any], element: Any) -> bool:
    run.weigh(items, element)
    return _has(items, element)


@builtin("count", "list: list")
def count(run: Run, items: list[Any]) -> Decimal:
    return Decimal(len(items))


def _extreme(name: str, sign: int) -> None:
    @builtin(name, "list: list", "c: any...")
    def extreme(run: Run, *given: Any) -> Any:
        items = _spread(given)
        run.spend(len(items))
        if not items:
            return None
        best = items[0]
        for item in items:
            order = compare(item, best)
            if order is None:
                return None
            best = item if order * sign > 0 else best
        return best


def _spread(given: tuple[Any, ...]) -> list[Any]:
    return list(given[0] if len(given) == 1 and isinstance(given[0], list) else given)


_extreme("min", -1)
_extreme("max", 1)


def _quantified(name: str, decisive: bool) -> None:
    @builtin(name, "list: list", "b: any...")
    def quantified(run: Run, *given: Any) -> bool | None:
        items = _spread(given)
        run.spend(len(items))
        if any(item is decisive for item in items):
            return decisive
        return not decisive if all(isinstance(item, bool) for item in items) else None


for _name in ("all", "and"):
    _quantified(_name, False)
for _name in ("any", "or"):
    _quantified(_name, True)


@builtin("sublist", "list: list, start position: number, length: number?")
def sublist(
    run: Run, items: list[Any], start: Decimal, length: Decimal | None = None
) -> list[Any] | None:
    place = whole(start)
    size = len(items) if length is None else whole(length)
    if not place or abs(place) > len(items) or size is None or size < 0:
        return None
    first = place - 1 if place > 0 else len(items) + place
    if length is not None and first + size > len(items):
        return None
    run.spend(size)
    return items[first : first + size]


@builtin("append", "list: list, item: any...")
def append(run: Run, items: list[Any], *more: Any) -> list[Any]:
    return concatenate(run, items, list(more))


@builtin("concatenate", "list: list...")
def concatenate(run: Run, *lists: list[Any]) -> list[Any]:
    total = sum(map(len, lists))
    run.spend(total)
    check_items(total)
    return [item for items in lists for item in items]


@builtin("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    index = _index(items, position)
    if index is None:
        return None
    check_items(len(items) + 1)
    run.spend(len(items))
    return [*items[:index], item, *items[index:]]


def _index(items: list[Any], position: Decimal) -> int | None:
    place = whole(position)
    if not place or abs(place) > len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


@builtin("remove", "list: list, position: number")
def remove(run: Run, items: list[Any], position: Decimal) -> list[Any] | None:
    index = _index(items, position)
    run.spend(len(items))
    return None if index is None else items[:index] + items[index + 1 :]


@builtin("list replace", "list: list, position: number, newItem: any")
def replace_at(run: Run, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    index = _index(items, position)
    run.spend(len(items))
    return None if index is None else [*items[:index], item, *items[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any")
def replace_matching(run: Run, items: list[Any], match: Function, new: Any) -> list[Any] | None:
    replaced = []
    for item in items:
        fits = call(match, [item, new], (), run)
        if not isinstance(fits, bool):
            return None
        replaced.append(new if fits else item)
    return replaced


@builtin("reverse", "list: list")
def reverse(run: Run, items: list[Any]) -> list[Any]:
    run.spend(len(items))
    return items[::-1]


@builtin("index of", "list: list, match: any")
def index_of(run: Run, items: list[Any], match: Any) -> list[Decimal]:
    run.weigh(items, match)
    return [Decimal(i) for i, item in enumerate(items, 1) if equals(item, match)]


@builtin("union", "list: list...")
def union(run: Run, *lists: list[Any]) -> list[Any]:
    return distinct_values(run, concatenate(run, *lists))


@builtin("distinct values", "list: list")
def distinct_values(run: Run, items: list[Any]) -> list[Any]:
    kept: list[Any] = []
    weight = 1 + run.weigh(items) // (len(items) or 1)
    for item in items:
        run.spend(weight * len(kept) // 2)
        if not _has(kept, item):
            kept.append(item)
    return kept


@builtin("duplicate values", "list: list")
def duplicate_values(run: Run, items: list[Any]) -> list[Any]:
    seen: list[Any] = []
    twice: list[Any] = []
    weight = 1 + run.weigh(items) // (len(items) or 1)
    for item in items:
        run.spend(weight * len(seen) // 2)
        if _has(seen, item) and not _has(twice, item):
            twice.append(item)
        seen.append(item)
    return twice


@builtin("flatten", "list: list")
def flatten(run: Run, items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            run.spend(1)
            if isinstance(item, list):
                waiting.append(iter(item))
                break
            flat.append(item)
        else:
            waiting.pop()
    check_items(len(flat))
    return flat


@builtin("sort", "list: list, precedes: function")
def sort(run: Run, items: list[Any], precedes: Function) -> list[Any] | None:
    def order(left: Any, right: Any) -> int:
        first = call(precedes, [left, right], (), run)
        return -1 if first is True else 1 if call(precedes, [right, left], (), run) is True else 0

    return sorted(items, key=cmp_to_key(order))


@builtin("sort", "list: list")
def sort_plain(run: Run, items: list[Any]) -> list[Any] | None:
    run.spend(len(items) * 4)
    kinds = {kind_of(item) for item in items}
    if len(kinds) > 1 or (items and compare(items[0], items[0]) is None):
        return None
    ordering: Callable[[Any, Any], int] = lambda a, b: compare(a, b) or 0  # noqa: E731
    return sorted(items, key=cmp_to_key(ordering))
