"""Figures of many cases: how often, how long, which ways, which periods were kept; from journals alone."""

from .counting import CLOCK, REWORK, VISITS, Count, Figures, Line, Period, Spread, Step, bottlenecks
from .walking import PARTIES, three_figures, walk
from .ways import fact

__all__ = [
    "CLOCK",
    "PARTIES",
    "REWORK",
    "VISITS",
    "Count",
    "Figures",
    "Line",
    "Period",
    "Spread",
    "Step",
    "bottlenecks",
    "fact",
    "three_figures",
    "walk",
]
