"""The parsed expression as frozen nouns: what evaluation compiles and what checks read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Node:
    """``depth`` levels and ``size`` parts, counted once when it is built."""

    depth: int = field(init=False, repr=False, compare=False, default=1)
    size: int = field(init=False, repr=False, compare=False, default=1)

    def __post_init__(self) -> None:
        children = tuple(self.children())
        object.__setattr__(self, "depth", 1 + max((child.depth for child in children), default=0))
        object.__setattr__(self, "size", 1 + sum(child.size for child in children))

    def children(self) -> Iterator[Node]:
        for item in fields(self):
            yield from _nodes(getattr(self, item.name))


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


@dataclass(frozen=True)
class Literal(Node):
    value: Any


@dataclass(frozen=True)
class Name(Node):
    name: str


@dataclass(frozen=True)
class Path(Node):
    base: Node
    name: str


@dataclass(frozen=True)
class Filter(Node):
    base: Node
    condition: Node


@dataclass(frozen=True)
class Call(Node):
    """``names`` is empty for positional arguments, else one name for each."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Negate(Node):
    value: Node


@dataclass(frozen=True)
class Arithmetic(Node):
    """``first op second op third`` of one precedence, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Logic(Node):
    """``and`` or ``or`` over two or more."""

    word: str
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Compare(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True)
class Bound(Node):
    """``< 5`` standing alone: a test, or a range open at its other end."""

    operator: str
    value: Node


@dataclass(frozen=True)
class RangeNode(Node):
    low: Node
    high: Node
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True)
class In(Node):
    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class Iteration(Node):
    """``name in source`` or ``name in source..last``."""

    name: str
    source: Node
    last: Node | None = None


@dataclass(frozen=True)
class For(Node):
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True)
class Quantified(Node):
    """``word`` is some or every."""

    word: str
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True)
class Type:
    """A type as written: ``name`` with type arguments, context fields, or function result."""

    name: str
    arguments: tuple[Type, ...] = ()
    fields: tuple[tuple[str, Type], ...] = ()
    result: Type | None = None


@dataclass(frozen=True)
class InstanceOf(Node):
    value: Node
    type: Type


@dataclass(frozen=True)
class FunctionNode(Node):
    """``external`` functions (Java, PMML) parse, but calling one gives null."""

    parameters: tuple[tuple[str, Type | None], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True)
class ContextNode(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class ListNode(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Tests(Node):
    """Unary tests of a decision cell: any of ``items`` (``-`` when there are none), or none of them."""

    items: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True)
class Several(Node):
    """``(a, b)``: allowed only behind ``in`` and ``not``; anything else is refused."""

    items: tuple[Node, ...]
    position: int


def mentions(node: Node, name: str) -> bool:
    """Whether a name stands anywhere in an expression."""
    if isinstance(node, Name):
        return node.name == name
    return any(mentions(child, name) for child in node.children())
