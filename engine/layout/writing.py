"""Writes the drawing back into the file: one BPMNDiagram per plane."""

from __future__ import annotations

from lxml import etree

from engine.diagram import GATEWAYS, SCOPES, Bounds, Diagram
from engine.diagram.xml import BPMN, BPMNDI, DC, DI, I18N, XML_LANG

from .arranging import Arranged, Plane

NAMES = {"bpmndi": BPMNDI, "dc": DC, "di": DI}


def write_drawing(root: etree._Element, diagram: Diagram, arranged: Arranged) -> None:
    """Replaces every BPMNDiagram of the file."""
    for old in list(root.iterchildren(f"{{{BPMNDI}}}BPMNDiagram")):
        root.remove(old)
    for number, plane in enumerate(arranged.planes):
        suffix = f"_{plane.element}" if number else ""
        holder = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", nsmap=NAMES)
        holder.set("id", f"diagram{suffix}")
        inner = etree.SubElement(holder, f"{{{BPMNDI}}}BPMNPlane")
        inner.set("id", f"plane{suffix}")
        inner.set("bpmnElement", plane.element)
        _write_plane(inner, diagram, plane, arranged.expanded)
        etree.indent(holder, level=1)
        holder.tail = "\n"
        before = holder.getprevious()
        if before is not None:
            before.tail = "\n  "


def _write_plane(inner: etree._Element, diagram: Diagram, plane: Plane, expanded: set[str]) -> None:
    if plane.pool is not None:
        shown = [one for one in diagram.participants.values() if one.process == diagram.process_id]
        for one in shown:
            _shape(inner, one.id, plane.pool).set("isHorizontal", "true")
    for name, box in plane.lanes.items():
        _shape(inner, name, box).set("isHorizontal", "true")
    nodes = diagram.nodes
    shapes = plane.placed.shapes
    for name in sorted(shapes, key=lambda one: one in nodes and bool(nodes[one].attached_to)):
        shape = _shape(inner, name, shapes[name], plane.placed.labels.get(name))
        if name in nodes and nodes[name].type in SCOPES:
            shape.set("isExpanded", "true" if name in expanded else "false")
        if name in nodes and nodes[name].type in GATEWAYS:
            shape.set("isMarkerVisible", "true")
    for name, points in plane.placed.lines.items():
        _edge(inner, name, points, plane.placed.labels.get(name))


def _shape(
    inner: etree._Element, name: str, box: Bounds, label: Bounds | None = None
) -> etree._Element:
    shape = etree.SubElement(inner, f"{{{BPMNDI}}}BPMNShape")
    shape.set("id", f"{name}_di")
    shape.set("bpmnElement", name)
    _bounds(shape, box)
    _label(shape, label)
    return shape


def _edge(
    inner: etree._Element, name: str, points: list[tuple[float, float]], label: Bounds | None
) -> None:
    edge = etree.SubElement(inner, f"{{{BPMNDI}}}BPMNEdge")
    edge.set("id", f"{name}_di")
    edge.set("bpmnElement", name)
    for x, y in points:
        etree.SubElement(edge, f"{{{DI}}}waypoint", x=_number(x), y=_number(y))
    _label(edge, label)


def _label(holder: etree._Element, box: Bounds | None) -> None:
    if box is not None:
        _bounds(etree.SubElement(holder, f"{{{BPMNDI}}}BPMNLabel"), box)


def _bounds(holder: etree._Element, box: Bounds) -> None:
    values = (box.x, box.y, box.width, box.height)
    bounds = etree.SubElement(holder, f"{{{DC}}}Bounds")
    for name, value in zip(("x", "y", "width", "height"), values, strict=True):
        bounds.set(name, _number(value))


def _number(value: float) -> str:
    return str(round(value)) if value == round(value) else str(round(value, 1))


def add_pool(root: etree._Element, diagram: Diagram) -> None:
    """Lanes are drawn in a pool: adds the one that the process lacks."""
    collaboration = etree.Element(f"{{{BPMN}}}collaboration", id=_free(root, "collaboration"))
    pool = etree.SubElement(collaboration, f"{{{BPMN}}}participant", id=_free(root, "pool"))
    name = diagram.name.get("zh") or diagram.process_id
    pool.set("name", name)
    pool.set("processRef", diagram.process_id)
    if diagram.name.get("en"):
        extension = etree.SubElement(pool, f"{{{BPMN}}}extensionElements")
        words = etree.SubElement(extension, f"{{{I18N}}}translation", target="@name")
        words.set(XML_LANG, "en")
        words.text = diagram.name["en"]
    process = next(root.iterchildren(f"{{{BPMN}}}process"))
    process.addprevious(collaboration)
    etree.indent(collaboration, level=1)
    collaboration.tail = "\n  "


def _free(root: etree._Element, name: str) -> str:
    used = {one.get("id") for one in root.iter("{*}*")}
    while name in used:
        name += "_"
    return name
