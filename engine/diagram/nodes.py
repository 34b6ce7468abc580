"""Reads the flow nodes, flows, lanes and notes of one process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from lxml import etree

from .events import Declarations, bare, read_associations, read_events, read_loop
from .nouns import (
    Annotation,
    Association,
    ClockMark,
    DataObject,
    Flow,
    Lane,
    LegalEffect,
    Moment,
    Node,
)
from .xml import bilingual, bpmn, child_text, extensions, is_bpmn, ld, local, text_of

SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
    }
)
ACTIVITIES = TASKS | SCOPES | {"callActivity"}
GATEWAYS = frozenset(
    {
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
EVENTS = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    }
)
NODE_TYPES = ACTIVITIES | GATEWAYS | EVENTS
DATA_TYPES = ("dataObject", "dataObjectReference", "dataStoreReference")


@dataclass
class Parts:
    """What a process holds, filled while walking down."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    lanes: dict[str, Lane] = field(default_factory=dict)
    data_objects: dict[str, DataObject] = field(default_factory=dict)
    annotations: dict[str, Annotation] = field(default_factory=dict)
    associations: dict[str, Association] = field(default_factory=dict)


def read_process(
    process: etree._Element,
    declared: Declarations,
    shared: Mapping[str, etree._Element],
    beside: Iterable[etree._Element] = (),
) -> Parts:
    """All that a process and its sub-processes draw; of a repeated id the first counts.

    ``beside``: what is drawn around the pools, notes and their lines.
    """
    parts = Parts()
    for holder in beside:
        _read_scope(holder, "", parts)
    for holder, scope in _scopes(process, ""):
        _read_scope(holder, scope, parts)
        for element in holder.iterchildren():
            if is_bpmn(element) and local(element) in NODE_TYPES:
                node = _node(element, scope, declared, shared)
                parts.nodes.setdefault(node.id, node)
    return replace(parts, nodes=_finish(parts))


def _scopes(holder: etree._Element, scope: str) -> Iterator[tuple[etree._Element, str]]:
    yield holder, scope
    for element in bpmn(holder, *SCOPES):
        inner = element.get("id", "")
        yield from _scopes(element, f"{scope}/{inner}" if scope else inner)


def _read_scope(holder: etree._Element, scope: str, parts: Parts) -> None:
    for element in bpmn(holder, "sequenceFlow"):
        parts.flows.setdefault(element.get("id", ""), _flow(element, scope))
    for lane_set in bpmn(holder, "laneSet"):
        for lane in _lanes(lane_set, "", "", scope):
            parts.lanes.setdefault(lane.id, lane)
    for element in bpmn(holder, *DATA_TYPES):
        ref = element.get("dataObjectRef") or element.get("dataStoreRef") or ""
        name = bilingual(element, "@name")
        one = DataObject(element.get("id", ""), local(element), name, bare(ref), scope)
        parts.data_objects.setdefault(one.id, one)
    for element in bpmn(holder, "textAnnotation"):
        note = Annotation(element.get("id", ""), bilingual(element, "text"), scope)
        parts.annotations.setdefault(note.id, note)
    for element in bpmn(holder, "association"):
        source, target = bare(element.get("sourceRef")), bare(element.get("targetRef"))
        line = Association(element.get("id", ""), source, target, scope)
        parts.associations.setdefault(line.id, line)


def _flow(element: etree._Element, scope: str) -> Flow:
    return Flow(
        element.get("id", ""),
        bilingual(element, "@name"),
        bare(element.get("sourceRef")),
        bare(element.get("targetRef")),
        child_text(element, "conditionExpression"),
        scope,
    )


def _lanes(lane_set: etree._Element, parent: str, role: str, scope: str) -> Iterator[Lane]:
    for element in bpmn(lane_set, "lane"):
        own = ld(element, "role") or role
        refs = tuple(bare(text_of(ref)) for ref in bpmn(element, "flowNodeRef"))
        name = bilingual(element, "@name")
        yield Lane(element.get("id", ""), name, own, refs, parent, scope)
        for inner in bpmn(element, "childLaneSet"):
            yield from _lanes(inner, element.get("id", ""), own, scope)


