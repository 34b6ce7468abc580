"""What differs between two versions of a document, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.letters import Wording, wording_of
from engine.model import Paper, Release
from webui.words import lang

Change = tuple[str, str, str]
"""Label, before, after: as a reader reads them."""
NONE = "-"


def changes(release: Release, before: Paper, after: Paper) -> list[Change]:
    """Every leaf that is not the same in both."""
    wording = wording_of(release)
    old, new = dict(_leaves(before.data)), dict(_leaves(after.data))
    pointers = list(dict.fromkeys((*old, *new)))
    return [
        (
            label(wording, one),
            _words(wording, one, old.get(one)),
            _words(wording, one, new.get(one)),
        )
        for one in pointers
        if old.get(one) != new.get(one)
    ]


def _leaves(data: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        pointer = key if key.startswith("/") else f"{at}/{key}"
        if isinstance(value, Mapping) and "digest" not in value:
            yield from _leaves(value, pointer)
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            yield from _leaves({str(n): one for n, one in enumerate(value)}, pointer)
        else:
            yield pointer, value


def label(wording: Wording, pointer: str) -> str:
    """The form's word for it; of a row its place in the list before it."""
    parts = pointer.split("/")
    named = "/".join("*" if one.isdigit() else one for one in parts)
    place = next((one for one in parts if one.isdigit()), "")
    label = wording.label(named, _lang())
    return f"{int(place) + 1}. {label}" if place else label


def _words(wording: Wording, pointer: str, value: Any) -> str:
    said = wording.say(
        value, "/".join("*" if p.isdigit() else p for p in pointer.split("/")), _lang(), {}
    )
    if isinstance(said, list):
        return "、".join(str(one) for one in said) or NONE
    return NONE if said in (None, "") else str(said)


def _lang() -> Any:
    return "en" if lang() == "en" else "zh"
