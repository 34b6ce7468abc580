"""May a case whose tokens somebody moved still come to its end: proved from where they are then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.diagram import Diagram, read_diagram
from engine.package import DIAGRAM
from engine.spiff import Standing

from .search import Fault
from .soundness import may_prove, prove_from
from .tokens import Marking

WRONG = frozenset({"deadlock", "unsynchronised"})


def dead_end(
    files: Mapping[str, bytes], before: Iterable[Standing], after: Iterable[Standing]
) -> Fault | None:
    """A dead end, or a meeting nobody joined, that the case can come to after and could not before."""
    was = {(one.kind, one.element) for one in _faults(files, before)}
    new = (one for one in _faults(files, after) if (one.kind, one.element) not in was)
    return next(new, None)


def _faults(files: Mapping[str, bytes], standing: Iterable[Standing]) -> Iterator[Fault]:
    scopes: dict[tuple[str, int | None], list[Standing]] = {}
    for one in standing:
        scopes.setdefault((one.place.scope, one.place.item), []).append(one)
    for (path, _), some in scopes.items():
        diagram, scope = drawn_scope(files, path)
        if may_prove(diagram):
            faults = prove_from(diagram, scope, _marking(diagram, some)).faults
            yield from (one for one in faults if one.kind in WRONG)


def drawn_scope(files: Mapping[str, bytes], path: str) -> tuple[Diagram, str]:
    """The diagram that draws a running scope, of a called procedure too, and its path in it."""
    diagram, inner = read_diagram(files[DIAGRAM]), list[str]()
    for part in filter(None, path.split("/")):
        node = diagram.nodes.get(part)
        called = f"call/{node.called}/{DIAGRAM}" if node and node.called else ""
        if called in files:
            diagram, inner = read_diagram(files[called]), []
        else:
            inner.append(part)
    return diagram, "/".join(inner)


def _marking(diagram: Diagram, standing: Iterable[Standing]) -> Marking:
    """Each token on a flow that leads to where it stands; at a join on the one that brought it."""
    ways = (one.came or _way_to(diagram, one.place.element) for one in standing)
    return frozenset((way, "") for way in ways if way)


def _way_to(diagram: Diagram, element: str) -> str:
    node = diagram.nodes.get(element)
    return next(iter(node.incoming), "") if node else ""
