"""What of a procedure its scenarios pass: nodes, flows, gateway arms, boundary events, decision rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.diagram import Diagram, read_diagram, read_xml
from engine.model import Passed, Release

from .scenario import Played

KINDS = ("nodes", "flows", "arms", "boundaries", "rules")
CHOOSING = ("exclusiveGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway")
REACHED = ("done", "fired", "thrown", "flow")
DIAGRAM = "process.bpmn"


@dataclass(frozen=True, slots=True)
class Coverage:
    """``total`` and ``missing`` ids by kind (KINDS); rules are ``<file>: <rule>``."""

    total: Mapping[str, int]
    missing: Mapping[str, tuple[str, ...]]

    @property
    def is_complete(self) -> bool:
        return not any(self.missing.values())

    def passed(self, kind: str) -> int:
        return self.total[kind] - len(self.missing[kind])

    def percent(self) -> int:
        """Of everything together, rounded down: 100 only when nothing is missing."""
        wanted = sum(self.total.values())
        missing = sum(len(ids) for ids in self.missing.values())
        return 100 * (wanted - missing) // wanted if wanted else 100


def coverage(release: Release, played: Iterable[Played]) -> Coverage:
    """What these plays of a release passed; called procedures are covered by their own scenarios."""
    diagram = read_diagram(release.files[DIAGRAM])
    traces = [line for one in played for line in one.trace]
    reached = frozenset(own_elements(diagram, traces))
    wanted = {**_drawn(diagram), "rules": list(rules(release))}
    reached |= frozenset(hit_rules(traces))
    missing = {
        kind: tuple(name for name in ids if name.rpartition(": ")[2] not in reached)
        for kind, ids in wanted.items()
    }
    return Coverage({kind: len(ids) for kind, ids in wanted.items()}, missing)


def own_elements(diagram: Diagram, trace: Iterable[Passed]) -> Iterator[str]:
    """Ids of the drawn nodes and flows that a trace passed, those of called procedures left out."""
    calls = {node.id for node in diagram.nodes.values() if node.type == "callActivity"}
    for line in trace:
        if line.what in REACHED and not calls.intersection(line.place.scope.split("/")):
            yield line.place.element


def _drawn(diagram: Diagram) -> dict[str, list[str]]:
    nodes = diagram.nodes
    choosing = {n.id for n in nodes.values() if n.type in CHOOSING and len(n.outgoing) > 1}
    return {
        "nodes": list(nodes),
        "flows": list(diagram.flows),
        "arms": [flow.id for flow in diagram.flows.values() if flow.source in choosing],
        "boundaries": [node.id for node in nodes.values() if node.attached_to],
    }


def rules(release: Release) -> Iterator[str]:
    """The rows of the release's own and shared decision tables as ``<file>: <rule>``."""
    for path, content in release.files.items():
        if path.endswith(".dmn") and not path.startswith("call/"):
            for decision in read_xml(content).iter("{*}decision"):
                for number, row in enumerate(decision.iter("{*}rule"), 1):
                    yield f"{path}: {row.get('id') or rule_name(decision.get('id', ''), number)}"


def rule_name(decision: str, number: int) -> str:
    """How a row without an id is called."""
    return f"{decision}#{number}"


def hit_rules(trace: Iterable[Passed]) -> Iterator[str]:
    """The rules that decided something in a trace."""
    for line in trace:
        if line.what == "decided":
            for hit in line.detail["rules"]:
                yield _told(hit, "id") or rule_name(
                    line.detail["decision"], int(_told(hit, "number"))
                )


def _told(hit: Any, name: str) -> Any:
    return hit[name] if isinstance(hit, Mapping) else getattr(hit, name)
