"""What an expression may cost: counts of steps and sizes, never wall-clock time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.feel.errors import FeelError

TEXT = 20_000
"""Characters of one expression."""
NESTING = 100
"""Brackets and keywords inside each other, and levels of a parsed expression."""
STEPS = 100_000
"""Parts of an expression evaluated in one evaluation, loops and calls included."""
CALLS = 300
"""Levels of expressions entered through calls of functions that wait for each other."""
ITEMS = 10_000
"""Items of one list, entries of one context."""
CHARACTERS = 1_000_000
"""Characters of one text that an expression builds."""


@dataclass(slots=True)
class Run:
    """One evaluation: its time, the types declared around it, and what it has used so far."""

    now: datetime | None = None
    steps: int = 0
    depth: int = 0
    types: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)

    def spend(self, steps: int) -> None:
        """Counts work; FeelError (feel_too_many_steps) once it is too much."""
        self.steps += steps
        if self.steps > STEPS:
            raise FeelError("feel_too_many_steps", limit=STEPS)

    def weigh(self, *values: Any) -> int:
        """Counts every part of values that are about to be walked through; gives their number.

        Lists may share their items, so a few steps can build what takes for ever to walk through.
        """
        before, waiting = self.steps, list(values)
        while waiting:
            value = waiting.pop()
            if isinstance(value, str):
                self.spend(len(value) // 64)
            elif isinstance(value, list | dict):
                self.spend(1 + len(value))
                waiting += value if isinstance(value, list) else value.values()
        return self.steps - before

    def note(self, hit: Any) -> None:
        """Hears which row of a table decided; a plain run does not keep it."""

    def enter(self, levels: int) -> None:
        """A call goes this many levels deeper; FeelError (feel_calls_too_deep) if too deep."""
        self.depth += levels
        if self.depth > CALLS:
            raise FeelError("feel_calls_too_deep", limit=CALLS)


def check_items(count: int) -> None:
    """FeelError (feel_list_too_long) if a list of ``count`` items may not be built."""
    if count > ITEMS:
        raise FeelError("feel_list_too_long", limit=ITEMS)


def check_characters(count: int) -> None:
    """FeelError (feel_text_too_long) if a text of ``count`` characters may not be built."""
    if count > CHARACTERS:
        raise FeelError("feel_text_too_long", limit=CHARACTERS)
