"""What the engine asks for about how cases went: a part of ``engine.ports``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .model import Walk


class Walks(Protocol):
    """How each case went, made anew from its journal whenever that has grown."""

    def unwalked(self, limit: int, after: str = "") -> Sequence[str]:
        """Ids of cases whose journal has grown since they were walked, in order."""

    def count_unwalked(self) -> int: ...
    def keep_walk(self, walk: Walk) -> None: ...
    def forget_walks(self, after: str, limit: int) -> str:
        """The next so many by case id are made anew; the last of them, "" after the end.

        Those that can no longer be told stay as they are.
        """
