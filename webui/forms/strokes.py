"""A signature drawn on the pad, as a small picture of our own making: nothing a browser sent is kept."""

from __future__ import annotations

import json

WIDTH, HEIGHT = 1000, 400
MOST_STROKES, MOST_POINTS, FEWEST = 300, 20_000, 6
THIN, THICK = 3.0, 9.0
Stroke = list[tuple[int, int, int]]


def drawn_signature(told: str) -> bytes | None:
    """The SVG of strokes ``[[[x, y, pressure], ...], ...]``: x to 1000, y to 400, pressure to 100.

    None where it is no drawing, or too little of one to be a signature.
    """
    strokes = _read(told)
    if strokes is None or sum(map(len, strokes)) < FEWEST:
        return None
    paths = "".join(map(_path, strokes))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    ink = '<g fill="none" stroke="#111" stroke-linecap="round" stroke-linejoin="round">'
    return f"{head}{ink}{paths}</g></svg>".encode()


def _path(stroke: Stroke) -> str:
    pressure = sum(point[2] for point in stroke) / len(stroke)
    width = THIN + (THICK - THIN) * pressure / 100
    way = " ".join(f"{x},{y}" for x, y, _ in [*stroke, stroke[-1]])
    return f'<polyline stroke-width="{width:.1f}" points="{way}"/>'


def _read(told: str) -> list[Stroke] | None:
    try:
        found = json.loads(told)
        strokes = [
            [_point(*point) for point in stroke] for stroke in found[:MOST_STROKES] if stroke
        ]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    return strokes if sum(map(len, strokes)) <= MOST_POINTS else None


def _point(x: float, y: float, pressure: float) -> tuple[int, int, int]:
    """Numbers only, within the pad."""
    return _within(x, WIDTH), _within(y, HEIGHT), _within(pressure, 100)


def _within(value: float, most: int) -> int:
    return max(0, min(most, round(float(value))))
