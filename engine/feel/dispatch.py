"""Where nodes become closures: one function for each kind of node, registered by its module."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from engine.feel import nodes
from engine.feel.calling import Scope

Evaluate = Callable[[Scope], Any]


@singledispatch
def compiled(node: nodes.Node) -> Evaluate:
    """The closure of a node."""
    raise TypeError(type(node).__name__)
