"""Where the glyphs of a PDF stand: what leaves its page, what lies on something else."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2 as pdfium

EDGE = 20.0
"""Points of an A4 page that no letter writes on."""
Box = tuple[float, float, float, float]


def strayed(pdf: bytes) -> list[str]:
    """Each glyph beyond the edge of its page or over the next one, with its page."""
    return [
        f"{number}: {told}"
        for number, page in enumerate(pdfium.PdfDocument(pdf), 1)
        for told in _told(page)
    ]


def _told(page: pdfium.PdfPage) -> Iterator[str]:
    width, height = page.get_size()
    boxes = sorted(_boxes(page))
    for (left, bottom, right, top), character in boxes:
        if left < EDGE or bottom < EDGE or right > width - EDGE or top > height - EDGE:
            yield f"{character} leaves the page"
    for at, (one, character) in enumerate(boxes):
        for other, second in boxes[at + 1 :]:
            if other[0] >= one[2]:
                break
            if _over(one, other):
                yield f"{second} lies on {character}"


def _boxes(page: pdfium.PdfPage) -> Iterator[tuple[Box, str]]:
    text = page.get_textpage()
    for at in range(text.count_chars()):
        character = text.get_text_range(at, 1)
        if character.strip():
            yield text.get_charbox(at), character


def _over(one: Box, other: Box) -> bool:
    """A third of a glyph or more: kerning does less."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    narrow = min(one[2] - one[0], other[2] - other[0])
    return down > 1 and across > narrow / 3
