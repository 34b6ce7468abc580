"""Health data on the screens: which case data it is, who is shown it, and that each opening is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.access import heals_only
from engine.errors import NotAllowed
from engine.forms import Form, known_fields, look_up
from engine.spiff import read_state
from storage import queries

from .auth import actor
from .procedures import Drawn, drawn
from .product import fresh, product, reading


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


def keep_apart() -> None:
    """What is told of the dispute is not a doctor's to read (15.5): NotAllowed (dispute_apart)."""
    if heals_only(actor()):
        raise NotAllowed("dispute_apart")


def own_share(
    data: Iterable[tuple[str, Any]], fields: Mapping[str, Sequence[str]]
) -> list[tuple[str, Any]]:
    """The (dotted path, value) pairs of a case for this reader: a doctor's are the health data."""
    paths = {pointer[1:].replace("/", ".") for pointer in fields}
    return [one for one in data if one[0] in paths or not heals_only(actor())]


def may_open(dossier: str) -> Callable[[str], bool]:
    """Whether this reader is shown a file (digest): those of health fields by role, a doctor no others."""
    told = dict(_health_files(dossier))
    mine, doctor = actor().roles, heals_only(actor())
    return lambda digest: bool(mine & told[digest]) if digest in told else not doctor


def _health_files(dossier: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Digests of files that health fields of the dossier's cases hold, with the roles that see them."""
    for row in queries.dossier_cases(reading(), dossier):
        fields = health_fields(drawn(row.release))
        data = read_state(product().looking().case(row.id).state).data if fields else {}
        for pointer, roles in fields.items():
            held = look_up(data, pointer)
            for one in held if isinstance(held, list) else [held]:
                if isinstance(one, Mapping) and "digest" in one:
                    yield str(one["digest"]), frozenset(roles)


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
