"""A release made ready to run: SpiffWorkflow specs built from the drawn diagrams, once per digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from itertools import product
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.clocks import Rule, read_rules
from engine.decisions import Decided, Decisions, decide, read_decisions
from engine.diagram import Diagram, EventDefinition, Flow, Node, read_diagram
from engine.errors import Invalid
from engine.model import Release

from . import gateways
from . import specs as kinds
from .specs import Element, LinkThrow, SubProcess, Waiting

KINDS: Mapping[str, type[Element]] = {
    "startEvent": Element,
    "endEvent": kinds.End,
    "intermediateThrowEvent": kinds.Throw,
    "intermediateCatchEvent": kinds.Catch,
    "boundaryEvent": kinds.Waiting,
    "task": Element,
    "userTask": kinds.PersonTask,
    "manualTask": kinds.PersonTask,
    "scriptTask": kinds.ScriptTask,
    "businessRuleTask": kinds.DecisionTask,
    "serviceTask": kinds.ServiceTask,
    "sendTask": kinds.Throw,
    "receiveTask": kinds.Catch,
    "subProcess": kinds.SubProcess,
    "transaction": kinds.SubProcess,
    "callActivity": kinds.SubProcess,
    "exclusiveGateway": gateways.ExclusiveGateway,
    "parallelGateway": gateways.ParallelGateway,
    "inclusiveGateway": gateways.InclusiveGateway,
    "eventBasedGateway": gateways.EventGateway,
}
MOST_PROGRAMS = 64


class ScopeSpec(BpmnProcessSpec):  # type: ignore[misc]
    """One process or sub-process. ``entry``: its start event; ``handlers``: what may interrupt it."""

    def __init__(self, name: str, home: str) -> None:
        super().__init__(name)
        self.task_specs.clear()  # a drawn element may be called "Start" or "End"
        self.start.name = self.start.within = ""
        self.home = home
        self.entry: Element
        self.starts: dict[str, Element] = {}
        self.handlers: list[Waiting] = []


class Program:
    """Everything of a release that a step needs, parsed and connected."""

    def __init__(self, release: Release) -> None:
        self.files = release.files
        self.specs: dict[str, ScopeSpec] = {}
        self.has_conditions = False
        self.has_inclusive = False
        self.named: dict[str, set[str]] = {}
        self._decisions: dict[str, Decisions] = {}
        self.main = self._process("", "process.bpmn")

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        return read_rules(self.files.get("shared/rules.toml", b""))

    def decide(
        self, decision: str, home: str, context: Mapping[str, Any], now: datetime
    ) -> Decided:
        """Run a decision of the procedure's folder, else of the shared ones."""
        places = (
            f"{home}{decision}.dmn",
            f"shared/{decision}.dmn",
            f"shared/decisions/{decision}.dmn",
        )
        path = next((place for place in places if place in self.files), None)
        if path is None:
            raise Invalid("no_decision", decision=decision)
        if path not in self._decisions:
            self._decisions[path] = read_decisions(self.files[path])
        return decide(self._decisions[path], decision, context, now)

    def _process(self, home: str, path: str) -> ScopeSpec:
        if path not in self.files:
            raise Invalid("no_process", file=path)
        diagram = read_diagram(self.files[path])
        return _Builder(self, diagram, home).build("")

    def called(self, procedure: str) -> ScopeSpec:
        """The process of a called procedure; a recursive call finds the spec being built."""
        home = f"call/{procedure}/"
        if home not in self.specs:
            self._process(home, f"{home}process.bpmn")
        return self.specs[home]


