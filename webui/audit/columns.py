"""The codes of a decision table in words: of a column that reads a form's field or gives what one offers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import Any

from engine.decisions.model import Column, Decision, Table
from engine.decisions.reading import read_model
from engine.forms import Field
from webui.display import readable
from webui.registers import register, role_name, rule_name, rules
from webui.words import pick

from .places import Atlas

Words = Mapping[str, str]
QUOTED = re.compile(r'"([^"]*)"')


def column_words(atlas: Atlas, decision: str, fields: Mapping[str, Field]) -> Mapping[str, Words]:
    """What each code is called, by the label of its column; nothing for columns that nothing names."""
    named = {
        column.label: _words(column, codes, fields)
        for content in decision_files(atlas, decision)
        for column, codes in _columns(content)
    }
    return {label: words for label, words in named.items() if words}


def coded(value: Any, words: Words) -> str:
    """A value of such a column as a person reads it."""
    if isinstance(value, list):
        return "、".join(coded(one, words) for one in value) or "-"
    return words.get(value, value) if value and isinstance(value, str) else readable(value)


def decision_files(atlas: Atlas, decision: str) -> list[bytes]:
    """Every file of that decision in the release, of called procedures too."""
    named = (name for name in atlas.files if name.rpartition("/")[2] == f"{decision}.dmn")
    return [atlas.files[name] for name in named]


@lru_cache(maxsize=200)
def _columns(content: bytes) -> Sequence[tuple[Column, frozenset[str]]]:
    """Each column of its tables with the texts that stand in the cells."""
    logics = (
        one.logic for one in read_model(content).elements.values() if isinstance(one, Decision)
    )
    return [
        (column, frozenset(text for cell in cells for text in QUOTED.findall(cell)))
        for table in logics
        if isinstance(table, Table)
        for columns, rows in (
            (table.inputs, [row.tests for row in table.rules]),
            (table.outputs, [row.outputs for row in table.rules]),
        )
        for column, *cells in zip(columns, *rows, strict=True)
    ]


def _words(column: Column, codes: frozenset[str], fields: Mapping[str, Field]) -> Words:
    """As the field says that it reads; else as all fields say that offer every code; else a register."""
    read = fields.get("/" + column.text.replace(".", "/"))
    if read and read.choices:
        return _choices(read)
    offers = [_choices(one) for one in _every(fields.values()) if codes <= _choices(one).keys()]
    said = {tuple(one[code] for code in sorted(codes)) for one in offers}
    if len(codes) > 1 and len(said) == 1:
        return offers[0]
    return next(
        ({one: name(one) for one in codes} for ids, name in _registers() if codes <= ids), {}
    )


def _registers() -> Iterator[tuple[Set[str], Callable[[str], str]]]:
    yield register("roles").keys(), role_name
    yield rules().keys(), rule_name


def _every(fields: Iterable[Field]) -> Iterator[Field]:
    for one in fields:
        yield one
        yield from one.columns


def _choices(field: Field) -> Words:
    return {one.value: pick(one.label) for one in field.choices}