def _node(
    element: etree._Element,
    scope: str,
    declared: Declarations,
    shared: Mapping[str, etree._Element],
) -> Node:
    kind = local(element)
    is_start = kind == "startEvent"
    return Node(
        id=element.get("id", ""),
        type=kind,
        name=bilingual(element, "@name"),
        purpose=bilingual(element, "documentation"),
        scope=scope,
        role=ld(element, "role"),
        org=ld(element, "org"),
        person=ld(element, "person"),
        party=ld(element, "party"),
        apart=tuple(ld(element, "not").split()),
        basis=tuple(one.get("ref", "") for one in extensions(element, "basis")),
        clocks=tuple(_clock(one) for one in extensions(element, "clock")),
        effects=tuple(_effect(one) for one in extensions(element, "effect")),
        operation=ld(element, "operation"),
        params={one.get("name", ""): one.get("value", "") for one in extensions(element, "param")},
        result=ld(element, "result"),
        decision=ld(element, "decision"),
        called=bare(element.get("calledElement")),
        script=child_text(element, "script"),
        script_format=element.get("scriptFormat", ""),
        message=bare(element.get("messageRef")),
        events=read_events(element, declared, shared),
        parallel_multiple=element.get("parallelMultiple") == "true",
        attached_to=bare(element.get("attachedToRef")),
        interrupting=element.get("isInterrupting" if is_start else "cancelActivity") != "false",
        default=bare(element.get("default")),
        loop=read_loop(element),
        triggered_by_event=element.get("triggeredByEvent") == "true",
        instantiate=element.get("instantiate") == "true",
        associations=tuple(read_associations(element)),
    )


def _clock(element: etree._Element) -> ClockMark:
    starts, pauses, resumes, ends, extends = (
        _moment(element.get(verb, ""))
        for verb in ("starts", "pauses", "resumes", "ends", "extends")
    )
    since, until = element.get("from", ""), element.get("until", "")
    return ClockMark(element.get("rule", ""), starts, pauses, resumes, ends, since, extends, until)


def _effect(element: etree._Element) -> LegalEffect:
    said = {lang: element.get(lang, "").strip() for lang in ("zh", "en")}
    words = {lang: text for lang, text in said.items() if text}
    return LegalEffect(words, tuple(element.get("ref", "").split()), element.get("outcome", ""))


def _moment(text: str) -> Moment:
    return cast(Literal["", "enter", "done"], text.strip())


def _finish(parts: Parts) -> dict[str, Node]:
    """The nodes with their flows (as drawn from the flows' own ends), lane and role."""
    incoming: dict[str, list[str]] = {}
    outgoing: dict[str, list[str]] = {}
    for flow in parts.flows.values():
        outgoing.setdefault(flow.source, []).append(flow.id)
        incoming.setdefault(flow.target, []).append(flow.id)
    listed = {ref: lane.id for lane in parts.lanes.values() for ref in lane.nodes}
    done: dict[str, Node] = {}
    for node in parts.nodes.values():
        lane = _lane_of(node, parts.nodes, listed)
        done[node.id] = replace(
            node,
            lane=lane,
            role=node.role or (parts.lanes[lane].role if lane else ""),
            incoming=tuple(incoming.get(node.id, ())),
            outgoing=tuple(outgoing.get(node.id, ())),
        )
    return done


def _lane_of(node: Node, nodes: Mapping[str, Node], listed: Mapping[str, str]) -> str:
    for candidate in (node.id, node.attached_to, *reversed(node.scope.split("/"))):
        if candidate in listed:
            return listed[candidate]
        host = nodes.get(candidate)
        if host is not None and host.attached_to in listed:
            return listed[host.attached_to]
    return ""
