"""Two diagrams: elements added, removed, changed; apart from where they are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from engine.diagram import Diagram, read_diagram, read_xml
from engine.diagram.xml import BPMNDI

from .nouns import Difference, between

PARTS = ("messages", "signals", "errors", "escalations", "annotations")
NAMES = {name: name.removesuffix("s") for name in PARTS}


def diagram_differences(file: str, before: bytes, after: bytes) -> Iterator[Difference]:
    """Nothing when only the drawing differs; raises Invalid as ``read_diagram`` does."""
    old, new = read_diagram(before), read_diagram(after)
    found = [
        *between(file, "process", _process(old), _process(new)),
        *between(file, "node", _nodes(old), _nodes(new)),
        *between(file, "flow", old.flows, new.flows),
        *between(file, "lane", _lanes(old), _lanes(new)),
    ]
    for name in PARTS:
        found += between(file, NAMES[name], getattr(old, name), getattr(new, name))
    found += between(file, "data", old.data_objects, new.data_objects)
    if not found and _undrawn(before) != _undrawn(after):
        found.append(Difference("changed", file, "other"))
    yield from found


def _process(diagram: Diagram) -> Mapping[str, Any]:
    return {"": {"id": diagram.process_id, "name": diagram.name, "purpose": diagram.purpose}}


def _nodes(diagram: Diagram) -> Mapping[str, Any]:
    """Without their lines, which are compared on their own."""
    return {name: replace(node, incoming=(), outgoing=()) for name, node in diagram.nodes.items()}


def _lanes(diagram: Diagram) -> Mapping[str, Any]:
    """Without what they hold: that stands with each element."""
    return {name: replace(lane, nodes=()) for name, lane in diagram.lanes.items()}


def _undrawn(content: bytes) -> bytes:
    """The file without its drawing and without what only its writing is."""
    root = read_xml(content)
    for drawing in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(drawing)
    return bytes(etree.tostring(root, method="c14n2", strip_text=True))
