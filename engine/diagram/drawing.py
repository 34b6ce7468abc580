"""Reads where things are drawn: the shapes and edges of every BPMNDiagram."""

from __future__ import annotations

import math

from lxml import etree

from engine.errors import Invalid

from .events import bare
from .shapes import Bounds, Edge, Shape
from .xml import BPMNDI, DC, DI


def read_drawing(root: etree._Element) -> tuple[dict[str, Shape], dict[str, Edge]]:
    """Shapes and edges by element id; of several for one element the first counts."""
    shapes: dict[str, Shape] = {}
    edges: dict[str, Edge] = {}
    for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane"):
        shown = bare(plane.get("bpmnElement"))
        for item in plane.iterchildren(f"{{{BPMNDI}}}BPMNShape"):
            shape = _shape(item, shown)
            if shape is not None:
                shapes.setdefault(shape.element, shape)
        for item in plane.iterchildren(f"{{{BPMNDI}}}BPMNEdge"):
            edge = _edge(item, shown)
            edges.setdefault(edge.element, edge)
    return shapes, edges


def _shape(item: etree._Element, plane: str) -> Shape | None:
    bounds = _bounds(item)
    if bounds is None:
        return None
    expanded = item.get("isExpanded")
    is_expanded = None if expanded is None else expanded == "true"
    return Shape(bare(item.get("bpmnElement")), bounds, _label(item), is_expanded, plane)


def _edge(item: etree._Element, plane: str) -> Edge:
    points = tuple(
        (_number(point, "x"), _number(point, "y"))
        for point in item.iterchildren(f"{{{DI}}}waypoint")
    )
    return Edge(bare(item.get("bpmnElement")), points, _label(item), plane)


def _label(item: etree._Element) -> Bounds | None:
    for label in item.iterchildren(f"{{{BPMNDI}}}BPMNLabel"):
        return _bounds(label)
    return None


def _bounds(item: etree._Element) -> Bounds | None:
    for bounds in item.iterchildren(f"{{{DC}}}Bounds"):
        x, y, width, height = (_number(bounds, name) for name in ("x", "y", "width", "height"))
        return Bounds(x, y, width, height)
    return None


def _number(element: etree._Element, name: str) -> float:
    text = element.get(name, "")
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Invalid("drawing_number", attribute=name, value=text[:40])
    return number
