"""The layout check: overlaps, flows through shapes, covered labels, lanes left, crossings."""

from __future__ import annotations

from engine.checks import check
from engine.model import Finding

HEAD = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI">
 <process id="p" isExecutable="true">"""
CODES = {
    "shapes_overlap",
    "flow_through_shape",
    "label_on_line",
    "label_on_label",
    "label_on_shape",
    "outside_lane",
    "flow_on_flow",
    "too_many_crossings",
    "layout_missing",
}
Box = tuple[int, int, int, int]
Label = Box | None


def bounds(box: Box) -> str:
    x, y, width, height = box
    return f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'


def shape(name: str, box: Box, label: Label = None) -> str:
    words = f"<bpmndi:BPMNLabel>{bounds(label)}</bpmndi:BPMNLabel>" if label else ""
    return f'<bpmndi:BPMNShape bpmnElement="{name}">{bounds(box)}{words}</bpmndi:BPMNShape>'


def edge(name: str, *points: tuple[int, int]) -> str:
    way = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return f'<bpmndi:BPMNEdge bpmnElement="{name}">{way}</bpmndi:BPMNEdge>'


def found(body: str, *drawn: str) -> list[Finding]:
    """What the layout rules say to a process and its drawing."""
    plane = f'<bpmndi:BPMNPlane bpmnElement="p">{"".join(drawn)}</bpmndi:BPMNPlane>'
    xml = f"{HEAD}{body}</process><bpmndi:BPMNDiagram>{plane}</bpmndi:BPMNDiagram></definitions>"
    return [one for one in check({"process.bpmn": xml.encode()}) if one.code in CODES]


def codes(body: str, *drawn: str) -> list[str]:
    return [one.code for one in found(body, *drawn)]


def tasks(*names: str) -> str:
    return "".join(f'<task id="{name}"/>' for name in names)


def flow(name: str, source: str, target: str) -> str:
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}"/>'


def test_shapes_side_by_side_are_fine_and_overlapping_ones_are_named() -> None:
    left = shape("a", (0, 0, 100, 80))
    assert codes(tasks("a", "b"), left, shape("b", (100, 0, 100, 80))) == []
    (one,) = found(tasks("a", "b"), left, shape("b", (90, 70, 100, 80)))
    assert (one.code, one.level, one.params["other"]) == ("shapes_overlap", "warning", "b")


def test_what_lies_inside_or_on_the_edge_does_not_overlap() -> None:
    body = '<subProcess id="s"><task id="a"/></subProcess><boundaryEvent id="b" attachedToRef="s"/>'
    drawn = [shape("s", (0, 0, 300, 200)), shape("a", (50, 50, 100, 80))]
    assert codes(body, *drawn, shape("b", (100, 182, 36, 36))) == []


def test_a_flow_goes_around_what_it_does_not_touch() -> None:
    body = tasks("a", "b", "c") + flow("f", "a", "c")
    boxes = [shape(name, (n * 150, 0, 100, 80)) for n, name in enumerate("abc")]
    assert codes(body, *boxes, edge("f", (100, 40), (300, 40))) == ["flow_through_shape"]
    assert codes(body, *boxes, edge("f", (50, 80), (50, 120), (350, 120), (350, 80))) == []
    assert codes(body, *boxes, edge("f", (50, 80), (50, 120), (350, 40))) == ["flow_through_shape"]


def test_labels_keep_clear_of_lines_shapes_and_each_other() -> None:
    body = tasks("a", "b") + flow("f", "a", "b")
    line = edge("f", (100, 40), (300, 40))
    right = shape("b", (300, 0, 100, 80))
    assert codes(body, shape("a", (0, 0, 100, 80), (150, 30, 40, 14)), right, line) == [
        "label_on_line"
    ]
    assert codes(body, shape("a", (0, 0, 100, 80), (290, 10, 40, 14)), right, line) == [
        "label_on_shape"
    ]
    other = shape("b", (300, 0, 100, 80), (10, 90, 40, 14))
    assert codes(body, shape("a", (0, 0, 100, 80), (0, 95, 40, 14)), other, line) == [
        "label_on_label"
    ]


def test_a_node_stands_in_its_lane() -> None:
    body = f'<laneSet><lane id="l"><flowNodeRef>a</flowNodeRef></lane></laneSet>{tasks("a")}'
    ground = shape("l", (0, 0, 400, 200))
    assert codes(body, ground, shape("a", (50, 50, 100, 80))) == []
    assert codes(body, ground, shape("a", (50, 150, 100, 80))) == ["outside_lane"]


def test_three_crossings_are_borne_and_the_fourth_lists_them_all() -> None:
    rows = [f"r{n}" for n in range(4)]
    body = tasks("a", "b", *rows, *(f"{row}_" for row in rows)) + flow("down", "a", "b")
    body += "".join(flow(f"f{n}", row, f"{row}_") for n, row in enumerate(rows))
    drawn = [shape("a", (500, 0, 100, 40)), shape("b", (500, 900, 100, 40))]
    for n, row in enumerate(rows):
        drawn += [
            shape(row, (0, 100 + 200 * n, 100, 80)),
            shape(f"{row}_", (900, 100 + 200 * n, 90, 80)),
        ]
        drawn.append(edge(f"f{n}", (100, 140 + 200 * n), (900, 140 + 200 * n)))
    assert (
        codes(
            body, *drawn, edge("down", (550, 40), (550, 700), (1000, 700), (1000, 920), (600, 920))
        )
        == []
    )
    (one,) = found(body, *drawn, edge("down", (550, 40), (550, 900)))
    assert one.params["count"] == 4
    assert one.params["crossings"] == "f0 × down, f1 × down, f2 × down, f3 × down"


def test_two_flows_share_a_line_only_where_they_start_or_end_together() -> None:
    boxes = [shape(name, (n * 200, 0, 100, 80)) for n, name in enumerate("abcd")]
    lines = (
        edge("f", (50, 80), (50, 150), (450, 150), (450, 80)),
        edge("g", (250, 80), (250, 150), (650, 150), (650, 80)),
    )
    apart = tasks(*"abcd") + flow("f", "a", "c") + flow("g", "b", "d")
    assert codes(apart, *boxes, *lines) == ["flow_on_flow"]
    joint = (
        edge("f", (50, 80), (50, 150), (450, 150), (450, 80)),
        edge("g", (250, 80), (250, 150), (450, 150), (450, 80)),
    )
    together = tasks(*"abcd") + flow("f", "a", "c") + flow("g", "b", "c")
    assert codes(together, *boxes, *joint) == []


def test_what_is_not_drawn_is_named() -> None:
    body = tasks("a", "b") + flow("f", "a", "b")
    missing = [one.element for one in found(body, shape("a", (0, 0, 100, 80)))]
    assert missing == ["b", "f"]
