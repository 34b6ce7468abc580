"""The head of a letter's template: what it is called and which case data it may see."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.errors import Invalid
from engine.model import Bilingual

MARK = "//:"
FOLDER = "letters/"
KEYS = {"kind": str, "title": dict, "fields": list, "needs": list, "tasks": list, "basis": list}


@dataclass(frozen=True, slots=True)
class Letter:
    """A template's head. ``fields``: JSON pointers into case data, all that the template sees;
    ``needs``: those without which it is not issued; ``tasks``: user tasks on whose page it is a
    paper to print although no effect records it.
    """

    id: str
    kind: str  # the document's Chinese name in the rules
    title: Bilingual
    fields: tuple[str, ...]
    needs: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()


def read_letter(letter_id: str, content: bytes) -> Letter:
    """The head stands in comment lines that begin with ``//:``, as TOML. Raises Invalid."""
    try:
        lines = content.decode("utf-8").splitlines()
        head = "\n".join(one.removeprefix(MARK) for one in lines if one.startswith(MARK))
        told = tomllib.loads(head)
    except ValueError as error:
        raise Invalid("template_head", letter=letter_id, reason=str(error)[:200]) from error
    for key, value in told.items():
        if not isinstance(value, KEYS.get(key, ())):
            raise Invalid("template_head", letter=letter_id, reason=key)
    for key in ("kind", "title", "fields"):
        if key not in told:
            raise Invalid("template_head", letter=letter_id, reason=key)
    return _letter(letter_id, told)


def _letter(letter_id: str, told: Mapping[str, Any]) -> Letter:
    needs = tuple(told.get("needs", ()))
    fields = tuple(dict.fromkeys((*needs, *told["fields"])))
    tasks, basis = (tuple(told.get(key, ())) for key in ("tasks", "basis"))
    return Letter(letter_id, told["kind"], told["title"], fields, needs, tasks, basis)


def letter_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Templates by letter id, those of called procedures too."""
    found = {}
    for name, content in files.items():
        folder, _, file = name.rpartition("/")
        is_letter = file.endswith(".typ") and f"{folder}/".endswith(FOLDER)
        if is_letter and not name.startswith("shared/"):
            found[file.removesuffix(".typ")] = content
    return found


def letters_of(files: Mapping[str, bytes]) -> Mapping[str, Letter]:
    """The heads of a release's letters by id. Raises Invalid where one cannot be read."""
    return {name: _read(name, content) for name, content in letter_files(files).items()}


@lru_cache(maxsize=1024)
def _read(letter_id: str, content: bytes) -> Letter:
    return read_letter(letter_id, content)
