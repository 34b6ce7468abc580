"""A dossier on one time line: the entries of all its cases, and what they handed to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import g, render_template, request

from storage import queries
from webui.auth import signed, viewer
from webui.dossiers.reading import note_reading
from webui.dossiers.views import seen
from webui.health import keep_apart
from webui.procedures import drawn
from webui.product import reading

from .views import views

LIMIT = 1_000
BEGINNING = datetime.fromtimestamp(0, UTC)
KINDS: Mapping[str, frozenset[str]] = {
    "acts": frozenset({"start", "complete", "cancel", "give_row", "open"}),
    "machine": frozenset({"fire", "effect_returned", "effect_failed", "facts_changed"}),
    "links": frozenset({"message", "signal"}),
    "trouble": frozenset(
        {"held", "retry", "correct", "relocate", "effect_failed", "clock_breached"}
    ),
}
"""What may be asked for, with its verbs; "notes" are the entries that no replay plays."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A message at one of its ends. ``case``: at the other end, "" for one that may not be seen."""

    name: str
    out: bool
    case: str
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry on the line: ``case`` "" for the dossier's own."""

    row: queries.EntryRow
    case: str
    title: str
    handed: Sequence[Handed] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """A message in the picture: from a case and a moment to a case and a moment, in percent."""

    start: tuple[float, int]
    end: tuple[float, int]


@views.get("/dossiers/<dossier_id>/timeline")
@signed
def timeline(dossier_id: str) -> str:
    """All entries of the dossier and its cases in order of time, by case and kind as asked."""
    row = seen(dossier_id)
    keep_apart()
    note_reading(dossier_id)
    g.part = "dossiers.index"
    cases = queries.dossier_cases(reading(), dossier_id)
    names = {one.id: drawn(one.release).name for one in cases}
    asked = request.args.get("case", ""), request.args.get("kind", "")
    every = _lines(dossier_id, names)
    return render_template(
        "audit/timeline.html",
        dossier=row,
        cases=cases,
        names=names,
        asked=asked,
        kinds=[*KINDS, "notes"],
        lines=[one for one in every if _fits(one, *asked)],
        picture=_picture(every, list(names)),
        limit=LIMIT if len(every) == LIMIT else 0,
    )


def _lines(dossier_id: str, names: Mapping[str, str]) -> list[Line]:
    """The newest entries, oldest first, each with the messages it threw or took."""
    streams = [f"dossier:{dossier_id}", *(f"case:{one}" for one in names)]
    rows = queries.recent_entries(reading(), streams, LIMIT)[::-1]
    ends = _ends(names)
    lines = []
    for row in rows:
        kind, _, case = row.stream.partition(":")
        case = case if kind == "case" else ""
        handed = ends.get((case, row.seq), []) + _begun(ends, row, case)
        lines.append(Line(row, case, names.get(case, ""), handed))
    return lines


def _ends(names: Mapping[str, str]) -> dict[tuple[str, object], list[Handed]]:
    """Messages by (case, seq) of the entry that threw them and by (case, id) where they were taken."""
    found = queries.carried(reading(), list(names))
    beyond = {case for one in found for case in (one.sender, one.receiver)} - {*names, ""}
    others = queries.seen_cases(reading(), viewer(), sorted(beyond))
    titles = {**names, **{id: drawn(one.release).name for id, one in others.items()}}
    ends: dict[tuple[str, object], list[Handed]] = {}
    for one in found:
        out = Handed(one.name, True, _open(one.receiver, titles), titles.get(one.receiver, ""))
        took = Handed(one.name, False, _open(one.sender, titles), titles.get(one.sender, ""))
        number = one.id.split(":")[1:2]
        if one.sender and number and number[0].isdecimal():
            ends.setdefault((one.sender, int(number[0])), []).append(out)
        ends.setdefault((one.receiver, one.id), []).append(took)
    return ends


def _open(case: str, titles: Mapping[str, str]) -> str:
    return case if case in titles else ""


def _begun(
    ends: Mapping[tuple[str, object], list[Handed]], row: queries.EntryRow, case: str
) -> list[Handed]:
    """The message that an entry took: named by its data; that with which a case began came first."""
    data = row.data or {}
    if row.verb == "start" and "payload" in data:
        taken = [some for (to, key), some in ends.items() if to == case and isinstance(key, str)]
        return taken[0] if taken else []
    return ends.get((case, str(data.get("id", ""))), []) if row.verb in KINDS["links"] else []


def _fits(line: Line, case: str, kind: str) -> bool:
    if case and line.case != (case if case != "dossier" else ""):
        return False
    if kind == "notes":
        return line.row.kind == "note"
    if kind == "links":
        return bool(line.handed)
    return line.row.verb in KINDS.get(kind, {line.row.verb})


def _picture(lines: Sequence[Line], cases: Sequence[str]) -> dict[str, Sequence[object]]:
    """Dots (percent of the time, row) of the cases' inputs, and the arrows between them."""
    dots = [one for one in lines if one.case and one.row.kind == "input"]
    span = _span(dots)
    where = {(one.case, one.row.seq): (span(one.row.at), cases.index(one.case)) for one in dots}
    arrows = []
    for one in dots:
        for handed in one.handed:
            begun = _thrown(dots, handed, one) if not handed.out else None
            if begun:
                start = where[(begun.case, begun.row.seq)]
                arrows.append(Arrow(start, where[(one.case, one.row.seq)]))
    return {"dots": list(where.values()), "arrows": arrows}


def _thrown(dots: Sequence[Line], handed: Handed, taker: Line) -> Line | None:
    """The entry that threw what an entry took: the last before it that threw this to its case."""
    for one in reversed(dots):
        came = one.case == handed.case and one.row.at <= taker.row.at
        if came and any(
            h.out and (h.name, h.case) == (handed.name, taker.case) for h in one.handed
        ):
            return one
    return None


def _span(dots: Sequence[Line]) -> Callable[[datetime], float]:
    """How far along the line a moment stands, in percent."""
    times = [one.row.at for one in dots]
    first = min(times, default=BEGINNING)
    length = (max(times, default=BEGINNING) - first).total_seconds() or 1.0
    return lambda at: round(100 * (at - first).total_seconds() / length, 2)
