"""Each rule of ``bpmnlint:recommended`` (bpmnlint 11) has its counterpart among our checks."""

from __future__ import annotations

import pytest

from engine.checks import check
from engine.diagram.xml import BPMN
from engine.layout import layout

START, TASK, END = '<startEvent id="s"/>', '<task id="t"/>', '<endEvent id="e"/>'
PLAIN = START + TASK + END
INNER = '<endEvent id="y"/><sequenceFlow id="xy" sourceRef="x" targetRef="y"/></subProcess>'
HOUR = "<timerEventDefinition id='h'><timeDuration>PT1H</timeDuration></timerEventDefinition>"


def drawn(inside, *ways, root=""):
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{way[0]}" targetRef="{way[1]}"/>'
        for n, way in enumerate(ways)
    )
    process = f'<process id="p" isExecutable="true">{inside}{flows}</process>'
    return f'<definitions xmlns="{BPMN}">{root}{process}</definitions>'


def found(xml, laid=True):
    content = layout(xml.encode()) if laid else xml.encode()
    return {(one.code, one.element) for one in check({"process.bpmn": content}, "p")}


def gateway(kind, default=""):
    return f'{PLAIN}<{kind}Gateway id="g" {default}/>'


RECOMMENDED = {
    "ad-hoc-sub-process": (
        f'{START}{END}<adHocSubProcess id="a"><task id="y"/></adHocSubProcess>',
        ("sa", "ae"), ("element_refused", "a"),
    ),
    "conditional-flows": (
        gateway("exclusive"), ("sg", "gt", "ge", "te"), ("flow_without_condition", "g"),
    ),
    "end-event-required": (START + TASK, ("st",), ("no_end", "t")),
    "event-based-gateway": (
        gateway("eventBased"), ("sg", "gt", "ge", "te"), ("event_gateway_target", "g"),
    ),
    "event-sub-process-typed-start-event": (
        f'{PLAIN}<subProcess id="a" triggeredByEvent="true"><startEvent id="x"/>{INNER}',
        ("st", "te"), ("event_missing", "x"),
    ),
    # Several ways into one step are a fault only where two of them may be taken: that is proved.
    "fake-join": (
        gateway("parallel"), ("sg", "gt", "gt", "te"), ("soundness_unsynchronised", "t"),
    ),
    "label-required": (PLAIN, ("st", "te"), ("label_missing", "t")),
    "link-event": (
        f'{START}<intermediateThrowEvent id="l"><linkEventDefinition id="d"/>'
        "</intermediateThrowEvent>",
        ("sl",), ("link_ends", "l"),
    ),
    "no-complex-gateway": (gateway("complex"), ("sg", "ge"), ("element_refused", "g")),
    "no-disconnected": (f'{PLAIN}<task id="u"/>', ("st", "te"), ("unreachable", "u")),
    "no-duplicate-sequence-flows": (PLAIN, ("st", "te", "te"), ("soundness_completion", "e")),
    "no-gateway-join-fork": (
        f'{gateway("parallel")}<task id="u"/><parallelGateway id="a"/>',
        ("sa", "ag", "ag", "gt", "gu", "te", "ue"), ("gateway_both", "g"),
    ),
    "no-implicit-end": (
        f'{gateway("parallel")}<task id="u"/>', ("sg", "gt", "gu", "te"), ("no_end", "u"),
    ),
    "no-implicit-split": (
        f'{PLAIN}<task id="u"/>', ("st", "tu", "te", "ue"), ("soundness_completion", "e"),
    ),
    "no-implicit-start": (f'{PLAIN}<task id="u"/>', ("st", "te", "ue"), ("unreachable", "u")),
    # Inclusive gateways run here as they are drawn, each way with its condition.
    "no-inclusive-gateway": (
        f'{gateway("inclusive")}<task id="u"/><parallelGateway id="j"/>',
        ("sg", "gt", "gu", "tj", "uj", "je"), ("flow_without_condition", "g"),
    ),
    "single-blank-start-event": (
        f'{PLAIN}<startEvent id="x"/>', ("st", "xt", "te"), ("start_several", "p"),
    ),
    "single-event-definition": (
        f"{START}{END}<intermediateCatchEvent id='c'>{HOUR}<conditionalEventDefinition id='d'>"
        "<condition>true</condition></conditionalEventDefinition></intermediateCatchEvent>",
        ("sc", "ce"), ("event_multiple", "c"),
    ),
    "start-event-required": (TASK + END, ("te",), ("start_missing", "p")),
    "sub-process-blank-start-event": (
        f'{START}{END}<subProcess id="a"><startEvent id="x">{HOUR}</startEvent>{INNER}',
        ("sa", "ae"), ("event_refused", "x"),
    ),
    "superfluous-gateway": (gateway("exclusive"), ("sg", "gt", "te"), ("gateway_idle", "g")),
    "superfluous-termination": (
        f'{START}{TASK}<endEvent id="e"><terminateEventDefinition id="d"/></endEvent>',
        ("st", "te"), ("end_stops_nothing", "e"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", RECOMMENDED)
def test_what_a_recommended_rule_refuses_is_found_here_too(rule):
    inside, ways, wanted = RECOMMENDED[rule]
    assert wanted in found(drawn(inside, *ways))
    assert wanted not in found(drawn(PLAIN, "st", "te")) or rule == "label-required"


def test_what_is_declared_needs_its_name_and_code():
    """global"""
    root = '<message id="m"/><error id="r"/>'
    told = found(drawn(PLAIN, "st", "te", root=root))
    assert {("declared_unnamed", "m"), ("declared_without_code", "r")} <= told


def test_what_is_not_drawn_or_drawn_on_top_of_another_is_found():
    """no-bpmndi, no-overlapping-elements"""
    xml = drawn(PLAIN, "st", "te")
    assert ("layout_missing", "t") in found(xml, laid=False)
    laid = layout(xml.encode()).decode()
    at = laid.index("<dc:Bounds", laid.index('bpmnElement="t"'))
    stacked = laid[:at] + '<dc:Bounds x="0" y="0" width="900" height="900"/>' + laid[at:]
    assert "shapes_overlap" in {code for code, _ in found(stacked, laid=False)}
