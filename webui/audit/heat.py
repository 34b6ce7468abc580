"""Figures on a drawing: the darker the more, with the number beside it; five shades and their legend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.diagram import Diagram
from engine.figures import Figures, Spread, Step
from webui.figuring import Naming

from .picture import Picture, pictures
from .places import MAIN, Atlas, Spot

SHOWN = ("times", "waited", "worked")
SHADES = 5
Values = Mapping[Spot, int]


@dataclass(frozen=True, slots=True)
class Heat:
    """``legend``: (mark, up to which number it reaches)."""

    pictures: Sequence[Picture]
    legend: Sequence[tuple[str, str]]


def heated(figures: Figures, atlas: Atlas, naming: Naming, show: str) -> Heat:
    """Every drawing that cases came to; ``show``: one of SHOWN."""
    values = _passed(figures, atlas) if show == "times" else _lasted(figures, atlas, show)
    words: Callable[[int], str] = str if show == "times" else naming.lasted
    shades = _shades(values)
    homes = sorted({spot.home for spot in values} | {MAIN}, key=lambda name: (name != MAIN, name))
    drawn: list[Picture] = []
    for home in homes:
        drawing = atlas.drawings[home]
        here = {spot.element: value for spot, value in values.items() if spot.home == home}
        lit: dict[str, set[str]] = {}
        for element, value in here.items():
            if value and not _holds(drawing, element):
                lit.setdefault(shades[value], set()).add(element)
        numbers = {element: words(value) for element, value in here.items()}
        drawn += pictures(drawing, lit, numbers=numbers)
    tops = {shade: value for value, shade in sorted(shades.items())}
    return Heat(drawn, [(shade, words(top)) for shade, top in tops.items()])


def _holds(drawing: Diagram, element: str) -> bool:
    """Whether others are drawn inside it: they tell where the heat is."""
    shape = drawing.shapes.get(element)
    return shape is not None and bool(shape.expanded)


def _shades(values: Values) -> Mapping[int, str]:
    """By value: each shade holds about as many different values as the next, the last the greatest."""
    found = sorted(set(values.values()) - {0})
    count = len(found)
    return {
        value: f"heat{SHADES - (count - 1 - place) * SHADES // count}"
        for place, value in enumerate(found)
    }


def _passed(figures: Figures, atlas: Atlas) -> Values:
    """How often each element was entered and each flow taken."""
    found: dict[Spot, int] = {}
    entered = ((s.scope, s.element, s.visits["entered"].times) for s in figures.steps())
    taken = ((line.words[0], line.words[1], line.count.times) for line in figures.flows())
    for scope, element, times in (*entered, *taken):
        spot = atlas.spot(element, scope)
        found[spot] = found.get(spot, 0) + times
    return found


def _lasted(figures: Figures, atlas: Atlas, show: str) -> Values:
    """The median time at each element; where several calls lead to it, of the longest in all."""

    def spread(step: Step) -> Spread:
        return step.waited if show == "waited" else step.worked

    timed = [step for step in figures.steps() if spread(step).count]
    return {
        atlas.spot(step.element, step.scope): spread(step).median or 0
        for step in sorted(timed, key=lambda step: spread(step).total)
    }


def _shade(value: int, most: int) -> int:
    return max(1, -(-value * SHADES // most)) if most else 1
