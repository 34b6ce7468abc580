"""Health data on the screens: which case data it is, who is shown it, and that each opening is noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.forms import Form, known_fields, look_up

from .auth import actor
from .procedures import Drawn
from .product import fresh, product


def health_fields(found: Drawn) -> Mapping[str, Sequence[str]]:
    """Pointers of health data in a procedure's cases, with the roles that see each."""
    fields = known_fields(found.forms())
    return {pointer: field.health for pointer, field in fields.items() if field.health}


def hidden(fields: Mapping[str, Sequence[str]], revealed: bool) -> frozenset[str]:
    """Dotted paths that this reader is not shown: all of them until they ask, else those of others."""
    closed = (p for p, roles in fields.items() if not revealed or not actor().roles & set(roles))
    return frozenset(pointer[1:].replace("/", ".") for pointer in closed)


def may_reveal(fields: Mapping[str, Sequence[str]], data: Mapping[str, Any]) -> bool:
    """Whether there is any that this reader may ask for."""
    return any(_is_shown(pointer, roles, data) for pointer, roles in fields.items())


def note_form(form: Form, data: Mapping[str, Any], of: tuple[str, str, str]) -> None:
    """Journal the opening of a form that shows health data; ``of``: (dossier, case, element)."""
    fields = ((pointer, field.health) for pointer, field in form.fields.items())
    if any(_is_shown(pointer, roles, data) for pointer, roles in fields):
        note_opening(of)


def note_opening(of: tuple[str, str, str]) -> None:
    """Journal that this reader had health data shown."""
    fresh()
    product().engine.note_health(actor(), *of)


def _is_shown(pointer: str, roles: Iterable[str], data: Mapping[str, Any]) -> bool:
    return bool(actor().roles & set(roles)) and look_up(data, pointer) is not None
