"""XES (IEEE 1849): one trace for each case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import quoteattr

from engine.journal import rfc3339

from .happenings import Happening, Trace

_EXTENSIONS = (
    ("Concept", "concept"),
    ("Time", "time"),
    ("Lifecycle", "lifecycle"),
    ("Organizational", "org"),
)
_CLASSIFIERS = (
    ("Activity", "concept:name"),
    ("Step and transition", "liandiao:element lifecycle:transition"),
)
_EVENT = ("concept:name", "lifecycle:transition")
Value = str | int | datetime


def xes(log: Iterable[Trace]) -> Iterator[str]:
    """The log in portions. Times are UTC; people, roles and offices stand under their codes."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    for name, prefix in _EXTENSIONS:
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        yield f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'
    yield f'  <global scope="trace">{_attribute("concept:name", "")}</global>\n'
    event = "".join(_attribute(key, "") for key in _EVENT)
    event += '<date key="time:timestamp" value="1970-01-01T00:00:00.000000Z"/>'
    yield f'  <global scope="event">{event}</global>\n'
    for name, keys in _CLASSIFIERS:
        yield f'  <classifier name="{name}" scope="event" keys="{keys}"/>\n'
    for trace in log:
        yield from _trace(trace)
    yield "</log>\n"


def _trace(trace: Trace) -> Iterator[str]:
    about: tuple[tuple[str, Value], ...] = (
        ("concept:name", trace.case),
        ("liandiao:dossier", trace.number),
        ("liandiao:procedure", trace.procedure),
        ("org:group", trace.org),
        ("liandiao:started", trace.started_at),
    )
    yield "  <trace>" + _attributes(about) + "\n"
    for one in trace.happenings:
        yield "    <event>" + _attributes(_told(one)) + "</event>\n"
    yield "  </trace>\n"


def _told(one: Happening) -> tuple[tuple[str, Value], ...]:
    return (
        ("concept:name", one.activity),
        ("concept:instance", one.task),
        ("lifecycle:transition", one.lifecycle),
        ("time:timestamp", one.at),
        ("org:resource", one.actor),
        ("org:role", one.role),
        ("liandiao:on_behalf", one.behalf),
        ("liandiao:element", one.element),
        ("liandiao:verb", one.verb),
        ("liandiao:release", one.release),
        ("liandiao:sender", one.sender),
        ("liandiao:seq", one.seq),
    )


def _attributes(some: Iterable[tuple[str, Value]]) -> str:
    return "".join(_attribute(key, value) for key, value in some if value != "")


def _attribute(key: str, value: Value) -> str:
    kind = {int: "int", datetime: "date"}.get(type(value), "string")
    said = rfc3339(value) if isinstance(value, datetime) else _sayable(str(value))
    return f"<{kind} key={quoteattr(key)} value={quoteattr(said)}/>"


def _sayable(text: str) -> str:
    """XML 1.0 has no place for most control characters."""
    return "".join(sign if sign >= " " else " " for sign in text)
