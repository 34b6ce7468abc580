"""Reads the drawn XML of a procedure: who, what, when, why and where, as frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from lxml import etree

from engine.errors import Invalid

from .drawing import read_drawing
from .events import KINDS, bare, read_declarations
from .nodes import ACTIVITIES, EVENTS, GATEWAYS, SCOPES, TASKS, read_process
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
    "Message",
    "MultiInstance",
    "Node",
    "Participant",
    "Shape",
    "StandardLoop",
    "read_diagram",
    "read_tree",
    "read_xml",
]


@lru_cache(maxsize=32)
def read_diagram(xml: bytes) -> Diagram:
    """The diagram in a BPMN file. Raises Invalid: unsafe, broken, no BPMN or without a process."""
    return read_tree(read_xml(xml))


def read_tree(root: etree._Element) -> Diagram:
    """The diagram in an already parsed BPMN file."""
    if not is_bpmn(root) or local(root) != "definitions":
        raise Invalid("xml_not_bpmn", root=local(root))
    processes = list(bpmn(root, "process"))
    executable = [one for one in processes if one.get("isExecutable") == "true"]
    process = _chosen(executable or processes)
    declared = read_declarations(root)
    shared = {one.get("id", ""): one for one in bpmn(root, *KINDS)}
    parts = read_process(process, declared, shared)
    shapes, edges = read_drawing(root)
    return Diagram(
        process_id=process.get("id", ""),
        name=bilingual(process, "@name"),
        purpose=bilingual(process, "documentation"),
        executable_ids=tuple(one.get("id", "") for one in executable),
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
        shapes=shapes,
        edges=edges,
    )


def _chosen(processes: Sequence[etree._Element]) -> etree._Element:
    if not processes:
        raise Invalid("xml_no_process")
    return processes[0]


def _participants(root: etree._Element) -> dict[str, Participant]:
    found = [
        Participant(one.get("id", ""), bilingual(one, "@name"), bare(one.get("processRef")))
        for collaboration in bpmn(root, "collaboration")
        for one in bpmn(collaboration, "participant")
    ]
    return {one.id: one for one in found}
