"""What the panel offers to choose from: the installed registers, and every word it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from engine.checks import OPERATIONS
from engine.checks.names import GIVEN, written_names
from engine.diagram import read_diagram
from engine.feel.functions import BUILTINS
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


def names(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    """What depends on the draft: data paths that something writes, tables, procedures to call."""
    tables = sorted(
        PurePosixPath(name).stem
        for name in files
        if name.endswith(".dmn") and not name.startswith("call/")
    )
    return {
        "names": sorted(written_names(files) | GIVEN | _settings()),
        "decisions": [(name, name) for name in tables],
        "procedures": [(name, name) for name in sorted(bundled())],
    }


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
    return frozenset(ref for node in _nodes() for ref in node.basis)


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
