"""What a DMN file says, as frozen nouns: elements, boxed expressions, item definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Href = tuple[str, str]
"""(namespace, id) of an element."""


@dataclass(frozen=True)
class Boxed:
    """Any boxed expression; ``type`` is its type reference, "" if none is given."""

    id: str
    type: str


@dataclass(frozen=True)
class Literal(Boxed):
    text: str


@dataclass(frozen=True)
class Column:
    """An input (``text`` is its expression) or output (``text`` is its name) of a table.

    ``values`` are the allowed ones as unary tests; ``default`` is an output's default entry.
    """

    text: str
    label: str
    type: str
    values: str = ""
    default: str = ""


@dataclass(frozen=True)
class Rule:
    """A row: cells of inputs, of outputs, and its annotations by the name of their column."""

    id: str
    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: Mapping[str, str]


@dataclass(frozen=True)
class Table(Boxed):
    """``policy`` and ``aggregation`` as DMN spells them: UNIQUE, "RULE ORDER", SUM, ..."""

    policy: str
    aggregation: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Variable:
    name: str
    type: str = ""


@dataclass(frozen=True)
class Context(Boxed):
    """Entries in order; the one without a name is the result."""

    entries: tuple[tuple[Variable, Boxed], ...]


@dataclass(frozen=True)
class Invocation(Boxed):
    function: Boxed
    bindings: tuple[tuple[Variable, Boxed], ...]


@dataclass(frozen=True)
class Function(Boxed):
    """``language`` is FEEL, Java or PMML; only FEEL can be called."""

    language: str
    parameters: tuple[Variable, ...]
    body: Boxed


@dataclass(frozen=True)
class Items(Boxed):
    items: tuple[Boxed, ...]


@dataclass(frozen=True)
class Relation(Boxed):
    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed, ...], ...]


@dataclass(frozen=True)
class Conditional(Boxed):
    condition: Boxed
    then: Boxed
    otherwise: Boxed


@dataclass(frozen=True)
class Filter(Boxed):
    source: Boxed
    match: Boxed


@dataclass(frozen=True)
class Iterator(Boxed):
    """``word`` is for, some or every."""

    word: str
    variable: str
    source: Boxed
    body: Boxed


@dataclass(frozen=True)
class Element:
    """Something with a name that decisions may require."""

    id: str
    name: str
    type: str = ""


@dataclass(frozen=True)
class InputData(Element):
    pass


@dataclass(frozen=True)
class Decision(Element):
    requires: tuple[Href, ...] = ()
    logic: Boxed | None = None
    digest: str = ""


@dataclass(frozen=True)
class Knowledge(Element):
    """A business knowledge model."""

    requires: tuple[Href, ...] = ()
    logic: Function | None = None


@dataclass(frozen=True)
class Service(Element):
    """A decision service; ``given`` are the decisions and inputs its caller supplies, in order."""

    outputs: tuple[Href, ...] = ()
    given: tuple[Href, ...] = ()
    inner: tuple[Href, ...] = ()


@dataclass(frozen=True)
class Item:
    """An item definition: a named type, or a component of one."""

    name: str
    type: str = ""
    collection: bool = False
    allowed: str = ""
    constraint: str = ""
    components: tuple[Item, ...] = ()
    function: tuple[tuple[Variable, ...], str] | None = None


@dataclass(frozen=True)
class Model:
    """One DMN file. ``imports``: name by namespace; ``names``: every name declared anywhere in it."""

    namespace: str
    name: str
    elements: Mapping[str, Element]
    items: Mapping[str, Item]
    imports: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
