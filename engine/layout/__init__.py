"""Draws a procedure's diagram: lanes as swimlanes, left to right, few crossings, labels kept free."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from engine.diagram import Diagram, read_processes, read_xml
from engine.diagram.xml import BPMN
from engine.errors import Invalid
from engine.naming import name_all

from .arranging import Arranged, arrange
from .keeping import keep_placed
from .notes import place_notes
from .pools import own_pool, stack
from .writing import add_pool, complete_drawing, is_placed, write_drawing

__all__ = ["is_drawn", "layout"]


def layout(xml: bytes, keep: bool = False, quick: bool = False) -> bytes:
    """The same file with its drawing laid anew, or (``keep``) completed where something is missing.

    ``quick``: somebody waits, so that a large diagram is laid out plainly. Deterministic. Raises
    Invalid as read_diagram does, and for elements without id.
    """
    drawn = _drawn(xml)
    root = read_xml(xml, to_write=True)
    if any("" in names for one in drawn for names in (one.nodes, one.flows, one.lanes)):
        raise Invalid("layout_needs_ids")
    if keep and drawn[0].shapes:
        missing = [_seen(one) for one in drawn if not is_drawn(one)]
        for diagram in missing:
            complete_drawing(root, diagram, _completed(diagram, _arranged(diagram, quick=True)))
    else:
        drawn = _in_pools(root, drawn)
        arranged = stack([(one, _arranged(one, quick)) for one in drawn])
        collaboration = root.find(f"{{{BPMN}}}collaboration")
        if collaboration is not None:
            arranged.planes[0].element = collaboration.get("id", "")
        write_drawing(root, _whole(drawn), arranged)
    name_all(root, only_drawn=True)
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")


def is_drawn(diagram: Diagram) -> bool:
    """Whether every node, lane, flow, note and datum of the process can be seen."""
    data = [one.id for one in diagram.data_objects.values() if one.type != "dataObject"]
    shapes = (*diagram.nodes, *diagram.lanes, *diagram.annotations, *data)
    return all(is_placed(diagram, name) for name in (*shapes, *diagram.flows))


def _completed(diagram: Diagram, fresh: Arranged) -> Arranged:
    """What is missing beside what there is; a process of which nothing is drawn below it all."""
    if any(name in diagram.shapes for name in (*diagram.nodes, *diagram.lanes)):
        return keep_placed(diagram, fresh)
    lowest = max(one.bounds.bottom for one in diagram.shapes.values())
    plane = fresh.planes[0] = fresh.planes[0].moved(lowest)
    plane.element = next(iter(diagram.shapes.values())).plane
    return fresh


def _seen(diagram: Diagram) -> Diagram:
    """Without shapes of no size and lines that lead nowhere: they count as not drawn."""
    shapes = {name: one for name, one in diagram.shapes.items() if is_placed(diagram, name)}
    edges = {name: one for name, one in diagram.edges.items() if is_placed(diagram, name)}
    return replace(diagram, shapes=shapes, edges=edges)


def _drawn(xml: bytes) -> list[Diagram]:
    """The process that runs, and the others as far as they hold anything."""
    first, *others = map(_standing, read_processes(read_xml(xml)))
    return [first, *(one for one in others if one.nodes or one.lanes)]


def _standing(diagram: Diagram) -> Diagram:
    """Boundary events of nothing stand by themselves: whoever draws on has to see them."""
    nodes = dict(diagram.nodes)
    for node in diagram.nodes.values():
        host = diagram.nodes.get(node.attached_to)
        is_loose = host is None or host.scope != node.scope or host.type == "boundaryEvent"
        if node.type == "boundaryEvent" and is_loose:
            nodes[node.id] = replace(node, type="intermediateCatchEvent", attached_to="")
    return replace(diagram, nodes=nodes)


def _in_pools(root: etree._Element, drawn: list[Diagram]) -> list[Diagram]:
    """With a pool for each where lanes or several processes need one."""
    lacking = [
        one
        for one in drawn
        if not own_pool(one) and (one.lanes or one.participants or len(drawn) > 1)
    ]
    for one in lacking:
        add_pool(root, one)
    return _drawn(etree.tostring(root)) if lacking else drawn


def _arranged(diagram: Diagram, quick: bool) -> Arranged:
    arranged = arrange(diagram, quick)
    for plane in arranged.planes:
        node = diagram.nodes.get(plane.element)
        place_notes(diagram, plane, f"{node.scope}/{node.id}".strip("/") if node else "")
    return arranged


def _whole(drawn: list[Diagram]) -> Diagram:
    """What is known of the nodes of all processes."""
    nodes = {name: node for one in reversed(drawn) for name, node in one.nodes.items()}
    return replace(drawn[0], nodes=nodes)
