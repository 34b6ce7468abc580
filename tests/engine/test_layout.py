"""Automatic layout: complete, deterministic, and clean by the product's own layout check."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.checks import check
from engine.diagram import Diagram, read_diagram
from engine.layout import layout
from engine.layout.sizes import label_size, task_width, wrapped

NAMESPACES = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:ld="urn:liandiao:bpmn:1"'
TIMER = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
NAMED = (
    '<extensionElements><translation xmlns="http://www.omg.org/spec/BPMN/non-normative/extensions/'
    'i18n/1.0" target="@name" xml:lang="en">Borrowing</translation></extensionElements>'
)
BLEMISHES = {
    "layout_missing",
    "shapes_overlap",
    "flow_through_shape",
    "label_on_line",
    "label_on_label",
    "label_on_shape",
    "outside_lane",
    "flow_on_flow",
    "too_many_crossings",
}


def node(name: str) -> str:
    """``ask`` a task, ``(ask`` a start, ``ask)`` an end, ``ask?`` a choice, ``+ask`` a parallel."""
    bare = name.strip("()?+")
    tags = {"(": "startEvent", "+": "parallelGateway"}
    ends = {")": "endEvent", "?": "exclusiveGateway"}
    tag = tags.get(name[0], ends.get(name[-1], "userTask"))
    return f'<{tag} id="{bare}" name="{bare} 名称"/>'


def flows(text: str) -> tuple[list[str], str]:
    """Node names in order and the flows of ``(a > b?; b? > c)``."""
    names: dict[str, str] = {}
    drawn = []
    for chain in text.split(";"):
        steps = [step.strip() for step in chain.split(">")]
        for step in steps:
            names.setdefault(step.strip("()?+"), step)
        bare = [step.strip("()?+") for step in steps]
        for source, target in pairwise(bare):
            name = f'name="{target}"' if names[source].endswith("?") else ""
            drawn.append(
                f'<sequenceFlow id="{source}__{target}" {name} sourceRef="{source}" '
                f'targetRef="{target}"/>'
            )
    return list(names.values()), "".join(drawn)


def process(text: str, more: str = "", **lanes: str) -> bytes:
    names, drawn = flows(text)
    sets = "".join(
        f'<lane id="{lane}" name="{lane}">'
        + "".join(f"<flowNodeRef>{one}</flowNodeRef>" for one in held.split())
        + "</lane>"
        for lane, held in lanes.items()
    )
    lane_set = f"<laneSet>{sets}</laneSet>" if lanes else ""
    body = "".join(node(name) for name in names) + drawn + more
    head = f'<definitions {NAMESPACES}><process id="p" name="流程" isExecutable="true">'
    return f"{head}{lane_set}{body}</process></definitions>".encode()


def blemishes(xml: bytes) -> list[str]:
    found = check({"process.bpmn": xml})
    return [f"{one.code} {one.element} {one.params}" for one in found if one.code in BLEMISHES]


def laid(xml: bytes) -> Diagram:
    """Laid out, without a blemish, and the same each time."""
    once = layout(xml)
    assert blemishes(once) == []
    assert layout(once) == once
    return read_diagram(once)


def middle(diagram: Diagram, name: str) -> tuple[float, float]:
    box = diagram.shapes[name].bounds
    return box.x + box.width / 2, box.y + box.height / 2


STORIES = {
    "line": "(a > b > c > d)",
    "choice": "(a > b? > c > e); b > d > f)",
    "loop": "(a > b > c? > d); c > b",
    "long loop": "(a > b > c > d > e? > f); e > b; e > a2 > c",
    "parallel": "(a > +s > b > +j > e); s > c > j; s > d > j",
    "skip": "(a > b? > c > d > e > f); b > f",
    "crossing arms": "(a > b? > c? > d > g); b > e? > f > h); c > f; e > d",
    "many ends": "(a > b? > c); b > d); b > e); b > f); b > g)",
    "to itself": "(a > b? > c); b > b2 > b2; b2 > c",
}


@pytest.mark.parametrize("name", STORIES)
def test_plain_graphs_are_laid_out_without_a_blemish(name: str) -> None:
    laid(process(STORIES[name]))


def test_it_reads_from_left_to_right() -> None:
    diagram = laid(process("(a > b > c > d)"))
    places = [middle(diagram, name) for name in "abcd"]
    assert sorted(places) == places
    assert len({y for _, y in places}) == 1
    assert diagram.edges["a__b"].waypoints[0][1] == diagram.edges["a__b"].waypoints[-1][1]


def test_lanes_lie_below_each_other_in_one_pool_and_hold_their_nodes() -> None:
    diagram = laid(process("(a > b > c > d > e)", one="a c e", two="b", three="d"))
    (pool,) = diagram.participants.values()
    assert (pool.process, pool.name["zh"]) == ("p", "流程")
    ground = diagram.shapes[pool.id].bounds
    boxes = [diagram.shapes[name].bounds for name in ("one", "two", "three")]
    assert boxes[0].y == ground.y
    assert boxes[-1].bottom == ground.bottom
    assert [one.bottom for one in boxes[:-1]] == [one.y for one in boxes[1:]]


def test_the_pool_bears_the_name_of_its_process_in_both_languages() -> None:
    xml = process("(a > b)", one="a b").replace(b"<laneSet>", NAMED.encode() + b"<laneSet>")
    (pool,) = laid(xml).participants.values()
    assert dict(pool.name) == {"zh": "流程", "en": "Borrowing"}


def test_shapes_keep_away_from_the_borders_of_their_lane() -> None:
    lanes = {"one": "a c", "two": "b", "three": "d e"}
    diagram = laid(process("(a > b > c > d > e)", **lanes))
    for lane, held in lanes.items():
        ground = diagram.shapes[lane].bounds
        for name in held.split():
            box = diagram.shapes[name].bounds
            assert box.y - ground.y >= 20
            assert ground.bottom - box.bottom >= 20


def test_boundary_events_hang_on_the_lower_edge() -> None:
    late = f'<boundaryEvent id="late" name="逾期" attachedToRef="b">{TIMER}</boundaryEvent>'
    drawn = '<sequenceFlow id="late__d" sourceRef="late" targetRef="d"/>'
    diagram = laid(process("(a > b > c); b > d > e)", late + drawn))
    event, host = diagram.shapes["late"].bounds, diagram.shapes["b"].bounds
    assert event.y + event.height / 2 == host.bottom
    assert host.x < event.x < event.right < host.right


def test_many_boundary_events_find_room() -> None:
    events = "".join(
        f'<boundaryEvent id="e{n}" name="第{n}种情况" attachedToRef="b">{TIMER}</boundaryEvent>'
        f'<sequenceFlow id="e{n}__t{n % 3}" sourceRef="e{n}" targetRef="t{n % 3}"/>'
        for n in range(6)
    )
    laid(process("(a > b > c); t0 > c; t1 > c; t2 > c", events, up="t0 t1", down="a b c t2"))


def inner(tag: str, count: int) -> str:
    tasks = [f"i{n}" for n in range(count)]
    names, drawn = flows("(i > " + " > ".join(tasks) + " > z)")
    return f'<subProcess id="s" name="子流程" {tag}>{"".join(map(node, names))}{drawn}</subProcess>'


def test_a_small_sub_process_is_open_around_what_it_holds() -> None:
    chain = '<sequenceFlow id="b__s" sourceRef="b" targetRef="s"/>'
    diagram = laid(process("(a > b", chain + inner("", 2)))
    outer, held = diagram.shapes["s"], diagram.shapes["i0"]
    assert outer.expanded
    assert outer.bounds.x < held.bounds.x < held.bounds.right < outer.bounds.right


def test_a_large_sub_process_is_closed_and_has_a_plane_of_its_own() -> None:
    chain = '<sequenceFlow id="b__s" sourceRef="b" targetRef="s"/>'
    diagram = laid(process("(a > b", chain + inner("", 9)))
    assert diagram.shapes["s"].expanded is False
    assert {diagram.shapes[name].plane for name in ("i", "i0", "i8", "z")} == {"s"}
    assert diagram.shapes["s"].plane == "p"


def test_event_sub_processes_stand_below_the_rest() -> None:
    handler = inner('triggeredByEvent="true"', 2)
    diagram = laid(process("(a > b? > c > d); b > e > d", handler, one="a b c d e s"))
    lowest = max(diagram.shapes[name].bounds.bottom for name in "abcde")
    assert diagram.shapes["s"].bounds.y > lowest


def test_notes_stand_beside_what_they_speak_of() -> None:
    note = (
        '<textAnnotation id="n"><text>期限自接受之日起算</text></textAnnotation>'
        '<association id="l" sourceRef="n" targetRef="b"/>'
    )
    diagram = laid(process("(a > b > c)", note))
    assert abs(middle(diagram, "n")[0] - middle(diagram, "b")[0]) < 150
    assert len(diagram.edges["l"].waypoints) == 2


def test_only_the_drawing_changes_and_comments_stay() -> None:
    xml = process("(a > b)", "<!-- why -->")
    drawn = layout(xml)
    assert b"<!-- why -->" in drawn
    before, after = read_diagram(xml), read_diagram(drawn)
    assert (before.nodes, before.flows) == (after.nodes, after.flows)


def test_labels_are_measured_in_both_languages() -> None:
    assert label_size({}) == (0, 0)
    assert label_size({"zh": "同意"})[0] < label_size({"zh": "同意", "en": "They all agree"})[0]
    assert list(wrapped("三个工作日未答复", 50, 11)) == ["三个工作", "日未答复"]
    assert list(wrapped("no answer in time", 60, 11)) == ["no answer", "in time"]
    assert task_width([{"zh": "短"}]) < task_width([{"en": "Extraordinarily long names " * 4}])


def test_what_a_person_placed_stays_and_what_is_missing_is_added() -> None:
    before = layout(process("(a > b > c > d)", one="a b c d"))
    shapes = read_diagram(before).shapes
    grown = before.replace(
        b'<userTask id="c"',
        b'<userTask id="new" name="new"/><sequenceFlow id="n1" sourceRef="b" targetRef="new"/>'
        b'<sequenceFlow id="n2" sourceRef="new" targetRef="d"/><userTask id="c"',
    ).replace(b"<flowNodeRef>c<", b"<flowNodeRef>new</flowNodeRef><flowNodeRef>c<")
    moved = grown.replace(b'y="110"', b'y="100"')
    diagram = read_diagram(layout(moved, keep=True))
    assert diagram.shapes["c"].bounds.y in (100, shapes["c"].bounds.y)
    assert {name: diagram.shapes[name].bounds for name in shapes} == {
        name: one.bounds for name, one in read_diagram(moved).shapes.items()
    }
    assert {"n1", "n2"} <= set(diagram.edges)
    found = check({"process.bpmn": layout(moved, keep=True)})
    assert not {"layout_missing", "shapes_overlap"} & {one.code for one in found}


def test_a_complete_drawing_is_kept_as_it_is() -> None:
    xml = layout(process("(a > b? > c > d); b > e)", one="a b c", two="d e"))
    once, again = read_diagram(xml), read_diagram(layout(xml, keep=True))
    assert (once.shapes, once.edges) == (again.shapes, again.edges)


def test_without_a_drawing_there_is_nothing_to_keep() -> None:
    xml = process("(a > b)")
    assert layout(xml, keep=True) == layout(xml)


def test_pools_of_others_lie_below_as_bands() -> None:
    pools = (
        '<collaboration id="c"><participant id="ours" name="本院" processRef="p"/>'
        '<participant id="theirs" name="当事人"/></collaboration><process'
    )
    xml = process("(a > b)").replace(b"<process", pools.encode(), 1)
    shapes = laid(xml).shapes
    assert shapes["theirs"].bounds.y > shapes["ours"].bounds.bottom
