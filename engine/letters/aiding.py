"""A document for readers of English: what it says field by field, in words or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.letters.wording import Wording
from engine.texts import Lang

MACHINERY = frozenset({"id", "digest", "manifest", "series", "counter", "year", "org", "rule"})
"""What only the product reads: the numbers that these make up are told."""
CODED = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*|[a-z]+(_[a-z0-9]+)+")

Row = tuple[str, str]
"""What it is called, what it says."""


def read_aloud(wording: Wording, said: Any, pointer: str, lang: Lang) -> Iterator[Row]:
    """Every leaf at or below a pointer. ``said``: the words there, as ``Wording.say`` gives them."""
    if isinstance(said, Mapping):
        for key, one in said.items():
            yield from read_aloud(wording, one, f"{pointer}/{key}", lang)
    elif isinstance(said, list):
        yield from _listed(wording, said, pointer, lang)
    else:
        label = wording.word(pointer, lang)
        if label and said and not _is_machinery(wording, said, pointer):
            yield label, str(said)


def _listed(wording: Wording, said: list[Any], pointer: str, lang: Lang) -> Iterator[Row]:
    """Rows one after another with their place; a list of plain values in one."""
    if any(isinstance(one, Mapping) for one in said):
        for number, one in enumerate(said, 1):
            for label, text in read_aloud(wording, one, f"{pointer}/*", lang):
                yield f"{number}. {label}", text
    else:
        kept = [str(one) for one in said if one and not _is_machinery(wording, one, pointer)]
        yield from read_aloud(wording, ", ".join(kept), pointer, lang)


def _is_machinery(wording: Wording, text: Any, pointer: str) -> bool:
    if pointer.rpartition("/")[2] in MACHINERY and pointer not in wording.fields:
        return True
    typed = wording.fields.get(pointer)
    free = typed is not None and not typed.choices
    return not free and CODED.fullmatch(str(text)) is not None
