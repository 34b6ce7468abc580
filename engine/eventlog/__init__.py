"""Cases as event logs that tools of process mining read: XES, OCEL 2.0 and CSV, streamed."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from .happenings import Happening, Say, Trace, traces
from .ocel import ocel
from .rows import csv_lines
from .xes import xes

FORMATS: Mapping[str, Callable[[Iterable[Trace]], Iterator[str]]] = {
    "xes": xes,
    "ocel": ocel,
    "csv": csv_lines,
}
"""By name: each writes the same text for the same cases, portion by portion."""

__all__ = ["FORMATS", "Happening", "Say", "Trace", "traces"]
