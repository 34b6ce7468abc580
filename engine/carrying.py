"""The policy as a map: which elements carry a clause or an article, and which stories prove it.

A clause counts as carried when a scenario tagged with it passes an element that cites it, in a step
whose result it asserts (conventions 6); a row of a table alone carries nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.coverage import own_elements
from engine.diagram import Diagram, Node, read_diagram
from engine.model import Bilingual, Release
from engine.package import DIAGRAM
from engine.rules import Rule, read_rules
from engine.scenario import Played

STORIES = "scenarios/"


@dataclass(frozen=True, slots=True)
class Spot:
    """An element of a procedure that cites something: of itself, by its clock or by its form."""

    procedure: str
    element: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A story tagged with what an element cites, that passes the element and asserts its result."""

    spot: Spot
    scenario: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A page that carries a clause: its endpoint with its arguments, and what it is called."""

    endpoint: str
    args: Mapping[str, Any]
    title: Bilingual


def citing(release: Release) -> Mapping[str, tuple[Spot, ...]]:
    """Where a release cites each clause or article; the elements in the order drawn."""
    rules = read_rules(release.files.get("shared/rules.toml", b""))
    diagram = read_diagram(release.files[DIAGRAM])
    found: dict[str, list[Spot]] = defaultdict(list)
    for node in diagram.nodes.values():
        for ref in dict.fromkeys(_cited(node, rules, release.files)):
            found[ref].append(Spot(release.procedure, node.id))
    return {ref: tuple(spots) for ref, spots in found.items()}


def _cited(node: Node, rules: Mapping[str, Rule], files: Mapping[str, bytes]) -> Iterator[str]:
    yield from node.basis
    named = [mark.rule for mark in node.clocks] + [event.clock for event in node.events]
    for name in named:
        yield from rules[name].basis if name in rules else ()
    if node.type == "userTask":
        yield from _within(json.loads(files.get(f"forms/{node.id}.json", b"{}")))


def _within(plain: Any) -> Iterator[str]:
    """Every ``basis`` below: of fields, of groups."""
    if isinstance(plain, dict):
        yield from (ref for ref in plain.get("basis", ()) if isinstance(ref, str))
        for part in plain.values():
            yield from _within(part)
    elif isinstance(plain, list):
        for part in plain:
            yield from _within(part)


def tagged(release: Release) -> Mapping[str, tuple[tuple[str, Bilingual], ...]]:
    """The stories of a release by what they are tagged with: (name, title)."""
    found: dict[str, list[tuple[str, Bilingual]]] = defaultdict(list)
    for path in sorted(release.files):
        if path.startswith(STORIES) and path.endswith(".json"):
            told = json.loads(release.files[path])
            for ref in told.get("clauses", ()):
                name = path.removeprefix(STORIES).removesuffix(".json")
                found[ref].append((name, told["title"]))
    return {ref: tuple(stories) for ref, stories in found.items()}


def proofs(release: Release, played: Iterable[Played]) -> Iterator[tuple[str, Proof]]:
    """(reference, proof) for each element that a story tagged with the reference proves."""
    spots = citing(release)
    diagram = read_diagram(release.files[DIAGRAM])
    for one in played:
        proved = _proved(diagram, one)
        for ref in one.scenario.clauses:
            for spot in spots.get(ref, ()):
                if spot.element in proved:
                    yield ref, Proof(spot, one.scenario.name)


def _proved(diagram: Diagram, played: Played) -> frozenset[str]:
    if played.failure:
        return frozenset()
    return played.asserted & frozenset(own_elements(diagram, played.trace))


def screens(
    clauses: Mapping[str, Any], registers: Mapping[str, bytes]
) -> Mapping[str, tuple[Screen, ...]]:
    """The pages that carry clauses: ``screens`` of clauses.toml, and the registers that name them.

    ``registers``: the files of ``bpmn/shared/registers`` by id.
    """
    found: dict[str, list[Screen]] = defaultdict(list)
    for ref, clause in clauses.items():
        for row in clause.get("screens", ()):
            title = {"zh": row["zh"], "en": row["en"]}
            found[ref].append(Screen(row["endpoint"], row.get("args", {}), title))
    for name, content in registers.items():
        register = json.loads(content)
        for ref in register.get("clauses", ()):
            found[ref].append(Screen("records.register", {"name": name}, register["title"]))
    return {ref: tuple(pages) for ref, pages in found.items()}
