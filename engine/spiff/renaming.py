"""A stored case under the element ids of another release: tokens, scopes, counts and clocks renamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.model import Place

from .state import Plain

Names = Mapping[str, str]
"""Old path (ids of the sub-processes around it and its own, joined by "/") to its new id."""


def path(scope: str, name: str) -> str:
    """Where something lies, as names are looked up."""
    return f"{scope}/{name}" if scope else name


def renamed(plain: Plain, names: Names) -> Plain:
    """The same case with every renamed element and flow called as in the new release."""
    if not names:
        return plain
    clocks = [_clock(names, one) for one in plain["clocks"]]
    seen = {_counted(names, key): count for key, count in plain["seen"].items()}
    scopes = [_scope(names, one) for one in plain["scopes"]]
    return {**plain, "clocks": clocks, "seen": seen, "scopes": scopes}


def renamed_place(names: Names, place: Place) -> Place:
    """Where something lies that lay at ``place``."""
    element = _name(names, place.scope, place.element)
    return replace(place, element=element, scope=_place(names, place.scope))


def _name(names: Names, scope: str, name: str) -> str:
    return names.get(path(scope, name), name)


def _place(names: Names, scope: str) -> str:
    """A scope's own path: each part of it may bear another id."""
    parts = scope.split("/") if scope else []
    return "/".join(_name(names, "/".join(parts[:n]), part) for n, part in enumerate(parts))


def _counted(names: Names, key: str) -> str:
    scope, _, name = key.rpartition("/")
    return f"{_place(names, scope)}/{_name(names, scope, name)}"


def _clock(names: Names, plain: list[Any]) -> list[Any]:
    rule, (element, scope, *rest), *more = plain
    return [rule, [_name(names, scope, element), _place(names, scope), *rest], *more]


def _scope(names: Names, plain: list[Any]) -> list[Any]:
    host, place, *rest, tokens = plain
    return [host, _place(names, place), *rest, [_token(names, place, one) for one in tokens]]


def _token(names: Names, scope: str, plain: list[Any]) -> list[Any]:
    key, parent, name, *rest, note = plain
    inside = path(scope, note["within"]) if "within" in note else scope
    told = {part: _name(names, scope, note[part]) for part in ("within", "came") if part in note}
    return [key, parent, _name(names, inside, name), *rest, {**note, **told}]
