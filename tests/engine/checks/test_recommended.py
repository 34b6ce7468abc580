"""Each rule of ``bpmnlint:recommended`` (11.15.0) has its counterpart among our checks.

Every diagram here was refused by that release's own rule of the name.
"""

from __future__ import annotations

import pytest

from engine.checks import check
from engine.diagram.xml import BPMN
from engine.layout import layout

START, TASK, END = '<startEvent id="s"/>', '<task id="t"/>', '<endEvent id="e"/>'
PLAIN = START + TASK + END
INNER = '<endEvent id="y"/><sequenceFlow id="xy" sourceRef="x" targetRef="y"/></subProcess>'
HOUR = "<timerEventDefinition id='h'><timeDuration>PT1H</timeDuration></timerEventDefinition>"
ONE, OTHER = '<signal id="g1" name="g"/>', '<signal id="g2" name="g"/>'


def drawn(inside, *ways, root=""):
    """``ways``: from and to, one letter each, then the condition."""
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{way[0]}" targetRef="{way[1]}">{_asked(way[2:])}'
        "</sequenceFlow>"
        for n, way in enumerate(ways)
    )
    process = f'<process id="p" isExecutable="true">{inside}{flows}</process>'
    return f'<definitions xmlns="{BPMN}">{root}{process}</definitions>'


def _asked(condition):
    return condition and f"<conditionExpression>{condition}</conditionExpression>"


def found(xml, laid=True):
    content = layout(xml.encode()) if laid else xml.encode()
    return {(one.code, one.element) for one in check({"process.bpmn": content}, "p")}


def gateway(kind, default=""):
    return f'{PLAIN}<{kind}Gateway id="g" {default}/>'


def link(name):
    return (
        f'{START}<intermediateThrowEvent id="l"><linkEventDefinition id="d" name="{name}"/>'
        "</intermediateThrowEvent>"
    )


RECOMMENDED = {
    "ad-hoc-sub-process": (
        f'{START}{END}<adHocSubProcess id="a"><startEvent id="y"/></adHocSubProcess>',
        ("sa", "ae"), ("element_refused", "a"),
    ),
    "conditional-flows": (
        gateway("exclusive"), ("sg", "gt true", "ge", "te"), ("flow_without_condition", "g"),
    ),
    "conditional-flows of a step": (
        f'{PLAIN}<task id="u"/>', ("st", "te true", "tu", "ue"), ("flow_beside_condition", "f2"),
    ),
    "end-event-required": (START + TASK, ("st",), ("no_end", "t")),
    "event-based-gateway": (gateway("eventBased"), ("sg", "gt", "te"), ("gateway_idle", "g")),
    "event-based-gateway with a condition": (
        gateway("eventBased"), ("sg", "gt true", "ge", "te"), ("flow_condition_refused", "g"),
    ),
    "event-sub-process-typed-start-event": (
        f'{PLAIN}<subProcess id="a" triggeredByEvent="true"><startEvent id="x"/>{INNER}',
        ("st", "te"), ("event_missing", "x"),
    ),
    "fake-join": (
        gateway("parallel"), ("sg", "gt", "gt", "te"), ("soundness_unsynchronised", "t"),
    ),
    "label-required": (PLAIN, ("st", "te"), ("label_missing", "t")),
    "link-event": (link("away"), ("sl",), ("link_ends", "l")),
    "link-event without a name": (link(""), ("sl",), ("link_ends", "l")),
    "no-complex-gateway": (gateway("complex"), ("sg", "ge"), ("element_refused", "g")),
    "no-disconnected": (f'{PLAIN}<task id="u"/>', ("st", "te"), ("unreachable", "u")),
    "no-duplicate-sequence-flows": (PLAIN, ("st", "te", "te"), ("flow_twice", "f2")),
    "no-duplicate-sequence-flows of a choice": (
        gateway("exclusive"), ("sg", "gt true", "gt true", "ge", "te"), ("flow_twice", "f2"),
    ),
    "no-gateway-join-fork": (
        f'{gateway("parallel")}<task id="u"/><parallelGateway id="a"/>',
        ("sa", "ag", "ag", "gt", "gu", "te", "ue"), ("gateway_both", "g"),
    ),
    "no-implicit-end": (
        f'{gateway("parallel")}<task id="u"/>', ("sg", "gt", "gu", "te"), ("no_end", "u"),
    ),
    "no-implicit-split": (
        f'{PLAIN}<task id="u"/>', ("st", "tu", "te", "ue"), ("split_implicit", "t"),
    ),
    "no-implicit-start": (f'{PLAIN}<task id="u"/>', ("st", "te", "ue"), ("unreachable", "u")),
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
    "superfluous-label": (
        PLAIN + '<sequenceFlow id="n" name="so" sourceRef="t" targetRef="e"/>', ("st",),
        ("label_superfluous", "n"),
    ),
}  # fmt: skip
OTHERWISE = {
    # Several ways into one step are a fault only where two of them may be taken: that is proved.
    "fake-join": (gateway("exclusive", 'default="f2"'), ("sg", "gt true", "gt", "te")),
    # Inclusive gateways run here as they are drawn.
    "no-inclusive-gateway": (gateway("inclusive", 'default="f2"'), ("sg", "gt true", "ge", "te")),
    # An exclusive gateway waits for nobody, so that joining and choosing at once is one thing.
    "no-gateway-join-fork": (gateway("exclusive", 'default="f2"'), ("sg", "gt true", "ge", "tg")),
}
"""What those rules refuse although it does no harm here, and nothing more than labels is found."""
NAMELESS = {"label_missing", "purpose_missing_zh", "purpose_missing_en", "choice_not_question"}


