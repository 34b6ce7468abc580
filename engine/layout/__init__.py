"""Draws a procedure's diagram: lanes as swimlanes, left to right, few crossings, labels kept free."""

from __future__ import annotations

from lxml import etree

from engine.diagram import read_diagram, read_xml
from engine.diagram.xml import BPMN
from engine.errors import Invalid

from .arranging import arrange
from .keeping import keep_placed
from .notes import place_notes
from .writing import add_pool, write_drawing

__all__ = ["layout"]


def layout(xml: bytes, keep: bool = False) -> bytes:
    """The same file with its drawing laid anew, or (``keep``) completed where something is missing.

    Deterministic. Raises Invalid as read_diagram does, and for elements without id.
    """
    diagram = read_diagram(xml)
    if "" in diagram.nodes or "" in diagram.flows or "" in diagram.lanes:
        raise Invalid("layout_needs_ids")
    root = read_xml(xml, keep_comments=True)
    collaboration = root.find(f"{{{BPMN}}}collaboration")
    keep = keep and bool(diagram.shapes)
    if collaboration is None and diagram.lanes and not keep:
        add_pool(root, diagram)
        diagram = read_diagram(etree.tostring(root))
        collaboration = root.find(f"{{{BPMN}}}collaboration")
    arranged = arrange(diagram, quick=keep)
    for plane in arranged.planes:
        node = diagram.nodes.get(plane.element)
        place_notes(diagram, plane, f"{node.scope}/{node.id}".strip("/") if node else "")
    if keep:
        arranged = keep_placed(diagram, arranged)
    elif collaboration is not None:
        arranged.planes[0].element = collaboration.get("id", "")
    write_drawing(root, diagram, arranged)
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
