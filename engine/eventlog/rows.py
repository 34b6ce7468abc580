"""An event log as CSV (RFC 4180): one line for each event, ids and codes, times in UTC."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from engine.journal import rfc3339

from .happenings import Happening, Trace

HEADS = (
    *("case", "activity", "time", "lifecycle", "resource", "role", "on_behalf", "element", "task"),
    *("verb", "seq", "dossier", "procedure", "office", "release", "sender"),
)


def csv_lines(log: Iterable[Trace]) -> Iterator[str]:
    """The log in portions."""
    yield _line(HEADS)
    for trace in log:
        for one in trace.happenings:
            yield _line(_cells(trace, one))


def _cells(trace: Trace, one: Happening) -> Sequence[str]:
    return (
        *(trace.case, one.activity, rfc3339(one.at), one.lifecycle, one.actor, one.role),
        *(one.behalf, one.element, one.task, one.verb, str(one.seq), trace.number),
        *(trace.procedure, trace.org, one.release, one.sender),
    )


def _line(cells: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
