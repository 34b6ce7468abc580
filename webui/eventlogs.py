"""Event logs for page and command: which cases, in which words, in which form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from engine.diagram import read_diagram
from engine.eventlog import FORMATS, Say, Trace, traces
from engine.model import Entry, Release
from storage import queries

from .words import words

ENDINGS = {"xes": "xes", "ocel": "jsonocel", "csv": "csv"}
"""How files of each form end, as tools of process mining know them."""
MIMES = {"xes": "application/xml", "ocel": "application/json", "csv": "text/csv"}


def event_log(
    store: Any, cases: Iterable[queries.LoggedCase], form: str, language: str
) -> Iterator[str]:
    """The log of these cases, portion by portion: the same text as long as they stand still.

    ``store``: a store to look into; ``form``: xes, ocel or csv; ``language``: zh or en.
    """
    bare = (_trace(case) for case in cases)
    return FORMATS[form](traces(store, bare, naming(store.release, language)))


def _trace(case: queries.LoggedCase) -> Trace:
    told = asdict(case)
    return Trace(case=told.pop("id"), happenings=(), **told)


def naming(release_of: Callable[[str], Release], language: str) -> Say:
    """What entries are called: their step as it was drawn then, else their verb."""

    @cache
    def steps(digest: str) -> Mapping[str, str]:
        return _steps(release_of(digest), language)

    def say(entry: Entry) -> str:
        verb = words().get(f"verb.{entry.verb}", {}).get(language, entry.verb)
        return steps(entry.release).get(entry.element, verb) if entry.element else verb

    return say


def _steps(release: Release, language: str) -> dict[str, str]:
    """The names of all drawn elements, those of called procedures too; the main drawing's prevail."""
    drawings = sorted(
        (name for name in release.files if name.endswith("process.bpmn")),
        key=lambda name: name == "process.bpmn",
    )
    return {
        node.id: node.name.get(language) or node.name.get("zh") or node.id
        for name in drawings
        for node in read_diagram(release.files[name]).nodes.values()
    }
