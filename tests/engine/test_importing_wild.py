"""Diagrams as other tools write them: all of it can be seen, and nothing they wrote is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine.checks import check
from engine.diagram import read_diagram, read_processes, read_xml
from engine.importing import adopt
from engine.layout import is_drawn, layout
from engine.texts import text
from tests.engine.test_importing import MODEL, many, pools

WILD = sorted((Path(__file__).parent / "wild").glob("*.bpmn"))
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
UNSEEN = {"rejected", "s4", "s5"}
"""What Flowable's file draws without size or way."""


def meaning(xml):
    """Every element with its attributes and text, apart from white space between elements."""
    return [
        (one.tag, dict(one.attrib), (one.text or "").strip(), one.getparent().tag)
        for one in etree.fromstring(without_drawing(xml)).iterdescendants("{*}*")
    ]


def drawing(xml):
    """Shapes and edges as they are written, by the element they show."""
    return {
        one.get("bpmnElement"): etree.tostring(one, method="c14n", with_tail=False)
        for one in etree.fromstring(xml).iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")
    }


def without_drawing(xml):
    root = etree.fromstring(xml)
    for one in list(root.iterchildren(f"{DI}BPMNDiagram")):
        root.remove(one)
    return etree.tostring(root)


@pytest.mark.parametrize("path", WILD, ids=lambda path: path.stem)
def test_what_a_vendor_wrote_stays_and_all_of_it_can_be_seen(path):
    came, found = path.read_bytes(), adopt(path.read_bytes())
    assert all(map(is_drawn, read_processes(read_xml(found))))
    assert meaning(found) == meaning(came)
    seen, now = drawing(came), drawing(found)
    assert {name for name in seen if now[name] != seen[name]} <= UNSEEN
    assert adopt(found) == found


@pytest.mark.parametrize("path", WILD, ids=lambda path: path.stem)
def test_without_its_drawing_it_is_laid_out_pools_and_messages_too(path):
    bare = without_drawing(path.read_bytes())
    found = adopt(bare)
    diagram, *others = read_processes(read_xml(found))
    assert all(is_drawn(one) for one in (diagram, *others) if one.nodes)
    assert diagram.message_flows.keys() <= diagram.edges.keys()
    assert layout(found, keep=True) == found


@pytest.mark.parametrize("path", WILD, ids=lambda path: path.stem)
def test_its_findings_are_told_in_words(path):
    found = check({"process.bpmn": adopt(path.read_bytes())}, path.stem)
    assert found
    assert all(text(f"{one.code}_hint", "zh", one.params) for one in found)


def test_the_main_process_of_bizagi_is_empty_and_not_the_one_that_is_meant():
    bizagi = next(path for path in WILD if path.stem == "bizagi").read_bytes()
    assert read_diagram(adopt(bizagi)).process_id == "Id_credit"


NAMES = f'''<?xml version="1.0" encoding="%s"?>
<definitions xmlns="{MODEL}"><process id="p"><task id="t" name="审查𬭬é"/></process></definitions>'''


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("UTF-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("GB18030", "gb18030"),
        ("GB2312", "gb18030"),
    ],
)
def test_names_are_read_in_the_encoding_of_the_file_and_kept_in_utf_8(declared, written):
    found = adopt((NAMES % declared).encode(written))
    assert "审查𬭬é" in found.decode("utf-8")
    assert read_diagram(found).nodes["t"].name == {"zh": "审查𬭬é"}


def test_several_pools_stand_below_each_other():
    diagrams = read_processes(read_xml(adopt(pools("p", "q", "r"))))
    boxes = [diagrams[0].shapes[f"pool_{name}"].bounds for name in "pqr"]
    assert boxes[0].bottom < boxes[1].y < boxes[1].bottom < boxes[2].y
    assert len({one.right for one in boxes}) == 1
    assert all(map(is_drawn, diagrams))


def test_a_pool_that_was_added_goes_below_and_moves_nothing():
    once = adopt(pools("p", "q"))
    more = pools("p", "q", "r").replace(
        b"</definitions>", once[once.index(b"<bpmndi:BPMNDiagram") :]
    )
    found = adopt(more)
    before, after = drawing(once), drawing(found)
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {"t_r", "pool_r"}


def wide(count):
    """One gateway with so many ways, in two lanes, back to the beginning."""
    ways = range(count)
    lanes = (
        "".join(f"<flowNodeRef>t{n}</flowNodeRef>" for n in ways if n % 2 == k) for k in (0, 1)
    )
    nodes = "".join(f'<userTask id="t{n}" name="核对 {n}"/>' for n in ways)
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="x" targetRef="t{n}"/>'
        f'<sequenceFlow id="b{n}" sourceRef="t{n}" targetRef="x"/>'
        for n in ways
    )
    held = "".join(f'<lane id="l{n}">{one}</lane>' for n, one in enumerate(lanes))
    inside = f'<laneSet id="s">{held}</laneSet><exclusiveGateway id="x"/>{nodes}{flows}'
    return f'<definitions xmlns="{MODEL}"><process id="p">{inside}</process></definitions>'.encode()


@pytest.mark.parametrize(
    "xml", [many(400).encode(), wide(40), wide(130)], ids=["long", "wide", "more"]
)
def test_a_large_diagram_is_laid_out_plainly_and_none_overlaps(xml):
    diagram = read_diagram(adopt(xml))
    assert is_drawn(diagram)
    boxes = sorted((diagram.shapes[name].bounds for name in diagram.nodes), key=lambda box: box.x)
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            if other.x >= one.right:
                break
            assert other.y >= one.bottom or one.y >= other.bottom
