"""How large things are drawn: shapes by type, words by their characters (bpmn-js font sizes)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from engine.diagram import ACTIVITIES, EVENTS, GATEWAYS
from engine.model import Bilingual

TASK_WIDTHS = (100, 120, 140)
TASK_HEIGHT = 80
TASK_LINES = 5
EVENT = 36
GATEWAY = 50
LABEL_WIDTH = 90
INSIDE_FONT = 12.0
LABEL_FONT = 11.0
LINE = 1.2


def shape_size(kind: str, task_width: int) -> tuple[int, int]:
    """Width and height of a node that holds nothing."""
    if kind in EVENTS:
        return EVENT, EVENT
    if kind in GATEWAYS:
        return GATEWAY, GATEWAY
    if kind in ACTIVITIES:
        return task_width, TASK_HEIGHT
    return EVENT, GATEWAY


def task_width(names: list[Bilingual]) -> int:
    """The narrowest width in which every activity's name fits, in each language."""
    for width in TASK_WIDTHS:
        if all(
            len(list(wrapped(text, width - 12, INSIDE_FONT))) <= TASK_LINES
            for name in names
            for text in name.values()
        ):
            return width
    return TASK_WIDTHS[-1]


def label_size(name: Bilingual, width: float = LABEL_WIDTH) -> tuple[int, int]:
    """The box that holds an outside label in each of its languages; (0, 0) without words."""
    wide, high = 0.0, 0
    for text in name.values():
        lines = list(wrapped(text, width, LABEL_FONT))
        wide = max([wide, *(text_width(line, LABEL_FONT) for line in lines)])
        high = max(high, len(lines))
    return (round(wide + 4), round(high * LABEL_FONT * LINE + 2)) if high else (0, 0)


def text_width(text: str, font: float) -> float:
    return sum(map(_em, text)) * font


def _em(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in "iljtfrI.,:;'|! ()":
        return 0.32
    return 0.72 if char.isupper() or char in "mwMW@%" else 0.55


def wrapped(text: str, width: float, font: float) -> Iterator[str]:
    """The lines of a text as a browser breaks it: between words, or anywhere in Chinese."""
    line = ""
    for piece in _pieces(text):
        if line and text_width((line + piece).rstrip(), font) > width:
            yield line.rstrip()
            line = ""
        line += piece
    if line.strip():
        yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    word = ""
    for char in text:
        if unicodedata.east_asian_width(char) in "WF":
            yield from (word, char) if word else (char,)
            word = ""
        elif char.isspace():
            yield word + " "
            word = ""
        else:
            word += char
    if word:
        yield word