class _Builder:
    """Builds the specs of one diagram."""

    def __init__(self, program: Program, diagram: Diagram, home: str) -> None:
        self.program = program
        self.diagram = diagram
        self.home = home
        self._befores: dict[str, dict[str, list[str]]] = {}
        self.inside: dict[str, list[Node]] = {}
        self.attached: dict[str, list[Node]] = {}
        for node in diagram.nodes.values():
            self.inside.setdefault(node.scope, []).append(node)
            self.attached.setdefault(node.attached_to, []).append(node)

    def build(self, scope: str) -> ScopeSpec:
        spec = ScopeSpec(f"{self.home}{scope}", self.home)
        self.program.specs[spec.name] = spec
        nodes = self.inside.get(scope, [])
        for node in nodes:
            self._add(spec, node)
        for node in nodes:
            self._connect(spec, node)
        self._enter(spec)
        return spec

    def _add(self, spec: ScopeSpec, node: Node) -> None:
        kind = KINDS.get(node.type, kinds.Missing)
        event = node.events[0] if node.events else None
        if event is not None and event.kind == "link":
            kind = LinkThrow if node.type == "intermediateThrowEvent" else Element
        element = kind(spec, node, self._flows(node))
        self._give_message(element)
        self._name_periods(node)
        self.program.has_inclusive |= element.is_inclusive
        self.program.has_conditions |= event is not None and event.kind == "conditional"
        if node.type == "startEvent":
            spec.starts[node.id] = element

    def _flows(self, node: Node) -> tuple[Flow, ...]:
        flows = tuple(self.diagram.flows[flow] for flow in node.outgoing)
        for flow in flows:
            target = self.diagram.nodes.get(flow.target)
            if target is None or target.scope != node.scope:
                raise Invalid("flow_dangling", name=flow.id, missing=flow.target)
        return flows

    def _name_periods(self, node: Node) -> None:
        """The periods that an element begins or ends; those of its boundary timers are its host's."""
        named = {mark.rule for mark in node.clocks if mark.starts or mark.ends}
        timed = {event.clock for event in node.events if event.clock}
        self.program.named.setdefault(node.id, set()).update(named)
        self.program.named.setdefault(node.attached_to, set()).update(timed)

    def _give_message(self, element: Element) -> None:
        ref = element.node.message
        if element.event is None and ref:
            name = self.diagram.messages[ref].name if ref in self.diagram.messages else ref
            element.event = EventDefinition("message", ref, name)
        if element.event is not None and element.event.kind == "message":
            element.message = self.diagram.messages.get(element.event.ref)

    def _connect(self, spec: ScopeSpec, node: Node) -> None:
        element: Element = spec.task_specs[node.id]
        for flow in element.flows:
            element.connect(spec.task_specs[flow.target])
        element.boundary = tuple(spec.task_specs[one.id] for one in self.attached.get(node.id, ()))
        if isinstance(element, LinkThrow):
            element.target = self._link(spec, node)
        if isinstance(element, gateways.InclusiveGateway):
            element.before = self._before(node.scope)
            element.sources = {flow: self.diagram.flows[flow].source for flow in node.incoming}
        if isinstance(element, SubProcess):
            self._open(spec, element)

    def _link(self, spec: ScopeSpec, node: Node) -> Element:
        for one in self.inside[node.scope]:
            if one.events[:1] and _linked(node, one):
                found: Element = spec.task_specs[one.id]
                return found
        raise Invalid("link_without_end", element=node.id)

    def _open(self, spec: ScopeSpec, element: SubProcess) -> None:
        node = element.node
        if node.type == "callActivity":
            element.inner = self.program.called(node.called)
            return
        inner = self.build(f"{node.scope}/{node.id}" if node.scope else node.id)
        element.inner = inner
        if node.triggered_by_event:
            start = inner.entry
            waiting = Waiting(spec, start.node, ())
            waiting.within, waiting.opens, waiting.message = node.id, element, start.message
            spec.handlers.append(waiting)

    @staticmethod
    def _enter(spec: ScopeSpec) -> None:
        plain = [one for one in spec.starts.values() if one.event is None]
        found = plain or list(spec.starts.values())
        if not found:
            raise Invalid("no_start_event", scope=spec.name)
        spec.entry = found[0]

    def _before(self, scope: str) -> dict[str, list[str]]:
        """For every element of a scope, those from which a token gets there in one move."""
        if scope in self._befores:
            return self._befores[scope]
        before = self._befores.setdefault(scope, {})
        for flow in self.diagram.flows.values():
            if flow.scope == scope:
                before.setdefault(flow.target, []).append(flow.source)
        links = [
            one for one in self.inside[scope] if one.events[:1] and one.events[0].kind == "link"
        ]
        for node in self.inside[scope]:
            if node.attached_to:
                before.setdefault(node.id, []).append(node.attached_to)
        for throw, catch in product(links, links):
            if throw.type == "intermediateThrowEvent" and _linked(throw, catch):
                before.setdefault(catch.id, []).append(throw.id)
        return before


def _linked(throw: Node, catch: Node) -> bool:
    return (
        catch.type == "intermediateCatchEvent"
        and throw.events[0].kind == catch.events[0].kind == "link"
        and throw.events[0].name == catch.events[0].name
    )


_PROGRAMS: dict[str, Program] = {}


def program_of(release: Release) -> Program:
    """The ready program of a release; the newest ones are kept by digest."""
    found = _PROGRAMS.get(release.digest)
    if found is None:
        found = Program(release)
        while len(_PROGRAMS) >= MOST_PROGRAMS:
            _PROGRAMS.pop(next(iter(_PROGRAMS)), None)
        _PROGRAMS[release.digest] = found
    return found
