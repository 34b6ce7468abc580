"""What stands behind a dot: entries of contexts, properties of moments, durations and ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel.comparing import Range, kind_of
from engine.feel.limits import Run
from engine.feel.temporal import PROPERTIES

_RANGE = {
    "start": "low",
    "end": "high",
    "start included": "low_closed",
    "end included": "high_closed",
}


def property_of(value: Any, name: str, run: Run) -> Any:
    """``value.name``; over a list, the property of each item; None if there is none."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        run.spend(len(value))
        return [property_of(item, name, run) for item in value]
    if isinstance(value, Range):
        return getattr(value, _RANGE[name]) if name in _RANGE else None
    if isinstance(value, Mapping):  # settings and registers may be read-only
        return value.get(name)
    reader = PROPERTIES.get(kind_of(value), {}).get(name)
    return reader(value) if reader else None
