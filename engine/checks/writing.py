"""Do parallel branches keep out of each other's way: no two write one leaf of the case's data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from engine.diagram import Diagram, MultiInstance, Node
from engine.errors import Invalid
from engine.forms import form_of
from engine.model import Finding

from .subject import Subject

MOST_ARMS = 60
SPLITS = ("parallelGateway", "inclusiveGateway")


def branches_apart(subject: Subject) -> Iterator[Finding]:
    """Write sets of branches that run at once do not meet (conventions 3)."""
    diagram = subject.diagram
    writes = {node.id: writes_of(subject, node) for node in diagram.nodes.values()}
    for node in diagram.nodes.values():
        if node.type in SPLITS and len(node.outgoing) > MOST_ARMS:
            count = len(node.outgoing)
            yield subject.finding("too_many_arms", node.id, count=count, most=MOST_ARMS)
        elif node.type in SPLITS:
            for one, other, path in _meetings(diagram, node, writes):
                yield subject.finding("branches_write", node.id, one=one, other=other, path=path)


def writes_of(subject: Subject, node: Node) -> frozenset[str]:
    """Dotted paths that a node may write."""
    paths = {node.result} - {""}
    if isinstance(node.loop, MultiInstance) and node.loop.output:
        paths.add(node.loop.output)
    if node.type == "userTask":
        paths |= _form_paths(subject, node)
    return frozenset(paths)


def _form_paths(subject: Subject, node: Node) -> set[str]:
    try:
        form = form_of(subject.files, subject.folder + node.id)
    except Invalid:
        return set()
    pointers = form.fields if form else ()
    local = isinstance(node.loop, MultiInstance) and f"/{node.loop.item}/"
    return {
        pointer.strip("/").replace("/", ".")
        for pointer in pointers
        if not (local and pointer.startswith(local))
    }


def _meetings(
    diagram: Diagram, split: Node, writes: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, str, str]]:
    """Pairs of nodes on different branches that write one path."""
    branches = [_ahead(diagram, diagram.flows[flow].target, split.id) for flow in split.outgoing]
    seen = set()
    for here, there in combinations(branches, 2):
        for one in sorted(here - there):
            for other in sorted(there - here):
                path = _shared_path(writes[one], writes[other])
                if path and (one, other) not in seen:
                    seen.add((one, other))
                    yield one, other, path


def _ahead(diagram: Diagram, start: str, split: str) -> set[str]:
    """What a branch comes to before it meets the split again, insides and handlers included."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in found or name == split or name not in diagram.nodes:
            continue
        found.add(name)
        node = diagram.nodes[name]
        waiting += [diagram.flows[flow].target for flow in node.outgoing]
        waiting += [one.id for one in diagram.boundary_events(name)]
        path = f"{node.scope}/{name}".lstrip("/")
        waiting += [one.id for one in diagram.children(path)]
    return found


def _shared_path(one: frozenset[str], other: frozenset[str]) -> str:
    """A path that both write, or that one writes within what the other writes whole."""
    for mine in sorted(one):
        for theirs in sorted(other):
            short, long = sorted((mine, theirs), key=len)
            if long == short or long.startswith(f"{short}."):
                return long
    return ""


RULES = (branches_apart,)
