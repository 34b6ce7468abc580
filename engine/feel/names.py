"""Which names an expression reads, and which words a scanner must know before it starts."""

from __future__ import annotations

from collections.abc import Iterator

from engine.feel import nodes
from engine.feel.functions import BUILTINS
from engine.feel.nodes import Node

WORDS = frozenset(BUILTINS) | {
    "days and time duration", "years and months duration", "time offset", "start included",
    "end included",
}  # fmt: skip
"""Names of the language itself that may hold spaces."""


def free_names(node: Node, bound: frozenset[str] = frozenset()) -> Iterator[str]:
    """Dotted paths the expression reads from its context.

    Names inside a filter may be entries of the filtered items, so they are left out there.
    """
    path = dotted(node)
    if path:
        first = path.split(".", 1)[0]
        if first not in bound and first not in BUILTINS and first != "?":
            yield path
        return
    for child, names in _parts(node):
        yield from free_names(child, bound | names)


def _parts(node: Node) -> Iterator[tuple[Node, frozenset[str]]]:
    """The parts of an expression, each with the names that the expression binds for it."""
    names: frozenset[str] = frozenset()
    if isinstance(node, nodes.Filter):
        yield node.base, names
    elif isinstance(node, nodes.For | nodes.Quantified):
        for one in node.iterations:
            yield from ((child, names) for child in one.children())
            names |= {one.name, "partial"}
        yield (node.body if isinstance(node, nodes.For) else node.condition), names
    elif isinstance(node, nodes.ContextNode):
        for key, value in node.entries:
            yield value, names
            names |= {key}
    else:
        if isinstance(node, nodes.FunctionNode):
            names = frozenset(name for name, _ in node.parameters)
        yield from ((child, names) for child in node.children())


def misused(node: Node) -> Iterator[str]:
    """Built-in functions called with arguments that none of their signatures takes: always null."""
    if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name):
        function = BUILTINS.get(node.function.name)
        if function and not function.takes(len(node.arguments), node.names):
            yield function.name
    for child in node.children():
        yield from misused(child)


def dotted(node: Node) -> str:
    """``dispute.amount`` of a path of names, "" of anything else."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Path):
        base = dotted(node.base)
        return f"{base}.{node.name}" if base else ""
    return ""
