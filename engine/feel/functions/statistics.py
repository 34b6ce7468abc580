"""Built-in functions that sum up a list of numbers."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from engine.feel.functions.registry import builtin
from engine.feel.limits import Run
from engine.feel.numbers import CONTEXT, calculate
from engine.feel.operators import add, divide, multiply, subtract


def _numbers(run: Run, given: tuple[Any, ...]) -> list[Decimal] | None:
    items = given[0] if len(given) == 1 and isinstance(given[0], list) else list(given)
    run.spend(len(items))
    return items if all(isinstance(item, Decimal) for item in items) else None


@builtin("sum", "list: list", "n: any...")
def total(run: Run, *given: Any) -> Any:
    items = given[0] if len(given) == 1 and isinstance(given[0], list) else list(given)
    run.spend(len(items))
    if not items or any(isinstance(item, str) for item in items):
        return None
    result = items[0] if add(items[0], items[0]) is not None else None
    for item in items[1:]:
        result = add(result, item)
    return result


@builtin("mean", "list: list", "n: any...")
def mean(run: Run, *given: Any) -> Decimal | None:
    numbers = _numbers(run, given)
    if not numbers:
        return None
    return calculate(CONTEXT.divide, total(run, numbers), Decimal(len(numbers)))


@builtin("product", "list: list", "n: any...")
def product(run: Run, *given: Any) -> Decimal | None:
    numbers = _numbers(run, given)
    if not numbers:
        return None
    result = Decimal(1)
    for number in numbers:
        result = multiply(result, number)
    return result


@builtin("median", "list: list", "n: any...")
def median(run: Run, *given: Any) -> Decimal | None:
    numbers = _numbers(run, given)
    if not numbers:
        return None
    ordered, half = sorted(numbers), len(numbers) // 2
    if len(ordered) % 2:
        return ordered[half]
    return calculate(CONTEXT.divide, CONTEXT.add(ordered[half - 1], ordered[half]), Decimal(2))


@builtin("stddev", "list: list", "n: any...")
def stddev(run: Run, *given: Any) -> Decimal | None:
    numbers = _numbers(run, given)
    if numbers is None or len(numbers) < 2:
        return None
    middle = divide(total(run, numbers), Decimal(len(numbers)))
    spread = [multiply(subtract(n, middle), subtract(n, middle)) for n in numbers]
    variance = divide(total(run, spread), Decimal(len(numbers) - 1))
    return calculate(CONTEXT.sqrt, variance)


@builtin("mode", "list: list", "n: any...")
def mode(run: Run, *given: Any) -> list[Decimal] | None:
    numbers = _numbers(run, given)
    if numbers is None:
        return None
    counted = Counter(numbers)
    most = max(counted.values(), default=0)
    return sorted(number for number, times in counted.items() if times == most)
