"""Where everything of one scope stands, relative to its upper left corner."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.diagram import Bounds

from .graph import Graph
from .spacing import Point

STRIP_COLUMN = 160.0


@dataclass(slots=True)
class Placed:
    """Where everything of one scope stands."""

    shapes: dict[str, Bounds] = field(default_factory=dict)
    lines: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Bounds] = field(default_factory=dict)
    lanes: list[tuple[float, float]] = field(default_factory=list)
    width: float = 0
    height: float = 0

    def moved(self, x: float, y: float) -> Placed:
        """The same elsewhere."""
        return Placed(
            {name: _moved(one, x, y) for name, one in self.shapes.items()},
            {name: [(px + x, py + y) for px, py in one] for name, one in self.lines.items()},
            {name: _moved(one, x, y) for name, one in self.labels.items()},
            [(top + y, bottom + y) for top, bottom in self.lanes],
            self.width,
            self.height,
        )

    def take(self, other: Placed) -> None:
        """Adds what stands inside this scope."""
        self.shapes |= other.shapes
        self.lines |= other.lines
        self.labels |= other.labels


def _moved(one: Bounds, x: float, y: float) -> Bounds:
    return Bounds(one.x + x, one.y + y, one.width, one.height)


def set_strip(graph: Graph) -> None:
    """Items without flows stand side by side below the rest of their lane."""
    deepest: dict[int, int] = {}
    for item in graph.items.values():
        deepest[item.lane] = max(deepest.get(item.lane, 0), item.row + 1)
    next_column: dict[int, int] = {}
    for item in graph.strip:
        item.span = max(1, round(item.width / STRIP_COLUMN + 0.3))
        item.row = deepest.get(item.lane, 0)
        item.column = next_column.get(item.lane, 0)
        next_column[item.lane] = item.column + item.span
