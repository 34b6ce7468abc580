"""From what a person typed into a form to the step that tells it in a story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine.forms import starting, submit
from engine.forms.form import Raw
from engine.model import Data, OpenTask
from engine.workdays import CHINA

from .filling import around
from .playing import Player
from .verdict import shown


def complete(player: Player, task: OpenTask, raw: Raw, outcome: str) -> dict[str, Any]:
    """The step that completes an open task. Raises Invalid (form_problems).

    Told is what differs from what the form would show by itself.
    """
    element, place = task.place.element, task.place
    told = _filled(player, element, player.seen(task), raw, outcome)
    step = {"task": element, **told}
    others = [t.place for t in player.case.outcome.tasks if t.place.element == element]
    if any(other.scope != place.scope for other in others):
        step["scope"] = place.scope
    return step if place.item is None else {**step, "item": place.item}


def begin(player: Player, raw: Raw) -> dict[str, Any]:
    """What the start form sends. Raises Invalid (form_problems)."""
    return _filled(player, "start", {}, raw, "")


def _filled(player: Player, element: str, seen: Data, raw: Raw, outcome: str) -> dict[str, Any]:
    form, now = player.sheets.form(element), player.case.now
    said = {"outcome": outcome} if outcome else {}
    if form is None:
        return said
    context = around(form, seen)
    filled = submit(form, raw, context, now, outcome or None)
    begun = starting(form, context, now)
    data = {
        pointer: as_plain(value)
        for pointer, value in filled.values.items()
        if not form.fields[pointer].compute and value != begun[pointer]
    }
    return {**({"data": data} if data else {}), **said}


def as_plain(value: Any) -> Any:
    """A FEEL value as stories write it: a form's schema, or the eye, knows its type."""
    match value:
        case Decimal():
            return _number(value)
        case datetime():
            local = value.astimezone(CHINA).replace(tzinfo=None)
            return local.isoformat(timespec="auto" if local.second else "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="auto" if value.second else "minutes")
        case Mapping():
            return {key: as_plain(item) for key, item in value.items() if item is not None}
        case list():
            return [as_plain(item) for item in value]
    return value if isinstance(value, str | bool) or value is None else shown(value)


def _number(value: Decimal) -> int | float | str:
    """As text where a JSON number would not be the same."""
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else f"{value:f}"
