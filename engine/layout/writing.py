"""Writes the drawing back into the file: one BPMNDiagram per plane."""

from __future__ import annotations

from lxml import etree

from engine.diagram import GATEWAYS, SCOPES, Bounds, Diagram
from engine.diagram.events import bare
from engine.diagram.xml import BPMN, BPMNDI, DC, DI, I18N, XML_LANG

from .arranging import Arranged, Plane
from .pools import own_pool

NAMES = {"bpmndi": BPMNDI, "dc": DC, "di": DI}


def write_drawing(root: etree._Element, diagram: Diagram, arranged: Arranged) -> None:
    """Replaces every BPMNDiagram of the file."""
    for old in list(root.iterchildren(f"{{{BPMNDI}}}BPMNDiagram")):
        root.remove(old)
    for plane in arranged.planes:
        _write_plane(_new_plane(root, plane.element), diagram, plane, arranged.expanded)
    for holder in root.iterchildren(f"{{{BPMNDI}}}BPMNDiagram"):
        _indent(holder)


def complete_drawing(root: etree._Element, diagram: Diagram, arranged: Arranged) -> None:
    """Adds what is not drawn and moves the borders that had to grow; all else stays as it is."""
    planes = {bare(one.get("bpmnElement")): one for one in root.iter(f"{{{BPMNDI}}}BPMNPlane")}
    there: dict[str, etree._Element] = {}
    for inner in planes.values():
        for item in inner.iterchildren(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
            there.setdefault(bare(item.get("bpmnElement")), item)
    for plane in arranged.planes:
        fresh = etree.Element("plane")
        _write_plane(fresh, diagram, plane, arranged.expanded)
        is_new = plane.element not in planes
        inner = _new_plane(root, plane.element) if is_new else planes[plane.element]
        for item in list(fresh):
            _put(inner, item, there.get(item.get("bpmnElement", "")), diagram)


def _put(
    inner: etree._Element, item: etree._Element, old: etree._Element | None, diagram: Diagram
) -> None:
    """One shape or edge among those that are there."""
    name = item.get("bpmnElement", "")
    if old is None or not is_placed(diagram, name):
        etree.indent(item, level=3)
        item.tail = "\n      "
        inner.append(item)
        holder = None if old is None else old.getparent()
        if old is not None and holder is not None:
            holder.remove(old)
    elif name in diagram.shapes and _box(item) != _box(old):
        held, new = (next(one.iterchildren(f"{{{DC}}}Bounds")) for one in (old, item))
        held.attrib.update(new.attrib)


def is_placed(diagram: Diagram, name: str) -> bool:
    """Whether it can be seen: a shape of some size, a line from one point to another."""
    if name in diagram.edges:
        return len(diagram.edges[name].waypoints) > 1
    return name in diagram.shapes and min(diagram.shapes[name].bounds.size) > 0


def _box(item: etree._Element) -> list[float]:
    bounds = next(item.iterchildren(f"{{{DC}}}Bounds"))
    return [float(bounds.get(name, "0")) for name in ("x", "y", "width", "height")]


def _new_plane(root: etree._Element, element: str) -> etree._Element:
    suffix = "" if root.find(f"{{{BPMNDI}}}BPMNDiagram") is None else f"_{element}"
    holder = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", nsmap=NAMES)
    holder.set("id", f"diagram{suffix}")
    inner = etree.SubElement(holder, f"{{{BPMNDI}}}BPMNPlane")
    inner.set("id", f"plane{suffix}")
    inner.set("bpmnElement", element)
    return inner


def _indent(holder: etree._Element) -> None:
    etree.indent(holder, level=1)
    holder.tail = "\n"
    before = holder.getprevious()
    if before is not None:
        before.tail = "\n  "


def _write_plane(inner: etree._Element, diagram: Diagram, plane: Plane, expanded: set[str]) -> None:
    if plane.pool is not None:
        _shape(inner, own_pool(diagram), plane.pool).set("isHorizontal", "true")
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
    """Lanes, and processes beside each other, are drawn in pools: adds the one that is lacking."""
    collaboration = root.find(f"{{{BPMN}}}collaboration")
    if collaboration is None:
        collaboration = etree.Element(f"{{{BPMN}}}collaboration", id=_free(root, "collaboration"))
        next(root.iterchildren(f"{{{BPMN}}}process")).addprevious(collaboration)
    pool = etree.SubElement(collaboration, f"{{{BPMN}}}participant", id=_free(root, "pool"))
    name = diagram.name.get("zh") or diagram.process_id
    pool.set("name", name)
    pool.set("processRef", diagram.process_id)
    if diagram.name.get("en"):
        extension = etree.SubElement(pool, f"{{{BPMN}}}extensionElements")
        words = etree.SubElement(extension, f"{{{I18N}}}translation", target="@name")
        words.set(XML_LANG, "en")
        words.text = diagram.name["en"]
    etree.indent(collaboration, level=1)
    collaboration.tail = "\n  "


def _free(root: etree._Element, name: str) -> str:
    used = {one.get("id") for one in root.iter("{*}*")}
    while name in used:
        name += "_"
    return name
