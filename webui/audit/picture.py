"""A drawing as still SVG, for paper and for browsers without scripts: shapes, names and the path."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from engine.diagram import EVENTS, GATEWAYS, Bounds, Diagram, Edge, Shape
from webui.words import pick

MARGIN = 12
NEAR = 200
"""How much is shown around what a picture is cut to."""
LINE = 15
LETTER = 12.0
EDGE = 6
SIGNS = {
    "exclusiveGateway": "×",
    "parallelGateway": "+",
    "inclusiveGateway": "○",
    "eventBasedGateway": "◎",
}
Lit = Mapping[str, Collection[str]]
"""Element ids by mark (past, here, wrong; heat1 to heat5); of several marks the last counts."""
Numbers = Mapping[str, str]
"""What is written beside elements, by id."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One plane of a drawing. ``title``: of the procedure or the closed part that it shows."""

    title: str
    svg: Markup


def pictures(
    drawing: Diagram, lit: Lit, around: Collection[str] = (), numbers: Numbers | None = None
) -> list[Picture]:
    """The main plane, and each closed part in which something is lit.

    ``around``: elements to which a plane that has some of them is cut, with what lies near.
    """
    touched = {one for some in lit.values() for one in some}
    planes = dict.fromkeys(one.plane for one in drawing.shapes.values())
    found = []
    for plane in planes:
        node = drawing.nodes.get(plane)
        drawn = {one.element for one in drawing.shapes.values() if one.plane == plane}
        if node is None or drawn & touched:
            title = pick(node.name if node else drawing.name, plane)
            near = [one for one in drawing.shapes.values() if one.element in drawn & set(around)]
            found.append(Picture(title, _svg(drawing, plane, lit, (title, near), numbers or {})))
    return found


def _svg(
    drawing: Diagram, plane: str, lit: Lit, told: tuple[str, Sequence[Shape]], numbers: Numbers
) -> Markup:
    title, near = told
    shapes = [one for one in drawing.shapes.values() if one.plane == plane]
    edges = [one for one in drawing.edges.values() if one.plane == plane]
    parts = [_shape(drawing, one, _mark(one.element, lit)) for one in _ordered(shapes)]
    parts += [_edge(drawing, one, _mark(one.element, lit)) for one in edges]
    parts += [_number(one, numbers[one.element]) for one in edges if one.element in numbers]
    parts += [_number(one, numbers[one.element]) for one in shapes if one.element in numbers]
    extent = _extent(near, (), NEAR) if near else _extent(shapes, edges)
    head = Markup('<svg class="still" viewBox="{}" width="{}" role="img" aria-label="{}">')
    end = Markup("</svg>")
    return head.format(extent, extent.split()[2], title) + Markup("").join(parts) + end


def _ordered(shapes: Sequence[Shape]) -> list[Shape]:
    """What holds others comes first, so that it lies beneath."""
    return sorted(shapes, key=lambda one: -one.bounds.width * one.bounds.height)


def _mark(element: str, lit: Lit) -> str:
    return next((mark for mark in reversed(list(lit)) if element in lit[mark]), "")


def _number(drawn: Shape | Edge, words: str) -> Markup:
    """At the upper right corner of a shape, beyond a third of a flow."""
    x, y = _corner(drawn.bounds) if isinstance(drawn, Shape) else _along(drawn.waypoints)
    width = _width(words) + 10
    pill = Markup('<rect class="pill" x="{}" y="{}" width="{}" height="16" rx="8"/>')
    box = pill.format(f"{x - width / 2:g}", f"{y - 8:g}", f"{width:g}")
    return box + Markup('<text class="number" x="{}" y="{}">{}</text>').format(
        f"{x:g}", f"{y + 4:g}", words
    )


def _corner(box: Bounds) -> tuple[float, float]:
    return (box.right - 14, box.y) if box.width > 50 else (box.right, box.y - 2)


