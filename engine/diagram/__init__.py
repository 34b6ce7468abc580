"""Reads the drawn XML of a procedure: who, what, when, why and where, as frozen values."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from engine.errors import Invalid

from .drawing import read_drawing
from .events import KINDS, bare, read_declarations
from .nodes import ACTIVITIES, EVENTS, GATEWAYS, NODE_TYPES, SCOPES, TASKS, read_process
from .nouns import (
    Annotation,
    Association,
    ClockMark,
    DataAssociation,
    DataObject,
    Declared,
    Diagram,
    EventDefinition,
    Flow,
    Lane,
    LegalEffect,
    Message,
    MultiInstance,
    Node,
    Participant,
    StandardLoop,
)
from .shapes import Bounds, Edge, Shape
from .xml import bilingual, bpmn, is_bpmn, local, read_xml

__all__ = [
    "ACTIVITIES",
    "EVENTS",
    "GATEWAYS",
    "SCOPES",
    "TASKS",
    "Annotation",
    "Association",
    "Bounds",
    "ClockMark",
    "DataAssociation",
    "DataObject",
    "Declared",
    "Diagram",
    "Edge",
    "EventDefinition",
    "Flow",
    "Lane",
    "LegalEffect",
    "Message",
    "MultiInstance",
    "Node",
    "Participant",
    "Shape",
    "StandardLoop",
    "read_diagram",
    "read_processes",
    "read_tree",
    "read_xml",
]


@lru_cache(maxsize=32)
def read_diagram(xml: bytes) -> Diagram:
    """The diagram in a BPMN file. Raises Invalid: unsafe, broken, no BPMN or without a process."""
    return read_tree(read_xml(xml))


def read_tree(root: etree._Element) -> Diagram:
    """The diagram in an already parsed BPMN file."""
    return _diagram(root, 0, _processes(root)[0])


def read_processes(root: etree._Element) -> list[Diagram]:
    """A diagram for each process of the file, that of ``read_tree`` first."""
    return [_diagram(root, *one) for one in enumerate(_processes(root))]


def _diagram(root: etree._Element, number: int, process: etree._Element) -> Diagram:
    processes = list(bpmn(root, "process"))
    declared = read_declarations(root)
    shared = {one.get("id", ""): one for one in bpmn(root, *KINDS)}
    beside = () if number else tuple(bpmn(root, "collaboration"))
    parts = read_process(process, declared, shared, beside)
    shapes, edges = read_drawing(root)
    return Diagram(
        process_id=process.get("id", ""),
        name=bilingual(process, "@name"),
        purpose=bilingual(process, "documentation"),
        executable_ids=tuple(one.get("id", "") for one in processes if _is_executable(one)),
        process_ids=tuple(one.get("id", "") for one in processes),
        nodes=parts.nodes,
        flows=parts.flows,
        lanes=parts.lanes,
        messages=declared.messages,
        signals=declared.signals,
        errors=declared.errors,
        escalations=declared.escalations,
        data_objects=parts.data_objects,
        annotations=parts.annotations,
        associations=parts.associations,
        participants=_participants(root),
        message_flows=_message_flows(root),
        shapes=shapes,
        edges=edges,
    )


def _processes(root: etree._Element) -> list[etree._Element]:
    """The one that runs first: the executable one, else the first that holds anything."""
    if not is_bpmn(root) or local(root) != "definitions":
        raise Invalid("xml_not_bpmn", root=local(root))
    found = list(bpmn(root, "process"))
    if not found:
        raise Invalid("xml_no_process")
    return sorted(found, key=lambda one: (not _is_executable(one), _is_empty(one)))


def _is_executable(process: etree._Element) -> bool:
    return process.get("isExecutable") == "true"


def _is_empty(process: etree._Element) -> bool:
    return next(bpmn(process, *NODE_TYPES), None) is None


def _message_flows(root: etree._Element) -> dict[str, Association]:
    found = [
        Association(one.get("id", ""), bare(one.get("sourceRef")), bare(one.get("targetRef")))
        for collaboration in bpmn(root, "collaboration")
        for one in bpmn(collaboration, "messageFlow")
    ]
    return {one.id: one for one in found}


def _participants(root: etree._Element) -> dict[str, Participant]:
    found = [
        Participant(one.get("id", ""), bilingual(one, "@name"), bare(one.get("processRef")))
        for collaboration in bpmn(root, "collaboration")
        for one in bpmn(collaboration, "participant")
    ]
    return {one.id: one for one in found}
