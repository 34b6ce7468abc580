"""The one refusal of FEEL: a sentence that cannot be read, or one that asks for too much."""

from __future__ import annotations

from engine.errors import Invalid


class FeelError(Invalid):
    """The expression cannot be read, or it asks for more than is allowed."""


class Position:
    """Where a character stands, counted from 1 as people and editors do."""

    def __init__(self, text: str, index: int) -> None:
        self.line = text.count("\n", 0, index) + 1
        self.column = index - (text.rfind("\n", 0, index) + 1) + 1


def refuse(code: str, text: str, index: int, found: str = "", expected: str = "") -> FeelError:
    """A FeelError that knows line and column of ``index`` in ``text``."""
    at = Position(text, index)
    return FeelError(code, line=at.line, column=at.column, found=found, expected=expected)
