"""Published procedures as the screens need them: names of steps, diagrams, what follows what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from engine.diagram import Diagram, LegalEffect, Node, read_diagram
from engine.errors import Invalid
from engine.forms import Form
from engine.model import Bilingual, Data, Draft, Release
from engine.package import DIAGRAM
from engine.spiff import read_state
from engine.spiff.standing import reached

from .product import product
from .words import known, pick

QUIET = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
"""Drawn elements that say nothing to whoever asks what comes next."""

AT_ONCE = frozenset({"startEvent", "boundaryEvent", "endEvent"})
"""What has happened as soon as it is reached."""

START: Bilingual = {"zh": "发起", "en": "Start"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A release with its diagram and those of the procedures it calls, by element id."""

    release: Release
    diagram: Diagram
    nodes: Mapping[str, Node]
    homes: Mapping[str, str]  # element -> file of its diagram

    @property
    def name(self) -> str:
        return pick(self.diagram.name, self.release.procedure)

    def step(self, element: str) -> str:
        """What a step is called."""
        node = self.nodes.get(element)
        return pick(node.name, element) if node else element

    def purpose(self, element: str) -> str:
        """What to do there, in one plain sentence; "" when the diagram says nothing."""
        node = self.nodes.get(element)
        return pick(node.purpose) if node else ""

    def forms(self) -> list[tuple[Bilingual, Form]]:
        """Every form of the procedure with the name of its step, the first one first."""
        engine = product().engine
        tasks = [node for node in self.nodes.values() if node.type == "userTask"]
        begun = (START, engine.form(self.release, "start")) if self.asks("start") else None
        asked = [(n.name, engine.form(self.release, n.id)) for n in tasks if self.asks(n.id)]
        return [begun, *asked] if begun else asked

    def asks(self, element: str) -> bool:
        """Whether it has a form."""
        name = f"forms/{element}.json"
        return any(path == name or path.endswith(f"/{name}") for path in self.release.files)

    def basis(self, element: str) -> tuple[str, ...]:
        """The clauses and articles on which a step rests."""
        node = self.nodes.get(element)
        return node.basis if node else ()

    def effects_ahead(self, element: str) -> list[tuple[Node, LegalEffect]]:
        """What finishing a step brings about in law: itself, then what can follow directly."""
        node = self.nodes.get(element)
        there = [node, *self._after(node, set())] if node else []
        return [(one, effect) for one in there for effect in one.effects]

    def effects_of(self, state: bytes) -> list[tuple[Node, LegalEffect]]:
        """What a case has brought about in law so far, by the element that did, as drawn."""
        data, seen = read_state(state).data, reached(state)
        return [
            (node, effect)
            for node in self.nodes.values()
            if node.effects and self._has_happened(node, seen, _chosen(node, data))
            for effect in node.effects
            if effect.outcome in ("", _chosen(node, data))
        ]

    def _has_happened(self, node: Node, seen: frozenset[str], chosen: str) -> bool:
        """A step ended with an outcome; what waits has happened once the case went on from it."""
        if node.id not in seen or chosen or node.type in AT_ONCE:
            return node.id in seen
        after = (self.diagram.flows.get(flow) for flow in node.outgoing)
        return any(flow is not None and flow.target in seen for flow in after)

    def next_steps(self, element: str) -> list[str]:
        """The names of what can follow directly, gateways passed through."""
        node = self.nodes.get(element)
        found = (
            [pick(one.name) for one in self._after(node, set()) if pick(one.name)] if node else []
        )
        return list(dict.fromkeys(found))

    def _after(self, node: Node, seen: set[str]) -> Iterator[Node]:
        for flow in node.outgoing:
            target = self.diagram.flows[flow].target if flow in self.diagram.flows else ""
            if not target or target in seen or target not in self.nodes:
                continue
            seen.add(target)
            following = self.nodes[target]
            if following.type in QUIET:
                yield from self._after(following, seen)
            else:
                yield following


def _chosen(node: Node, data: Data) -> str:
    """The outcome with which a task ended; "" for none."""
    told = data.get(node.id)
    return str(told.get("outcome", "")) if isinstance(told, dict) else ""


def drawn(digest: str) -> Drawn:
    """A release with its diagrams, read once per process: releases never change."""
    kept: dict[str, Drawn] = current_app.extensions.setdefault("liandiao-drawn", {})
    if digest not in kept:
        kept[digest] = read_drawn(product().engine.release_of(product().looking(), digest))
    return kept[digest]


def read_drawn(release: Release) -> Drawn:
    """Of any release, a draft's too."""
    nodes: dict[str, Node] = {}
    homes: dict[str, str] = {}
    main = read_diagram(release.files["process.bpmn"])
    for name in sorted(release.files):
        if name == "process.bpmn" or (name.startswith("call/") and name.endswith("process.bpmn")):
            found = main if name == "process.bpmn" else read_diagram(release.files[name])
            for element, node in found.nodes.items():
                if element not in nodes or name == "process.bpmn":
                    nodes[element], homes[element] = node, name
    return Drawn(release, main, nodes, homes)


def told(release: str, element: str) -> str:
    """The name of an element of a release; "" where there is none (a note on a whole case)."""
    return drawn(release).step(element) if release and element else ""


def procedure_name(release: str) -> str:
    return drawn(release).name


def diagram_of(files: Mapping[str, bytes]) -> Diagram | None:
    """None while it cannot be read: the findings say why."""
    try:
        return read_diagram(files[DIAGRAM])
    except (KeyError, Invalid):
        return None


def diagram_of_draft(draft_id: str) -> Diagram | None:
    return diagram_of(product().looking().draft_bytes(draft_id, DIAGRAM))


def draft_name(draft: Draft) -> str:
    """As its diagram says now; the id while that cannot be read."""
    diagram = diagram_of_draft(draft.id)
    return pick(diagram.name, draft.procedure) if diagram else draft.procedure


def status_name(status: str) -> str:
    """open, held, ended, cancelled in words."""
    return known(f"case.{status}", status)


def words_for_templates() -> dict[str, Any]:
    """What templates may ask of procedures."""
    return {
        "told": told,
        "procedure_name": procedure_name,
        "draft_name": draft_name,
        "status_name": status_name,
    }
