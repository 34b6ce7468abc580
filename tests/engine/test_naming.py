"""Files without ids, with ids twice or written as none can be: opened with ids, the same each time."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from lxml import etree

from engine.diagram import read_diagram, read_processes, read_xml
from engine.errors import Invalid
from engine.importing import read_import
from engine.naming import NCNAME, OURS
from engine.texts import text
from tests.engine.test_importing import MODEL
from tests.engine.test_importing_wild import WILD

SPACES = (
    f'xmlns="{MODEL}" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:x="urn:x" xmlns:tns="t" targetNamespace="t"'
)
WAY = '<sequenceFlow id="f" sourceRef="a" targetRef="b"/>'
LINE = f'<startEvent id="a"/><task id="b"/>{WAY}'


def within(inside, beside=""):
    return f'<definitions {SPACES}><process id="p">{inside}</process>{beside}</definitions>'


def named(one, other="b"):
    """Two steps and the way between them, under these ids."""
    return within(LINE.replace('"a"', f'"{one}"').replace('"b"', f'"{other}"'))


def shape(element, id="s", size=36):
    box = f'<dc:Bounds x="9" y="9" width="{size}" height="{size}"/>'
    return f'<di:BPMNShape id="{id}" bpmnElement="{element}">{box}</di:BPMNShape>'


def plane(element, *shapes, id="pl"):
    return (
        f'<di:BPMNDiagram id="d_{id}"><di:BPMNPlane id="{id}" bpmnElement="{element}">'
        f"{''.join(shapes)}</di:BPMNPlane></di:BPMNDiagram>"
    )


INNER = f'<subProcess id="u">{LINE}</subProcess>'
SHAPES = {
    "no ids at all": within("<task/><userTask name='审'/><laneSet><lane/></laneSet>").replace(' id="p"', ""),
    "flows without ids": within(LINE.replace('id="f" ', "")),
    "empty ids": named("", "  "),
    "numbers": named("1", "2"),
    "spaces and slashes": named("a b/c", "审 查"),
    "braces as ARIS writes": named("{4f3a-1}", "{4f3a-2}"),
    "dots as ADONIS writes": named("obj.12", "obj-13.x"),
    "Chinese": named("受理", "审查"),
    "Hindi and Arabic": named("हिन्दी", "مراجعة"),
    "an emoji": named("😀", "b"),
    "references with a prefix": within(LINE.replace('Ref="', 'Ref="tns:')),
    "an id of a step twice": named("a", "a"),
    "copied with its ids": within(LINE + INNER),
    "a shape called as its step": within(LINE, plane("p", shape("a", "a"))),
    "a plane called as the process": within(LINE, plane("p", shape("a"), id="p")),
    "a step called as new shapes": named("b_di"),
    "shapes of nothing": within(LINE, plane("p", shape("gone", "a_di"), shape("a", "b_di", 0))),
    "several diagrams": within(LINE + INNER, plane("p", shape("a")) + plane("u", shape("u"), id="q")),
    "drawn before it is said": within(LINE).replace("<process", plane("p", shape("a")) + "<process"),
    "names of several lines": within(LINE.replace("<task", "<task name='a&#10;b😀\u202eشرح'")),
    "CDATA and comments": within(f"{LINE}<!-- <task/> --><documentation><![CDATA[<b>&]]></documentation>"),
    "long documentation": within(f"{LINE}<documentation>{'说' * 200_000}</documentation>"),
    "foreign parts": within(f'{LINE}<extensionElements><x:a id="a"/><x:b id="1"/></extensionElements>'),
    "another prefix": within(LINE).replace("<", "<bpmn2:").replace("bpmn2:/", "/bpmn2:").replace(
        "xmlns=", "xmlns:bpmn2="),
    "a mark before the first letter": "\ufeff" + within(LINE),
    "what must refer to itself": within('<boundaryEvent id="a" attachedToRef="a"/><task id="a"/>'),
}  # fmt: skip


def opened(content):
    """The diagram's bytes, and how many ids are new; all of it can be seen and each id is one."""
    brought = read_import(content)
    xml = brought.files["process.bpmn"]
    root = read_xml(xml)
    ours = [one for one in root.iter("*") if etree.QName(one).namespace in OURS]
    ids = Counter(one.get("id") for one in ours if "id" in one.attrib)
    assert [name for name, count in ids.items() if count > 1 or not NCNAME.fullmatch(name)] == []
    assert all(one.nodes.keys() <= one.shapes.keys() for one in read_processes(root))
    assert read_import(xml).named == 0
    assert read_import(content) == brought
    return xml, brought.named


@pytest.mark.parametrize("kind", SHAPES)
def test_any_file_is_opened_with_ids(kind):
    opened(SHAPES[kind].encode())


@pytest.mark.parametrize("kind", ["numbers", "spaces and slashes", "braces as ARIS writes"])
def test_what_refers_to_an_id_follows_it(kind):
    xml, count = opened(SHAPES[kind].encode())
    diagram = read_diagram(xml)
    assert (diagram.flows["f"].source, diagram.flows["f"].target) == tuple(diagram.nodes)
    assert count in (1, 2)


@pytest.mark.parametrize(
    "kind", ["Chinese", "Hindi and Arabic", "an emoji", "dots as ADONIS writes"]
)
def test_ids_of_any_language_stay(kind):
    assert opened(SHAPES[kind].encode())[1] == 0


def test_a_copy_means_what_lies_beside_it():
    diagram = read_diagram(opened(SHAPES["copied with its ids"].encode())[0])
    inside = {one.id for one in diagram.children("u")}
    (flow,) = (one for one in diagram.flows.values() if one.scope == "u")
    assert {flow.source, flow.target} == inside == {"a_2", "b_2"}
    assert (diagram.flows["f"].source, diagram.flows["f"].target) == ("a", "b")


def test_new_ids_say_what_they_stand_for():
    diagram = read_diagram(opened(SHAPES["no ids at all"].encode())[0])
    assert list(diagram.nodes) == ["task_1", "user_task_1"]
    assert (diagram.process_id, list(diagram.lanes)) == ("process_1", ["lane_1"])


def damaged(chance, content):
    """One file with something of it lost, doubled or overwritten."""
    tag = chance.choice(list(re.finditer(rb"<[^!?][^>]*>", content)))
    (id,) = chance.choices(re.findall(rb' id="([^"]+)"', content))
    head, tail = content[: tag.start()], content[tag.end() :]
    return chance.choice(
        [
            head + tail,
            head + tag[0] + tag[0] + tail,
            content.replace(b' id="%b"' % id, b"", 1),
            content.replace(b'"%b"' % id, '"7 /审"'.encode()),
            re.sub(rb' id="[^"]*"', b' id="x"', content, count=chance.randint(2, 9)),
            re.sub(rb'Ref="[^"]*"', b'Ref="nowhere"', content, count=chance.randint(1, 9)),
            head[: len(head) // 2] + head[len(head) // 2 + 1 :] + tag[0] + tail,
        ]
    )


def told(content):
    """Opened, or the words in which it is refused."""
    try:
        return opened(content)
    except Invalid as refused:
        return text(refused.code, "zh", refused.params)


@pytest.mark.parametrize("path", WILD, ids=lambda path: path.stem)
def test_however_damaged_it_opens_or_is_refused_in_words(path):
    chance, content = random.Random(path.stem), path.read_bytes()
    broken = [damaged(chance, content) for _ in range(8)]
    assert all(told(one) for one in broken)
