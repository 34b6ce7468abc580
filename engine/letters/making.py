"""Which user tasks lead straight to a letter: where it is previewed and its problems are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from engine.diagram import Diagram, Node, read_diagram
from engine.errors import Invalid
from engine.feel import nodes, parse
from engine.letters.heads import letters_of
from engine.model import Release

RECORD = "documents.record"
WAITS = ("userTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway")


@lru_cache(maxsize=128)
def makers(release: Release) -> Mapping[str, tuple[str, ...]]:
    """Letter ids by the user task whose completion may make them, or on whose page they are printed."""
    letters = letters_of(release.files)
    found: dict[str, set[str]] = {}
    for name, content in sorted(release.files.items()):
        if letters and name.rpartition("/")[2] == "process.bpmn":
            diagram = read_diagram(content)
            for node in diagram.nodes.values():
                if node.operation == RECORD:
                    kinds = kinds_of(node) & letters.keys()
                    for task in _before(diagram, node) if kinds else ():
                        found.setdefault(task, set()).update(kinds)
    for letter in letters.values():
        for task in letter.tasks:
            found.setdefault(task, set()).add(letter.id)
    return {task: tuple(sorted(kinds)) for task, kinds in found.items()}


def kinds_of(node: Node) -> frozenset[str]:
    """Every text that the ``kind`` parameter of a recording may be; none where a table names it."""
    try:
        root = parse(node.params.get("kind", "")).node
    except Invalid:
        return frozenset()
    return frozenset(_results(root))


def _results(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.If):
        yield from _results(node.then)
        yield from _results(node.otherwise)
    elif isinstance(node, nodes.Literal) and isinstance(node.value, str):
        yield node.value


def _before(diagram: Diagram, node: Node) -> Iterator[str]:
    """The user tasks from which a token comes here without waiting on the way."""
    waiting, seen = [node.id], {node.id}
    while waiting:
        here = diagram.nodes[waiting.pop()]
        if here.type == "userTask":
            yield here.id
            continue
        if here.type in WAITS and here is not node:
            continue
        for before in _sources(diagram, here):
            if before not in seen:
                seen.add(before)
                waiting.append(before)


def _sources(diagram: Diagram, node: Node) -> Iterator[str]:
    """Where tokens come from: along flows, and into and out of sub-processes."""
    for flow in node.incoming:
        if flow in diagram.flows:
            source = diagram.nodes[diagram.flows[flow].source]
            yield source.id
            within = f"{source.scope}/{source.id}" if source.scope else source.id
            yield from (one.id for one in diagram.children(within) if one.type == "endEvent")
    if node.type == "startEvent" and node.parent:
        for flow in diagram.nodes[node.parent].incoming:
            yield diagram.flows[flow].source
