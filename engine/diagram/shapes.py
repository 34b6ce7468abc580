"""Where things are drawn: rectangles, shapes, edges."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in diagram units, y downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def size(self) -> tuple[float, float]:
        return self.width, self.height

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Shape:
    """Where an element is drawn; ``plane`` is the element its BPMNPlane shows."""

    element: str
    bounds: Bounds
    label: Bounds | None = None
    expanded: bool | None = None
    plane: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """The line of a flow or association, from source to target."""

    element: str
    waypoints: tuple[tuple[float, float], ...]
    label: Bounds | None = None
    plane: str = ""