@pytest.mark.parametrize("rule", RECOMMENDED)
def test_what_a_recommended_rule_refuses_is_found_here_too(rule):
    inside, ways, wanted = RECOMMENDED[rule]
    assert wanted in found(drawn(inside, *ways))
    assert wanted not in found(drawn(PLAIN, "st", "te")) or rule == "label-required"


@pytest.mark.parametrize("rule", OTHERWISE)
def test_what_it_refuses_without_harm_is_left_alone(rule):
    inside, ways = OTHERWISE[rule]
    told = {code for code, _ in found(drawn(inside, *ways))}
    assert told <= {code for code, _ in found(drawn(PLAIN, "st", "te"))} | NAMELESS


@pytest.mark.parametrize(
    ("root", "code"),
    [
        ('<message id="m"/>', "declared_unnamed"),
        ('<error id="r"/>', "declared_without_code"),
        ('<message id="m" name="told"/>', "declared_unused"),
        (ONE + OTHER, "declared_twice"),
    ],
)
def test_what_is_declared_is_named_used_and_there_once(root, code):
    """global"""
    assert code in {one for one, _ in found(drawn(PLAIN, "st", "te", root=root))}


def test_what_is_not_drawn_on_top_of_another_or_outside_is_found():
    """no-bpmndi, no-overlapping-elements"""
    xml = drawn(PLAIN, "st", "te")
    assert ("layout_missing", "t") in found(xml, laid=False)
    assert "shapes_overlap" in {
        code for code, _ in found(resized(xml, "t", "0", "900"), laid=False)
    }
    inner = f'{START}{END}<subProcess id="a"><startEvent id="x"/>{INNER}'
    outside = resized(drawn(inner, "sa", "ae"), "x", "2000", "36")
    assert ("outside_scope", "x") in found(outside, laid=False)


def resized(xml, element, x, size):
    """The laid out drawing with one shape elsewhere."""
    laid = layout(xml.encode()).decode()
    at = laid.index("<dc:Bounds", laid.index(f'bpmnElement="{element}"'))
    return f'{laid[:at]}<dc:Bounds x="{x}" y="0" width="{size}" height="{size}"/>{laid[at:]}'
