"""Built-in functions of contexts, truth and time now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from engine.feel.comparing import equals, kind_of
from engine.feel.functions.registry import builtin
from engine.feel.limits import Run, check_items
from engine.lexical import format_datetime, format_time

CHINA = timezone(timedelta(hours=8))


@builtin("get value", "m: context, key: string", "context: context, key: string")
def get_value(run: Run, context: dict[str, Any], key: str) -> Any:
    return context.get(key)


@builtin("get value", "m: context, keys: list", "context: context, keys: list")
def get_value_at(run: Run, context: Any, keys: list[Any]) -> Any:
    if not keys or not all(isinstance(key, str) for key in keys):
        return None
    for key in keys:
        context = context.get(key) if isinstance(context, dict) else None
    return context


@builtin("get entries", "m: context", "context: context")
def get_entries(run: Run, context: dict[str, Any]) -> list[dict[str, Any]]:
    run.spend(3 * len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def context_of(run: Run, entries: list[Any]) -> dict[str, Any] | None:
    run.spend(len(entries))
    made: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            return None
        key = entry["key"]
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made


@builtin("context put", "context: context, key: string, value: any")
def context_put(run: Run, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    run.spend(len(context))
    check_items(len(context) + 1)
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def context_put_at(run: Run, context: Any, keys: list[Any], value: Any) -> Any:
    if not keys or not all(isinstance(key, str) for key in keys) or not isinstance(context, dict):
        return None
    run.spend(len(context) + len(keys))
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context_put_at(run, context.get(keys[0], {}), keys[1:], value)
    return None if inner is None else {**context, keys[0]: inner}


@builtin("context merge", "contexts: list")
def context_merge(run: Run, contexts: list[Any]) -> dict[str, Any] | None:
    merged: dict[str, Any] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        run.spend(len(context))
        merged.update(context)
    check_items(len(merged))
    return merged


@builtin("not", "negand: any")
def negation(run: Run, value: Any) -> bool | None:
    return not value if isinstance(value, bool) else None


@builtin("is", "value1: any, value2: any?")
def same(run: Run, left: Any, right: Any = None) -> bool:
    if left is None or right is None:
        return left is right
    if kind_of(left) is not kind_of(right):
        return False
    if isinstance(left, datetime):
        return format_datetime(left) == format_datetime(right)
    if isinstance(left, time):
        return format_time(left) == format_time(right)
    run.weigh(left, right)
    return equals(left, right) is True


@builtin("now", "")
def now(run: Run) -> datetime | None:
    return None if run.now is None else run.now.astimezone(CHINA)


@builtin("today", "")
def today(run: Run) -> date | None:
    return None if run.now is None else run.now.astimezone(CHINA).date()


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@builtin("day of year", "date: date", "date: date and time")
def day_of_year(run: Run, day: date) -> Decimal:
    return Decimal(day.timetuple().tm_yday)


@builtin("day of week", "date: date", "date: date and time")
def day_of_week(run: Run, day: date) -> str:
    return _DAYS[day.weekday()]


@builtin("month of year", "date: date", "date: date and time")
def month_of_year(run: Run, day: date) -> str:
    return _MONTHS[day.month - 1]


@builtin("week of year", "date: date", "date: date and time")
def week_of_year(run: Run, day: date) -> Decimal:
    return Decimal(day.isocalendar().week)
