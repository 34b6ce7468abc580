"""The files with which a procedure begins that nobody has drawn yet."""

from __future__ import annotations

from .layout import layout
from .package import DIAGRAM

_PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:ld="urn:liandiao:bpmn:1" id="{id}_definitions" targetNamespace="urn:liandiao:procedure">
  <bpmn:process id="{id}" name="{id}" isExecutable="true">
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="lane_clerk" name="立案人员、书记员" ld:role="TRIB_CLERK">
        <bpmn:flowNodeRef>start</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>ended</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="start"><bpmn:outgoing>to_ended</bpmn:outgoing></bpmn:startEvent>
    <bpmn:endEvent id="ended"><bpmn:incoming>to_ended</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="to_ended" sourceRef="start" targetRef="ended"/>
  </bpmn:process>
</bpmn:definitions>
"""


def blank(procedure: str) -> dict[str, bytes]:
    """A diagram with one lane, a start and an end, and a README; ``procedure``: a checked name."""
    return {
        DIAGRAM: layout(_PROCESS.format(id=procedure).encode()),
        "README.md": f"# {procedure}\n".encode(),
    }
