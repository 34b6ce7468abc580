"""Does it read as it runs: no way drawn twice, no split unsaid, no name that says nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from engine.diagram import GATEWAYS, Declared, Flow, Message
from engine.model import Finding

from .subject import Subject

CHOICES = ("exclusiveGateway", "inclusiveGateway")


def ways_differ(subject: Subject) -> Iterator[Finding]:
    """No two flows lead from one element to another on the same condition."""
    flows = subject.diagram.flows.values()
    first: dict[tuple[str, str, str], str] = {}
    for flow in flows:
        other = first.setdefault((flow.source, flow.target, flow.condition), flow.id)
        if other != flow.id:
            yield subject.finding("flow_twice", flow.id, other=other)


def splits_are_drawn(subject: Subject) -> Iterator[Finding]:
    """Where ways part there is a gateway, or each way has its condition."""
    flows = subject.diagram.flows
    for node in subject.diagram.nodes.values():
        if node.type in GATEWAYS:
            continue
        ways = [flows[one] for one in node.outgoing if one != node.default]
        free = [one for one in ways if not one.condition]
        if len(free) > 1:
            yield subject.warning("split_implicit", node.id)
        elif free and len(node.outgoing) > 1:
            yield subject.warning("flow_beside_condition", free[0].id)


def names_say_something(subject: Subject) -> Iterator[Finding]:
    """A flow has a name where a choice is made, and nowhere else."""
    for flow in subject.diagram.flows.values():
        if any(flow.name.values()) and not (flow.condition or _is_chosen(subject, flow)):
            yield subject.warning("label_superfluous", flow.id)


def _is_chosen(subject: Subject, flow: Flow) -> bool:
    source = subject.diagram.nodes[flow.source]
    return source.default == flow.id or (source.type in CHOICES and len(source.outgoing) > 1)


def declared_once(subject: Subject) -> Iterator[Finding]:
    """Messages, signals, errors and escalations are declared once and used.

    What lacks its name or code is told so elsewhere.
    """
    diagram = subject.diagram
    used = {event.ref for node in diagram.nodes.values() for event in node.events}
    used |= {node.message for node in diagram.nodes.values()}
    named: list[Message | Declared] = [
        one for held in (diagram.messages, diagram.signals) for one in held.values()
    ]
    coded = [one for held in (diagram.errors, diagram.escalations) for one in held.values()]
    whole = [one for one in named if one.name] + [one for one in coded if one.name and one.code]
    kept = Counter(map(_meant, whole))
    for one in whole:
        if one.id not in used:
            yield subject.warning("declared_unused", one.id, said=one.name)
        if kept[_meant(one)] > 1:
            yield subject.warning("declared_twice", one.id, said=one.name)


def _meant(one: Message | Declared) -> str:
    """By what it is matched; messages of one name may carry different things."""
    return f"{one.name} {one.code}" if isinstance(one, Declared) else repr(replace(one, id=""))


RULES = (ways_differ, splits_are_drawn, names_say_something, declared_once)
