"""What the step cannot run rightly, as findings: nothing drawn is ever silently mis-executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.diagram import ACTIVITIES, Diagram, EventDefinition, MultiInstance, Node, StandardLoop
from engine.model import Finding

from .program import KINDS
from .timers import is_literal, is_readable

RUN: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"message"}),
    "endEvent": frozenset({"message", "signal", "error", "escalation", "terminate", "cancel"}),
    "intermediateThrowEvent": frozenset({"message", "signal", "escalation", "link"}),
    "intermediateCatchEvent": frozenset({"message", "signal", "timer", "conditional", "link"}),
    "boundaryEvent": frozenset(
        {"message", "signal", "timer", "conditional", "error", "escalation", "cancel"}
    ),
}
"""Event definitions that run, by the event they are drawn on."""
HANDLER_STARTS = frozenset({"message", "signal", "timer", "conditional", "error", "escalation"})
ALWAYS_INTERRUPT = frozenset({"error", "cancel"})

Check = Callable[[Diagram, Node], Iterator[tuple[str, Mapping[str, Any]]]]


def refusals(diagram: Diagram) -> list[Finding]:
    """What in a diagram the step would not run as BPMN says, element by element."""
    found = [
        Finding(code, node.id, params={"element": node.id, **params})
        for node in diagram.nodes.values()
        for check in CHECKS
        for code, params in check(diagram, node)
    ]
    return [*found, *_starts(diagram)]


def _starts(diagram: Diagram) -> Iterator[Finding]:
    """Every scope has exactly one way to begin that needs no choice."""
    inner = {f"{one.scope}/{one.id}".lstrip("/"): one for one in diagram.nodes.values()}
    scopes = {one.scope for one in diagram.nodes.values()} | {""}
    scopes |= {name for name, one in inner.items() if one.type in ("subProcess", "transaction")}
    for scope in sorted(scopes):
        starts = [one for one in diagram.children(scope) if one.type == "startEvent"]
        plain = [one for one in starts if not one.events]
        owner = inner[scope].id if scope in inner else diagram.process_id
        if not starts:
            yield Finding("start_missing", owner, params={"element": owner})
        elif len(plain) > 1 or (scope and len(starts) > 1):
            yield Finding("start_several", owner, params={"element": owner})


def _type(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if node.type not in KINDS:
        yield "element_refused", {"kind": node.type}
    if node.instantiate:
        yield "instantiate_refused", {}


def _events(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if len(node.events) > 1:
        yield "event_multiple", {}
    for event in node.events[:1]:
        allowed = HANDLER_STARTS if _starts_handler(diagram, node) else RUN.get(node.type)
        if allowed is None or event.kind not in allowed or _starts_inside(diagram, node):
            yield "event_refused", {"kind": event.kind}
    if node.type in ("intermediateCatchEvent", "boundaryEvent") and not node.events:
        yield "event_missing", {}
    if _starts_handler(diagram, node) and not node.events:
        yield "event_missing", {}


def _starts_handler(diagram: Diagram, node: Node) -> bool:
    around = diagram.nodes.get(node.parent)
    return node.type == "startEvent" and around is not None and around.triggered_by_event


def _starts_inside(diagram: Diagram, node: Node) -> bool:
    """A start event that waits has no meaning inside an embedded sub-process."""
    inside = node.type == "startEvent" and bool(node.scope)
    return inside and not _starts_handler(diagram, node)


def _interrupting(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for event in node.events[:1]:
        if event.kind in ALWAYS_INTERRUPT and not node.interrupting:
            yield "event_must_interrupt", {"kind": event.kind}
        if event.kind == "cancel":
            around = diagram.nodes.get(node.attached_to or node.parent)
            if around is None or around.type != "transaction":
                yield "cancel_outside_transaction", {}


def _timers(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for event in node.events[:1]:
        if event.kind == "timer" and not event.clock and not event.timer:
            yield "timer_empty", {}
        elif event.kind == "timer" and not event.clock and not is_readable(event):
            yield "timer_unreadable", {"value": event.timer}
        if event.timer_kind == "cycle" and not _may_repeat(diagram, node, event):
            yield "timer_cycle_refused", {}


def _may_repeat(diagram: Diagram, node: Node, event: EventDefinition) -> bool:
    """A cycle makes sense where firing does not end the waiting, or where it fires once (R1)."""
    if is_literal(event.timer) and event.timer.startswith("R1/"):
        return True
    return node.type == "boundaryEvent" or _starts_handler(diagram, node)


def _conditions(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    chooses = node.type in ("exclusiveGateway", "inclusiveGateway") and len(node.outgoing) > 1
    never = node.type in ("parallelGateway", "eventBasedGateway")
    for flow in (diagram.flows[flow] for flow in node.outgoing):
        is_default = flow.id == node.default
        if chooses and not flow.condition and not is_default:
            yield "flow_without_condition", {"flow": flow.id}
        if flow.condition and (never or is_default):
            yield "flow_condition_refused", {"flow": flow.id}


def _event_gateway(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if node.type != "eventBasedGateway":
        return
    for flow in node.outgoing:
        target = diagram.nodes[diagram.flows[flow].target]
        if target.type not in ("intermediateCatchEvent", "receiveTask") or target.loop is not None:
            yield "event_gateway_target", {"target": target.id}


def _links(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for event in node.events[:1]:
        if event.kind != "link":
            continue
        other = (
            "intermediateCatchEvent"
            if node.type == "intermediateThrowEvent"
            else "intermediateThrowEvent"
        )
        ends = [
            one
            for one in diagram.children(node.scope)
            if one.type == other
            and one.events[:1]
            and one.events[0].kind == "link"
            and one.events[0].name == event.name
        ]
        if not (ends and event.name) or (other == "intermediateCatchEvent" and len(ends) > 1):
            yield "link_ends", {"name": event.name or "—"}


def _loops(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    loop = node.loop
    if isinstance(loop, MultiInstance) and not (loop.collection or loop.cardinality):
        yield "loop_without_count", {}
    if isinstance(loop, MultiInstance) and bool(loop.output) != bool(loop.output_item):
        yield "loop_output_half", {}
    if isinstance(loop, StandardLoop) and not (loop.condition or loop.maximum):
        yield "loop_without_end", {}
    if loop is not None and node.triggered_by_event:
        yield "handler_loop_refused", {}


def _handlers(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if node.triggered_by_event and (node.incoming or node.outgoing):
        yield "handler_with_flow", {}
    if node.triggered_by_event and diagram.boundary_events(node.id):
        yield "handler_with_boundary", {}
    if node.type == "boundaryEvent" and node.incoming:
        yield "boundary_with_incoming", {}


def _messages(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if node.type in ("sendTask", "receiveTask") and not (node.message or node.events):
        yield "message_missing", {}
    for event in node.events[:1]:
        if event.kind in ("message", "signal") and not event.name:
            yield "message_missing", {}


def _associations(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for one in node.associations:
        if node.type == "callActivity" and len(one.sources) > 1 and not one.transformation:
            yield "association_refused", {}


def _host(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if node.type == "boundaryEvent":
        host = diagram.nodes.get(node.attached_to)
        if host is None or host.type not in ACTIVITIES or host.scope != node.scope:
            yield "boundary_host", {}


def _work(diagram: Diagram, node: Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
    told = {
        "scriptTask": node.script,
        "businessRuleTask": node.decision,
        "serviceTask": node.operation,
    }
    if not told.get(node.type, "given"):
        yield "script_empty", {}
    if node.type == "scriptTask" and node.script_format.lower() != "feel":
        yield "script_refused", {"format": node.script_format or "-"}


CHECKS: tuple[Check, ...] = (
    _type,
    _host,
    _work,
    _events,
    _interrupting,
    _timers,
    _conditions,
    _event_gateway,
    _links,
    _loops,
    _handlers,
    _messages,
    _associations,
)
