"""What the panel offers to choose from: the installed registers, and every word it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from engine.checks import OPERATIONS
from engine.checks.names import GIVEN, written_names
from engine.diagram import read_diagram
from engine.errors import Invalid
from engine.feel.functions import BUILTINS
from engine.forms import form_of
from engine.letters import read_letter
from engine.letters.heads import FOLDER
from engine.model import Bilingual
from webui.registers import register, rules
from webui.wiring import bundled
from webui.words import words

AREA = "canvas."
Choice = tuple[str, str]
"""A code and what it is called."""


@cache
def kit(language: str) -> Mapping[str, Any]:
    """All that stays the same while the product runs, in one language."""
    texts = {
        key.removeprefix(AREA): word[language]
        for key, word in words().items()
        if key.startswith(AREA)
    }
    return {
        "lang": language,
        "words": texts,
        "roles": _named(register("roles"), language),
        "rules": [(name, rule.name[language]) for name, rule in rules().items()],
        "citations": [*_named(register("clauses"), language), *_sources(language)],
        "operations": _operations(),
        "functions": sorted(BUILTINS),
    }


def names(files: Mapping[str, bytes], language: str) -> Mapping[str, Any]:
    """What depends on the draft: data paths that something writes, tables, letters, outcomes of the
    forms, procedures to call. A table's third place: whether it is the draft's own.
    """
    tables = sorted(
        PurePosixPath(name)
        for name in files
        if name.endswith(".dmn") and not name.startswith("call/")
    )
    return {
        "names": sorted(written_names(files) | GIVEN | _settings()),
        "decisions": [(one.stem, one.stem, len(one.parts) == 1) for one in tables],
        "letters": list(_letters(files, language)),
        "outcomes": dict(_outcomes(files, language)),
        "procedures": [(name, name) for name in sorted(bundled())],
    }


def _letters(files: Mapping[str, bytes], language: str) -> Iterator[tuple[str, str, list[str]]]:
    """(id, title, tasks on whose page it is printed) of the draft's own letters."""
    for name, content in files.items():
        if name.startswith(FOLDER) and name.endswith(".typ"):
            own = PurePosixPath(name).stem
            try:
                letter = read_letter(own, content)
            except Invalid:
                yield own, own, []
            else:
                yield own, letter.title.get(language, own), list(letter.tasks)


def _outcomes(files: Mapping[str, bytes], language: str) -> Iterator[tuple[str, list[Choice]]]:
    for name in files:
        if name.startswith("forms/") and name.endswith(".json"):
            task = PurePosixPath(name).stem
            try:
                form = form_of(files, task)
            except Invalid:
                continue
            if form and form.outcomes:
                yield task, [(one.id, one.label.get(language, one.id)) for one in form.outcomes]


def _settings() -> frozenset[str]:
    return frozenset(f"settings.{name}" for name in register("settings"))


def _named(rows: Mapping[str, Bilingual], language: str) -> list[Choice]:
    return [(code, row[language]) for code, row in rows.items()]


def _sources(language: str) -> list[Choice]:
    """Sources, and their articles as far as a bundled procedure cites them."""
    sources = register("sources")
    found = {ref for ref in _cited() if ref.partition("-")[0] in sources and "-" in ref}
    named = {ref: f"{_short(sources, ref, language)} {ref.partition('-')[2]}" for ref in found}
    return [*_named(sources, language), *sorted(named.items())]


def _short(sources: Mapping[str, Any], ref: str, language: str) -> str:
    row = sources[ref.partition("-")[0]]
    return str(row.get("short", row)[language])


@cache
def _cited() -> frozenset[str]:
    """Every citation that a bundled diagram bears."""
    return frozenset(ref for node in _nodes() for ref in node.cited)


@cache
def _operations() -> list[dict[str, Any]]:
    """What a service task may ask for, with the parameters that bundled diagrams give it."""
    given: dict[str, set[str]] = {name: set() for name in sorted(OPERATIONS)}
    for node in _nodes():
        if node.operation in given:
            given[node.operation] |= set(node.params)
    return [{"id": name, "params": sorted(params)} for name, params in given.items()]


def _nodes() -> Iterator[Any]:
    for files in bundled().values():
        yield from read_diagram(files["process.bpmn"]).nodes.values()
