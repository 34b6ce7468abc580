"""A diagram as a nested list in the order of its course: then, or, until, if late. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from .diagram import EVENTS, SCOPES, Diagram, Node

Lead = Literal["start", "then", "or", "and", "any", "until", "if", "late", "whenever", "alone"]
SPLITS: dict[str, Lead] = {
    "parallelGateway": "and",
    "inclusiveGateway": "any",
    "eventBasedGateway": "until",
    "exclusiveGateway": "or",
    "complexGateway": "any",
}
WAITING = frozenset({"intermediateCatchEvent", "receiveTask"})


@dataclass(frozen=True, slots=True)
class Item:
    """One line: how the course gets here, the element, and what is nested below it.

    ``lead``: start, then (next), or (one of several ways), and (all at once), any (those whose
    condition holds), until (waits for it), late (when its time is up), if (when it happens meanwhile),
    whenever (at any time), alone (nothing leads here). ``flow``: the line in the diagram that leads
    here. ``again``: the element is listed elsewhere, the course goes on there.
    """

    lead: Lead
    node: str
    flow: str = ""
    again: bool = False
    items: tuple[Item, ...] = ()


def outline(diagram: Diagram) -> tuple[Item, ...]:
    """Every node of the diagram, once as a line of its own, in the order of its course."""
    return tuple(_Walk(diagram).scope(""))


def lines(items: Sequence[Item], depth: int = 0) -> Iterator[tuple[int, Item]]:
    """The same as (depth, line) pairs, from the first line to the last."""
    for item in items:
        yield depth, item
        yield from lines(item.items, depth + 1)


class _Walk:
    """Walks the flows once; ``stops`` are where branches meet again and the outer line goes on."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.named: set[str] = set()

    def scope(self, scope: str) -> Iterator[Item]:
        """All that is drawn directly in one scope: from its starts on, then what they do not reach."""
        inside = self.diagram.children(scope)
        for node in inside:
            if node.type == "startEvent" and node.id not in self.named:
                yield from self.line("start", node.id, "", frozenset())
        for node in sorted(inside, key=lambda one: (one.triggered_by_event, bool(one.incoming))):
            if node.id not in self.named and not self._is_attached(node):
                lead: Lead = "whenever" if node.triggered_by_event else "alone"
                yield from self.line(lead, node.id, "", frozenset())
        for node in inside:
            if node.id not in self.named:  # attached to what is not there
                yield from self.line("alone", node.id, "", frozenset())

    def _is_attached(self, node: Node) -> bool:
        return node.attached_to in self.diagram.nodes

    def line(self, lead: Lead, at: str, flow: str, stops: frozenset[str]) -> Iterator[Item]:
        """One element after the other on the same level, until the course ends or is told elsewhere."""
        while at:
            if at in self.named or at in stops:
                yield Item(lead, at, flow, again=True)
                return
            self.named.add(at)
            node = self.diagram.nodes[at]
            ways = self._ways(node)
            meeting = self._meeting([target for _, target in ways])
            inner = stops | {meeting} if meeting else stops
            below = [*self._meanwhile(node, inner), *self._inside(node)]
            if len(ways) > 1:
                split = SPLITS.get(node.type, "and")
                for way, target in ways:
                    below.append(self._branch(split, target, way, inner))
                yield Item(lead, at, flow, items=tuple(below))
                lead, at, flow = self._lead(meeting), meeting, ""
            else:
                yield Item(lead, at, flow, items=tuple(below))
                flow, at = ways[0] if ways else ("", "")
                lead = self._lead(at)

    def _branch(self, lead: Lead, target: str, flow: str, stops: frozenset[str]) -> Item:
        """One of several ways: its first element with the rest of the way below it."""
        first, *rest = self.line(lead, target, flow, stops)
        return Item(first.lead, first.node, first.flow, first.again, (*first.items, *rest))

    def _meanwhile(self, node: Node, stops: frozenset[str]) -> Iterator[Item]:
        for event in self.diagram.boundary_events(node.id):
            if event.id not in self.named:
                kinds = {one.kind for one in event.events}
                lead: Lead = "late" if kinds == {"timer"} else "if"
                yield self._branch(lead, event.id, "", stops)

    def _inside(self, node: Node) -> Iterator[Item]:
        if node.type in SCOPES:
            yield from self.scope(f"{node.scope}/{node.id}".strip("/"))

    def _lead(self, at: str) -> Lead:
        waits = at in self.diagram.nodes and self.diagram.nodes[at].type in WAITING
        return "until" if waits else "then"

    def _ways(self, node: Node) -> list[tuple[str, str]]:
        """(flow, target) of the lines that leave a node, links followed to where they are caught."""
        flows = [self.diagram.flows[one] for one in node.outgoing if one in self.diagram.flows]
        ways = [(flow.id, flow.target) for flow in flows if flow.target in self.diagram.nodes]
        return ways or [("", caught) for caught in self._caught(node)]

    def _caught(self, node: Node) -> list[str]:
        links = {one.name for one in node.events if one.kind == "link"}
        if not links or node.type not in EVENTS:
            return []
        return [
            other.id
            for other in self.diagram.children(node.scope)
            if other.type == "intermediateCatchEvent"
            and links & {one.name for one in other.events if one.kind == "link"}
        ][:1]

    def _meeting(self, targets: Sequence[str]) -> str:
        """Where several ways come together first, "" where they do not."""
        if len(targets) < 2:
            return ""
        reached = [self._reach(target) for target in targets]
        for at in reached[0]:
            if at not in self.named and all(at in others for others in reached[1:]):
                return at
        most = [at for one in reached for at in one if at not in self.named]
        shared = [at for at in dict.fromkeys(most) if sum(at in one for one in reached) > 1]
        return shared[0] if shared else ""

    def _reach(self, start: str) -> dict[str, None]:
        """What can follow, the nearest first; what happens meanwhile counts as following."""
        found: dict[str, None] = {}
        waiting = [start]
        while waiting:
            following: list[str] = []
            for at in waiting:
                if at not in found and at not in self.named:
                    found[at] = None
                    node = self.diagram.nodes[at]
                    following += [target for _, target in self._ways(node)]
                    following += [one.id for one in self.diagram.boundary_events(at)]
            waiting = following
        return found