def _along(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the first stretch long enough to hold a number, else of the longest."""
    stretches = list(pairwise(points))
    lengths = [abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in stretches]
    first = next((n for n, length in enumerate(lengths) if length > 30), None)
    (ax, ay), (bx, by) = stretches[lengths.index(max(lengths)) if first is None else first]
    return (ax + bx) / 2, (ay + by) / 2


def _extent(shapes: Sequence[Shape], edges: Sequence[Edge], margin: int = MARGIN) -> str:
    boxes = [box for one in shapes for box in (one.bounds, one.label) if box]
    boxes += [one.label for one in edges if one.label]
    points = [point for one in edges for point in one.waypoints]
    xs = [x for box in boxes for x in (box.x, box.right)] + [x for x, _ in points]
    ys = [y for box in boxes for y in (box.y, box.bottom)] + [y for _, y in points]
    left, top = min(xs, default=0) - margin, min(ys, default=0) - margin
    width, height = max(xs, default=0) + margin - left, max(ys, default=0) + margin - top
    return f"{left:g} {top:g} {width:g} {height:g}"


def _edge(drawing: Diagram, edge: Edge, mark: str) -> Markup:
    flow = drawing.flows.get(edge.element)
    line = " ".join(f"{x:g},{y:g}" for x, y in edge.waypoints)
    drawn = Markup('<polyline class="flow {}" points="{}"/>').format(mark, line)
    if len(edge.waypoints) > 1 and flow:
        drawn += _head(edge.waypoints[-2], edge.waypoints[-1], mark)
    if flow and edge.label:
        drawn += _words(pick(flow.name), edge.label, centred=False)
    return drawn


def _head(start: tuple[float, float], tip: tuple[float, float], mark: str) -> Markup:
    """The point of an arrow."""
    away = ((tip[0] - start[0]) ** 2 + (tip[1] - start[1]) ** 2) ** 0.5 or 1.0
    dx, dy = 8 * (tip[0] - start[0]) / away, 8 * (tip[1] - start[1]) / away
    left = (tip[0] - dx - dy / 2, tip[1] - dy + dx / 2)
    right = (tip[0] - dx + dy / 2, tip[1] - dy - dx / 2)
    points = " ".join(f"{x:g},{y:g}" for x, y in (tip, left, right))
    return Markup('<polygon class="head {}" points="{}"/>').format(mark, points)


def _shape(drawing: Diagram, shape: Shape, mark: str) -> Markup:
    node, box = drawing.nodes.get(shape.element), shape.bounds
    if node is None:
        return _holder(drawing, shape)
    name = pick(node.name)
    if node.type in EVENTS:
        return _ring(box, node.type, mark) + _words(name, shape.label or _below(box), centred=False)
    if node.type in GATEWAYS:
        sign = _text(SIGNS.get(node.type, ""), box.x + box.width / 2, box.y + box.height / 2 + 5)
        return _diamond(box, mark) + sign + _words(name, shape.label or _below(box), centred=False)
    drawn = _rectangle(box, f"step {mark}")
    if shape.expanded:
        return drawn + _text(name, box.x + box.width / 2, box.y + 16)
    return drawn + _words(name, box, centred=True)


def _holder(drawing: Diagram, shape: Shape) -> Markup:
    """A pool or a lane with its name along the left edge; a note with its text."""
    box = shape.bounds
    if shape.element in drawing.annotations:
        return _words(pick(drawing.annotations[shape.element].text), box, centred=True)
    known = drawing.lanes.get(shape.element) or drawing.participants.get(shape.element)
    if known is None:
        return Markup("")
    x, y = box.x + 18, box.y + box.height / 2
    words = Markup('<text class="side" transform="translate({} {}) rotate(-90)">{}</text>')
    return _rectangle(box, "lane") + words.format(f"{x:g}", f"{y:g}", pick(known.name))


def _rectangle(box: Bounds, shade: str) -> Markup:
    corner = 8 if shade.startswith("step") else 0
    return Markup(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>'
    ).format(shade, *(f"{n:g}" for n in (box.x, box.y, box.width, box.height)), corner)  # fmt: skip


def _ring(box: Bounds, kind: str, mark: str) -> Markup:
    """Thin for a start, thick for an end, double between."""
    x, y, r = box.x + box.width / 2, box.y + box.height / 2, box.width / 2
    shade = "end" if kind == "endEvent" else "event"
    ring = Markup('<circle class="{} {}" cx="{}" cy="{}" r="{}"/>')
    drawn = ring.format(shade, mark, f"{x:g}", f"{y:g}", f"{r:g}")
    if kind in ("startEvent", "endEvent"):
        return drawn
    return drawn + ring.format("inner", "", f"{x:g}", f"{y:g}", f"{r - 3:g}")


def _diamond(box: Bounds, mark: str) -> Markup:
    x, y = box.x + box.width / 2, box.y + box.height / 2
    points = f"{x:g},{box.y:g} {box.right:g},{y:g} {x:g},{box.bottom:g} {box.x:g},{y:g}"
    return Markup('<polygon class="gate {}" points="{}"/>').format(mark, points)


def _below(box: Bounds) -> Bounds:
    return Bounds(box.x - 30, box.bottom + 2, box.width + 60, 4 * LINE)


def _words(words: str, box: Bounds, centred: bool) -> Markup:
    """A name in lines that fit the box: in its middle, or, beside a shape, from its top and to its edges."""
    lines = list(_lines(words, box.width if centred else box.width + 2 * EDGE))
    free = max(0.0, box.height - LINE * len(lines)) / 2 if centred else 0.0
    x = box.x + box.width / 2
    placed = (_text(one, x, box.y + free + LINE * n + 12) for n, one in enumerate(lines))
    return Markup("").join(placed)


def _text(words: str, x: float, y: float) -> Markup:
    return Markup('<text x="{}" y="{}">{}</text>').format(f"{x:g}", f"{y:g}", words)


def _lines(words: str, width: float) -> Iterator[str]:
    """Broken between Chinese characters or at spaces."""
    line = ""
    for piece in _pieces(words):
        if line and _width(line + piece.rstrip()) > max(width - EDGE, 3 * LETTER):
            yield line.strip()
            line = ""
        line += piece
    if line.strip():
        yield line.strip()


def _pieces(words: str) -> Iterator[str]:
    word = ""
    for letter in words:
        word += letter
        if letter == " " or _is_wide(letter):
            yield word
            word = ""
    if word:
        yield word


def _width(words: str) -> float:
    return sum(LETTER if _is_wide(letter) else LETTER * 0.56 for letter in words)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
