"""Reading the drawn XML: everything an engine, a check or a page asks of a diagram."""

from __future__ import annotations

import tracemalloc

import pytest

from engine.diagram import (
    Bounds,
    ClockMark,
    Diagram,
    EventDefinition,
    MultiInstance,
    StandardLoop,
    read_diagram,
)
from engine.errors import Invalid
from engine.texts import text

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
 xmlns:i18n="http://www.omg.org/spec/BPMN/non-normative/extensions/i18n/1.0"
 xmlns:ld="urn:liandiao:bpmn:1">"""


def drawn(body: str, outside: str = "") -> Diagram:
    process = f'<process id="p" name="规程" isExecutable="true">{body}</process>'
    return read_diagram(f"{HEAD}{outside}{process}</definitions>".encode())


def test_a_user_task_says_who_what_why_and_until_when() -> None:
    node = drawn("""<laneSet><lane id="l" name="调解员" ld:role="MEDIATOR">
        <flowNodeRef>ask</flowNodeRef></lane></laneSet>
      <userTask id="ask" name="询问" ld:org="case.org" ld:person="dispute.mediator">
       <documentation>问清诉求</documentation><extensionElements>
        <i18n:translation target="@name" xml:lang="en">Ask</i18n:translation>
        <i18n:translation target="documentation" xml:lang="en-GB">Hear the claim</i18n:translation>
        <ld:basis ref="S6-12"/><ld:basis ref="CQ-1"/>
        <ld:clock rule="accept" starts="enter" ends="done" from="dispute.received_at"/>
       </extensionElements></userTask>""").nodes["ask"]
    assert (node.type, node.lane, node.role) == ("userTask", "l", "MEDIATOR")
    assert node.name == {"zh": "询问", "en": "Ask"}
    assert node.purpose == {"zh": "问清诉求", "en": "Hear the claim"}
    assert (node.org, node.person) == ("case.org", "dispute.mediator")
    assert node.basis == ("S6-12", "CQ-1")
    assert node.clocks == (
        ClockMark("accept", starts="enter", ends="done", from_="dispute.received_at"),
    )


def test_work_without_people_says_what_to_run() -> None:
    nodes = drawn("""
      <serviceTask id="number" ld:operation="numbers.next" ld:result="dispute.number">
        <extensionElements><ld:param name="series" value='"TJ"'/></extensionElements></serviceTask>
      <scriptTask id="sum" scriptFormat="feel" ld:result="a.b"><script> 1 + 2 </script></scriptTask>
      <businessRuleTask id="fit" ld:decision="dt_1" ld:result="screening"/>
      <callActivity id="video" calledElement="video_session"/>""").nodes
    number, total, fit, video = nodes.values()
    assert (number.operation, number.result) == ("numbers.next", "dispute.number")
    assert number.params == {"series": '"TJ"'}
    assert (total.script, total.script_format, total.result) == ("1 + 2", "feel", "a.b")
    assert (fit.decision, video.called) == ("dt_1", "video_session")


def test_flows_know_their_ends_and_nodes_their_flows() -> None:
    diagram = drawn("""<exclusiveGateway id="agreed" default="no"/><endEvent id="end"/>
      <sequenceFlow id="yes" sourceRef="agreed" targetRef="end">
        <conditionExpression>agreement.signed</conditionExpression></sequenceFlow>
      <sequenceFlow id="no" sourceRef="agreed" targetRef="end"/>""")
    assert diagram.flows["yes"].condition == "agreement.signed"
    assert diagram.nodes["agreed"].outgoing == ("yes", "no") == diagram.nodes["end"].incoming
    assert diagram.nodes["agreed"].default == "no"


def test_events_name_what_they_wait_for() -> None:
    outside = """<message id="m1" name="apply" ld:key="dispute.id"><extensionElements>
       <ld:payload name="who" value="parties[1].id"/></extensionElements></message>
      <error id="e1" name="Refused" errorCode="REFUSED"/><signal id="s1" name="closed"/>"""
    diagram = drawn(
        """<intermediateThrowEvent id="apply">
         <messageEventDefinition messageRef="m1"/></intermediateThrowEvent>
       <boundaryEvent id="late" attachedToRef="apply" cancelActivity="false">
         <timerEventDefinition ld:clock="accept"/></boundaryEvent>
       <intermediateCatchEvent id="wait"><timerEventDefinition>
         <timeDuration>P3D</timeDuration></timerEventDefinition></intermediateCatchEvent>
       <endEvent id="refused"><errorEventDefinition errorRef="e1"/></endEvent>
       <endEvent id="closed"><signalEventDefinition signalRef="s1"/></endEvent>""",
        outside,
    )
    events = {node.id: node.events[0] for node in diagram.nodes.values()}
    assert events["apply"] == EventDefinition("message", "m1", "apply")
    assert events["late"] == EventDefinition("timer", clock="accept")
    assert events["wait"] == EventDefinition("timer", timer_kind="duration", timer="P3D")
    assert events["refused"] == EventDefinition("error", "e1", "Refused", "REFUSED")
    assert events["closed"] == EventDefinition("signal", "s1", "closed")
    assert diagram.messages["m1"].payload == {"who": "parties[1].id"}
    assert diagram.messages["m1"].key == "dispute.id"
    assert [node.id for node in diagram.boundary_events("apply")] == ["late"]
    assert diagram.nodes["late"].interrupting is False


def test_activities_may_repeat() -> None:
    nodes = drawn("""<userTask id="sign"><multiInstanceLoopCharacteristics isSequential="true">
        <loopDataInputRef>parties</loopDataInputRef><loopDataOutputRef>signs</loopDataOutputRef>
        <inputDataItem name="party"/><outputDataItem name="sign"/>
        <completionCondition>false</completionCondition>
       </multiInstanceLoopCharacteristics></userTask>
       <task id="again"><standardLoopCharacteristics testBefore="true" loopMaximum="3">
        <loopCondition>n &lt; 3</loopCondition></standardLoopCharacteristics></task>""").nodes
    assert nodes["sign"].loop == MultiInstance(
        True, "", "parties", "party", "sign", "signs", "false"
    )
    assert nodes["again"].loop == StandardLoop("n < 3", True, "3")


def test_what_is_inside_has_a_scope_and_its_hosts_role() -> None:
    diagram = drawn("""<laneSet><lane id="l" ld:role="MEDIATOR"><flowNodeRef>outer</flowNodeRef>
       </lane></laneSet><subProcess id="outer"><subProcess id="inner" triggeredByEvent="true">
       <startEvent id="begin" isInterrupting="false"/></subProcess></subProcess>
       <boundaryEvent id="late" attachedToRef="outer"/>""")
    begin = diagram.nodes["begin"]
    assert (begin.scope, begin.parent, begin.role) == ("outer/inner", "inner", "MEDIATOR")
    assert begin.interrupting is False
    assert diagram.nodes["inner"].triggered_by_event
    assert diagram.nodes["late"].role == "MEDIATOR"
    assert diagram.children("outer/inner") == (begin,)


def test_the_drawing_is_read_from_every_plane() -> None:
    diagram = drawn(
        "<task id='a'/><sequenceFlow id='f' sourceRef='a' targetRef='a'/>",
        """<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p">
      <bpmndi:BPMNShape bpmnElement="a" isExpanded="false">
        <dc:Bounds x="1" y="2" width="100" height="80"/>
        <bpmndi:BPMNLabel><dc:Bounds x="3" y="4" width="5" height="6"/></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape><bpmndi:BPMNEdge bpmnElement="f"><di:waypoint x="1" y="2"/>
      <di:waypoint x="3.5" y="4"/></bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>""",
    )
    assert diagram.shapes["a"].bounds == Bounds(1, 2, 100, 80)
    assert diagram.shapes["a"].label == Bounds(3, 4, 5, 6)
    assert diagram.shapes["a"].expanded is False
    assert diagram.edges["f"].waypoints == ((1, 2), (3.5, 4))


def test_the_executable_process_is_the_one_that_counts() -> None:
    xml = f'{HEAD}<process id="a"/><process id="b" isExecutable="true"/></definitions>'
    diagram = read_diagram(xml.encode())
    assert (diagram.process_id, diagram.executable_ids) == ("b", ("b",))
    assert diagram.process_ids == ("a", "b")


def test_utf_16_is_read() -> None:
    xml = f'{HEAD}<process id="a" name="调解"/></definitions>'.replace("UTF-8", "UTF-16")
    assert read_diagram(xml.encode("utf-16")).name == {"zh": "调解"}


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "external entity": (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',),
    "billion laughs": (f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><d>&l9;</d>'.encode(),),
    "hidden in UTF-16": ("<!DOCTYPE d><d/>".encode("utf-16"),),
    "50 MB": (b"<d>" + b"x" * 50_000_000, "xml_too_large"),
    "100,000 elements": (b"<d>" + b"<e/>" * 100_000 + b"</d>", "xml_too_many_elements"),
    "5,000 deep": (b"<d>" * 5_000, "xml_broken"),
    "undeclared entity": (b"<d>&x;</d>", "xml_broken"),
    "cut short": (b"<definitions>\n<process", "xml_broken"),
    "empty": (b"", "xml_broken"),
    "no xml": ("调解".encode(), "xml_broken"),
    "other xml": (b"<html/>", "xml_not_bpmn"),
    "no process": (f"{HEAD}</definitions>".encode(), "xml_no_process"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_gets_a_readable_refusal_in_bounded_memory(name: str) -> None:
    content, code = (*HOSTILE[name], "xml_doctype")[:2]
    tracemalloc.start()
    with pytest.raises(Invalid) as refused:
        read_diagram(content)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert refused.value.code == code
    assert len(text(code, "zh", refused.value.params)) > 20
    assert len(text(code, "en", refused.value.params)) > 40


def test_a_coordinate_that_is_no_number_is_refused() -> None:
    bad = """<bpmndi:BPMNDiagram><bpmndi:BPMNPlane><bpmndi:BPMNShape bpmnElement="a">
     <dc:Bounds x="left" y="2" width="1" height="1"/></bpmndi:BPMNShape></bpmndi:BPMNPlane>
     </bpmndi:BPMNDiagram>"""
    with pytest.raises(Invalid, match="drawing_number"):
        drawn("", bad)
