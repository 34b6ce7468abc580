"""An expression being read: the names it knows, what each part can give, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import singledispatch

from engine.feel.nodes import Node

from .shapes import ANY, Shape, plain

TEXT, NUMBER, TRUTH = plain("string"), plain("number"), plain("boolean")
DAY = plain("date", "date and time")
LENGTH = plain("days and time duration", "years and months duration")


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of an expression that can only give null, false or the wrong thing.

    ``parts``: what the sentence names, as nodes with their shapes; ``params``: plain words.
    """

    code: str
    parts: Mapping[str, tuple[Node, Shape]] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """Names with what they may be, and the faults met so far; unknown names may be anything."""

    names: Mapping[str, Shape]
    faults: list[Fault] = field(default_factory=list)

    def knowing(self, names: Mapping[str, Shape]) -> Reading:
        return replace(self, names={**self.names, **names})

    def tell(self, code: str, parts: Mapping[str, tuple[Node, Shape]], **params: str) -> None:
        self.faults.append(Fault(code, parts, params))


@singledispatch
def shape_of(node: Node, at: Reading) -> Shape:
    """What a node can give; faults go to ``at``."""
    for child in node.children():
        shape_of(child, at)
    return ANY
