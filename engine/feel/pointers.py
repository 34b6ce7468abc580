"""JSON pointers (RFC 6901) over FEEL data: how forms and diagrams name a place in the case data."""

from __future__ import annotations

from typing import Any

from engine.feel.errors import FeelError

NEW = "-"


def steps(pointer: str) -> list[str]:
    """The names of a pointer; FeelError (feel_pointer) if it does not start with ``/``."""
    if not pointer.startswith("/"):
        raise FeelError("feel_pointer", pointer=pointer)
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]


def pointer_get(data: Any, pointer: str) -> Any:
    """The value at a pointer, ``""`` for all of it; None where there is nothing."""
    for step in steps(pointer) if pointer else []:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list):
            index = _index(data, step)
            data = data[index] if index is not None and index < len(data) else None
        else:
            return None
    return data


def pointer_set(data: dict[str, Any], pointer: str, value: Any) -> None:
    """Put a value there, making contexts on the way; ``-`` or the next index appends to a list.

    FeelError (feel_not_context) if the way leads through a value that holds no others.
    """
    *way, last = steps(pointer)
    place: Any = data
    for done, step in enumerate(way, 1):
        if _inner(place, step, pointer) is None:
            _put(place, step, {}, pointer)
        inner = _inner(place, str(len(place) - 1) if step == NEW else step, pointer)
        if not isinstance(inner, dict | list):
            raise FeelError("feel_not_context", pointer=pointer, at="/" + "/".join(way[:done]))
        place = inner
    _put(place, last, value, pointer)


def _inner(place: Any, step: str, pointer: str) -> Any:
    if isinstance(place, dict):
        return place.get(step)
    index = _index(place, step)
    if index is None or index > len(place):
        raise FeelError("feel_pointer", pointer=pointer)
    return place[index] if index < len(place) else None


def _put(place: Any, step: str, value: Any, pointer: str) -> None:
    if isinstance(place, dict):
        place[step] = _copied(value)
        return
    index = _index(place, step)
    if index is None or index > len(place):
        raise FeelError("feel_pointer", pointer=pointer)
    place[index : index + 1] = [_copied(value)]


def _copied(value: Any) -> Any:
    """The value with lists and contexts of its own: data must never share a part with other data."""
    if isinstance(value, list):
        return [_copied(item) for item in value]
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return value


def _index(items: list[Any], step: str) -> int | None:
    if step == NEW:
        return len(items)
    plain = step.isascii() and step.isdigit() and (step == "0" or step[0] != "0") and len(step) < 9
    return int(step) if plain else None
