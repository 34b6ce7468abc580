"""The expression language: FEEL of DMN 1.5, parsed once, bounded, pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from engine.feel import evaluating, iterating, matching  # noqa: F401 - they register nodes
from engine.feel.calling import Scope
from engine.feel.dispatch import compiled
from engine.feel.errors import FeelError
from engine.feel.functions import BUILTINS
from engine.feel.limits import Run
from engine.feel.names import WORDS, free_names, misused
from engine.feel.nodes import Node
from engine.feel.parsing import read
from engine.feel.pointers import pointer_get, pointer_set

__all__ = [
    "Expression",
    "FeelError",
    "parse",
    "parse_unary",
    "pointer_get",
    "pointer_set",
    "scope_of",
]


class Expression:
    """A parsed expression: its ``text``, its ``node``, and how to evaluate it."""

    def __init__(self, text: str, node: Node) -> None:
        self.text = text
        self.node = node
        self._evaluate = compiled(node)

    def evaluate(self, context: Mapping[str, Any], now: datetime | None = None) -> Any:
        """The FEEL value over ``context`` (FEEL values by name); errors of FEEL give None.

        ``now`` (aware) is what ``now()`` and ``today()`` see, in fixed +08:00. For unary tests the
        tested value is ``context["?"]``. FeelError only when a limit of limits.py is passed.
        """
        value = self.within(scope_of(context, Run(now)))
        Run().weigh(value)
        return value

    def within(self, scope: Scope) -> Any:
        """Like ``evaluate``, as a part of a larger evaluation."""
        scope.run.spend(self.node.size)
        return self._evaluate(scope)

    @cached_property
    def names(self) -> frozenset[str]:
        """Dotted paths read from the context; names that a filter may bind are left out."""
        return frozenset(free_names(self.node))

    @cached_property
    def misused(self) -> frozenset[str]:
        """Built-in functions whose call can only give null: too few, too many, wrongly named."""
        return frozenset(misused(self.node))


def parse(text: str, names: Iterable[str] = ()) -> Expression:
    """Read an expression; ``names`` are declared names with spaces. FeelError says what is wrong."""
    return _parse(text, frozenset(names), "expression_start")


def parse_unary(text: str, names: Iterable[str] = ()) -> Expression:
    """Read the unary tests of a decision cell; evaluate them with the value as ``?``."""
    return _parse(text, frozenset(names), "unary_start")


def scope_of(context: Mapping[str, Any], run: Run) -> Scope:
    """The outermost scope: a context over the built-in functions."""
    return Scope(context, Scope(BUILTINS, None, run), run)


@lru_cache(maxsize=4096)
def _parse(text: str, names: frozenset[str], start: str) -> Expression:
    return Expression(text, read(text, names | WORDS, start))
