"""What a letter's template gets: the fields its head names, as values and as words, and nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from engine.forms import look_up
from engine.letters.aiding import Row, read_aloud
from engine.letters.heads import Letter
from engine.letters.wording import Wording
from engine.model import Data, Problem
from engine.texts import Lang
from engine.values import to_json
from engine.workdays import CHINA

ITSELF = "/document"
"""Where the data stands that the diagram gives to ``documents.record``, with ``at`` and ``title``."""
GIVEN = ("case", "parties", "document", "organ", "settings")
"""What a field may name besides what the procedure writes."""
LAYOUT = "\n\t"


def gather(letter: Letter, wording: Wording, data: Mapping[str, Any], lang: Lang) -> Data:
    """Plain JSON for the template: {"d" (words), "raw", "labels", "rows", "title", "at", "organ"}.

    ``data``: case data and beside it ``document`` {"title", "at", "data"}, ``organ`` {"name",
    "court"} and ``names`` {id: name} of the people, parties and organisations that it names.
    """
    names = {**data.get("names", {}), **_party_names(data)}
    said: Data = {}
    raw: Data = {}
    for pointer in letter.fields:
        value = look_up(data, pointer)
        _put(said, pointer, wording.say(value, pointer, lang, names))
        _put(raw, pointer, _plain(to_json(value)))
    document = data.get("document", {})
    at = document.get("at")
    return {
        "d": said,
        "raw": raw,
        "labels": _labels(letter, wording, lang),
        "columns": _columns(letter, wording, lang),
        "keys": {key: wording.named(key, lang) for key in sorted(set(_keys(said)))},
        "rows": _aid(letter, wording, said) if lang == "en" else [],
        "title": letter.title[lang]
        if lang == "en"
        else document.get("title") or letter.title[lang],
        "kind": letter.kind,
        "at": at.astimezone(CHINA).date().isoformat() if at else "",
        "organ": dict(data.get("organ", {})),
        "lang": lang,
    }


def _aid(letter: Letter, wording: Wording, said: Data) -> list[Row]:
    rows = (read_aloud(wording, look_up(said, one), one, "en") for one in letter.fields)
    return list(dict.fromkeys(chain.from_iterable(rows)))


def _party_names(data: Mapping[str, Any]) -> dict[str, str]:
    rows = [row for row in data.get("parties") or () if isinstance(row, Mapping)]
    return {str(row["id"]): str(row.get("name") or "") for row in rows if row.get("id")}


def _put(tree: Data, pointer: str, value: Any) -> None:
    """Into what stands there already, when a field lies within another."""
    *way, last = pointer.split("/")[1:]
    for step in way:
        inner = tree.get(step)
        tree[step] = inner if isinstance(inner, dict) else {}
        tree = tree[step]
    both = isinstance(tree.get(last), dict) and isinstance(value, dict)
    tree[last] = {**tree[last], **value} if both else value


def _plain(value: Any) -> Any:
    """Tagged numbers, dates and times as the text within their tag."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        (key, *more), tagged = (list(value) or [""]), next(iter(value.values()), None)
        if key[:1] == "$" and not more and isinstance(tagged, str):
            return tagged
        return {key: _plain(one) for key, one in value.items()}
    return value


def _keys(tree: Any) -> Iterator[str]:
    """Every name that is used somewhere in the data."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield key
            yield from _keys(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _keys(value)


def _labels(letter: Letter, wording: Wording, lang: Lang) -> dict[str, str]:
    """By dotted path: of each field and of what a form asks for within it."""
    return {
        pointer[1:].replace("/", "."): wording.label(pointer, lang)
        for field in letter.fields
        for pointer in (field, *(one for one in wording.fields if one.startswith(f"{field}/")))
    }


def _columns(letter: Letter, wording: Wording, lang: Lang) -> dict[str, list[list[str]]]:
    """The columns of every list within the fields: [[name, label], ...]."""
    found: dict[str, list[list[str]]] = {}
    for pointer in wording.fields:
        table, star, name = pointer.rpartition("/*/")
        if star and any(f"{table}/".startswith(f"{field}/") for field in letter.fields):
            row = found.setdefault(table[1:].replace("/", "."), [])
            row.append([name, wording.label(pointer, lang)])
    return found


# What is wrong with it ---------------------------------------------------------------------


def missing_fields(letter: Letter, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Those that the letter needs and the data lacks."""
    for pointer in letter.needs:
        if look_up(data, pointer) in (None, "", [], {}):
            yield Problem(pointer, "paper_field_missing")


def unprintable(tree: Any, pointer: str, lacks: Callable[[str], str]) -> Iterator[Problem]:
    """A problem for each text with a character that ``lacks`` says no font has."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from unprintable(value, f"{pointer}/{key}", lacks)
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from unprintable(value, f"{pointer}/{number}", lacks)
    elif isinstance(tree, str):
        lacking = lacks(tree.translate({ord(one): None for one in LAYOUT + "\r"}))
        if lacking:
            yield Problem(pointer, "paper_character", {"characters": _named(lacking)})


def _named(characters: str) -> str:
    return "、".join(f"{_visible(one)}（U+{ord(one):04X}）" for one in characters[:5])


def _visible(character: str) -> str:
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") else character


def replaced(tree: Any, lacks: Callable[[str], str]) -> Any:
    """The same tree with a geta mark for what no font has: for drafts, never for what is issued."""
    if isinstance(tree, Mapping):
        return {key: replaced(value, lacks) for key, value in tree.items()}
    if isinstance(tree, list):
        return [replaced(value, lacks) for value in tree]
    if isinstance(tree, str):
        plain = tree.replace("\r\n", "\n").replace("\r", "\n")
        gone = lacks(plain.translate({ord(one): None for one in LAYOUT}))
        return plain.translate({ord(one): "〓" for one in gone})
    return tree
