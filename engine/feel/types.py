"""FEEL types: what ``instance of`` and the parameters of functions ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.comparing import Range
from engine.feel.nodes import Type
from engine.feel.temporal import as_datetime
from engine.lexical import Months


class Function:
    """Something that can be called: built-in, or made by ``function(...)``."""

    parameters: tuple[str, ...] = ()
    types: tuple[Type | None, ...] = ()
    result: Type | None = None


Checks = Mapping[str, Callable[[Any], bool]]
NONE: Checks = {}
CHECKS: dict[str, Callable[[Any], bool]] = {
    "Any": lambda value: value is not None,
    "Null": lambda value: value is None,
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, Decimal),
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: isinstance(value, date) and not isinstance(value, datetime),
    "time": lambda value: isinstance(value, time),
    "date and time": lambda value: isinstance(value, datetime),
    "days and time duration": lambda value: isinstance(value, timedelta),
    "years and months duration": lambda value: isinstance(value, Months),
    "list": lambda value: isinstance(value, list),
    "context": lambda value: isinstance(value, dict),
    "range": lambda value: isinstance(value, Range),
    "function": lambda value: isinstance(value, Function),
}
ALIASES = {
    "any": "Any",
    "null": "Null",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}


def instance_of(value: Any, kind: Type, declared: Checks = NONE) -> bool | None:
    """Whether a value has a type, built in or declared; None for a type that does not exist."""
    name = ALIASES.get(kind.name, kind.name)
    check = declared.get(name) or CHECKS.get(name)
    if check is None:
        return None
    if not check(value):
        return False
    if name == "list" and kind.arguments:
        return all(fits(item, kind.arguments[0], declared) for item in value)
    if name == "range" and kind.arguments:
        ends = [end for end in (value.low, value.high) if end is not None]
        return all(instance_of(end, kind.arguments[0]) for end in ends)
    if name == "context" and kind.fields:
        return all(k in value and fits(value[k], t, declared) for k, t in kind.fields)
    if name == "function" and (kind.arguments or kind.result):
        return _function_fits(value, kind)
    return True


def _function_fits(value: Function, kind: Type) -> bool:
    if len(value.parameters) != len(kind.arguments):
        return False
    pairs = zip(value.types, kind.arguments, strict=False)
    return all(own is None or given in (own, Type("Any")) for own, given in pairs)


def fits(value: Any, kind: Type, declared: Checks = NONE) -> bool:
    """Whether a value may stand where a type is asked for: null may always."""
    return value is None or kind.name == "Any" or bool(instance_of(value, kind, declared))


def coerce(value: Any, kind: Type | None) -> tuple[bool, Any]:
    """(whether it can, the value as that type): singleton lists and single values convert."""
    if kind is None or fits(value, kind):
        return True, value
    if isinstance(value, list) and len(value) == 1 and fits(value[0], kind):
        return True, value[0]
    if kind.name == "list" and not isinstance(value, list) and fits([value], kind):
        return True, [value]
    if kind.name == "date and time" and CHECKS["date"](value):
        return True, as_datetime(value)
    return False, None
