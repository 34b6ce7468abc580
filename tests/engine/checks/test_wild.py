"""Odd and hostile diagrams: every one is answered with findings in words, none crashes."""

from __future__ import annotations

import pytest

from engine.checks import check
from engine.errors import Invalid
from engine.layout import layout
from engine.texts import text

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:ld="urn:liandiao:bpmn:1">'
DANGLING = (
    '<process id="p"><task id="a"/><sequenceFlow id="f" sourceRef="a" targetRef="z"/>'
    '<boundaryEvent id="b" attachedToRef="z"/></process>'
)
LANES_TWICE = (
    '<process id="p"><laneSet><lane id="l"><childLaneSet><lane id="l"><flowNodeRef>a</flowNodeRef>'
    '</lane></childLaneSet></lane></laneSet><task id="a"/></process>'
)
ENDLESS = (
    '<process id="p"><task id="a"/><task id="b"/><sequenceFlow id="f" sourceRef="a" '
    'targetRef="b"/><sequenceFlow id="g" sourceRef="b" targetRef="a"/></process>'
)
DEEP = "".join(f'<subProcess id="s{n}">' for n in range(60))
NAMELESS = "nothing has an id"
WILD = {
    "an empty process": '<process id="p"/>',
    NAMELESS: '<process><task/><sequenceFlow sourceRef="a" targetRef="b"/></process>',
    "only a lane": '<process id="p"><laneSet><lane id="l"/></laneSet></process>',
    "loose ends": DANGLING,
    "attached to itself": '<process id="p"><boundaryEvent id="b" attachedToRef="b"/></process>',
    "one id everywhere": '<process id="a"><task id="a"/><subProcess id="a"/></process>',
    "a lane in itself": LANES_TWICE,
    "only a loop": ENDLESS,
    "sixty deep": f'<process id="p">{DEEP}{"</subProcess>" * 60}</process>',
    "braces in a name": '<process id="p"><userTask id="a" name="{element} {x} %s"/></process>',
}


@pytest.mark.parametrize("name", WILD)
def test_a_wild_diagram_gets_findings_in_words(name: str) -> None:
    xml = f"{HEAD}{WILD[name]}</definitions>".encode()
    findings = check({"process.bpmn": xml})
    assert findings
    for one in findings:
        assert text(one.code, "zh", one.params)
        assert text(f"{one.code}_hint", "en", one.params)


@pytest.mark.parametrize("name", [name for name in WILD if name != NAMELESS])
def test_a_wild_diagram_can_be_laid_out(name: str) -> None:
    drawn = layout(f"{HEAD}{WILD[name]}</definitions>".encode())
    assert layout(drawn, keep=True)


def test_without_ids_the_layout_says_what_is_missing() -> None:
    with pytest.raises(Invalid, match="layout_needs_ids"):
        layout(f"{HEAD}{WILD[NAMELESS]}</definitions>".encode())
