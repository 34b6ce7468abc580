"""The outline tells a diagram in its order: every element once, whatever the drawing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from engine.diagram import read_diagram
from engine.outline import lines, outline
from tests.builders import process, user
from tests.builders import start as begin_at

BPMN = Path(__file__).parent.parent.parent / "bpmn"
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def told(diagram):
    return [
        (depth, item.lead, item.node + ("…" if item.again else ""))
        for depth, item in lines(outline(diagram))
    ]


@pytest.mark.parametrize("path", sorted(BPMN.glob("*/process.bpmn")), ids=lambda p: p.parent.name)
def test_every_node_of_every_procedure_is_named_once(path):
    diagram = read_diagram(path.read_bytes())
    named = Counter(item.node for _, item in lines(outline(diagram)) if not item.again)
    assert named == dict.fromkeys(diagram.nodes, 1)
    flows = Counter(item.flow for _, item in lines(outline(diagram)) if item.flow)
    assert set(flows.values()) <= {1}


def test_one_after_the_other():
    xml = process("start -> a -> b -> end", begin_at("start"), user("a"), user("b"), id="p")
    leads = [(0, "start", "start"), (0, "then", "a"), (0, "then", "b"), (0, "then", "end")]
    assert told(read_diagram(xml)) == leads


def drawn(nodes, flows):
    lines_of = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(one.split(">") for one in flows.split())
    )
    inside = f'<process id="p">{nodes}{lines_of}</process>'
    return told(read_diagram(f'<definitions xmlns="{MODEL}">{inside}</definitions>'.encode()))


def test_ways_part_and_meet_again():
    nodes = (
        '<startEvent id="s"/><exclusiveGateway id="x"/><task id="a"/><task id="b"/><task id="m"/>'
    )
    assert drawn(nodes, "s>x x>a x>b a>m b>m") == [
        (0, "start", "s"),
        (0, "then", "x"),
        (1, "or", "a"),
        (2, "then", "m…"),
        (1, "or", "b"),
        (2, "then", "m…"),
        (0, "then", "m"),
    ]


def test_back_to_an_earlier_step_is_said_and_ends_the_line():
    nodes = '<startEvent id="s"/><task id="a"/><exclusiveGateway id="x"/><endEvent id="e"/>'
    assert drawn(nodes, "s>a a>x x>a x>e")[2:] == [
        (0, "then", "x"),
        (1, "or", "a…"),
        (1, "or", "e"),
    ]


def test_what_happens_when_late_and_inside_stands_below():
    nodes = (
        '<startEvent id="s"/><subProcess id="p1"><task id="i"/></subProcess><endEvent id="e"/>'
        '<boundaryEvent id="t" attachedToRef="p1"><timerEventDefinition/></boundaryEvent>'
        '<task id="r"/><task id="lost"/><receiveTask id="w"/>'
    )
    assert drawn(nodes, "s>p1 p1>w w>e t>r") == [
        (0, "start", "s"),
        (0, "then", "p1"),
        (1, "late", "t"),
        (2, "then", "r"),
        (1, "alone", "i"),
        (0, "until", "w"),
        (0, "then", "e"),
        (0, "alone", "lost"),
    ]
