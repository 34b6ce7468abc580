"""Watch a case: on its own drawing, as a list with everything in it, and entry by entry as it streams."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, g, render_template, request, stream_with_context
from werkzeug.wrappers import Response

from engine.errors import NotAllowed, NotFound
from storage import queries
from webui.auth import actor, signed, viewer
from webui.dossiers.case import fault_text, judged
from webui.dossiers.reading import note_reading
from webui.health import health_fields, keep_apart, may_reveal, note_opening
from webui.procedures import Drawn, drawn
from webui.product import product, reading

from .before_after import course, pairs
from .picture import Picture, pictures
from .places import MAIN, Atlas, Marks, Spot
from .showing import Showing, Shown
from .telling import tell

views = Blueprint("audit", __name__, template_folder="templates")
MARKS = ("past", "here", "wrong")


@views.get("/cases/<case_id>/watch")
@signed
def watch(case_id: str) -> str:
    """The case on its drawing with its time line; without a script, the still drawing and the list."""
    return _watch(seen_case(case_id))


@views.post("/cases/<case_id>/watch")
@signed
def verdict(case_id: str) -> str:
    """The same with what replaying and verifying it all gave."""
    return _watch(seen_case(case_id), judged(case_id))


def _watch(row: queries.CaseRow, verdict: Any = None) -> str:
    entries = queries.recent_entries(reading(), [f"case:{row.id}"], row.seq + 1)[::-1]
    return render_template(
        "audit/watch.html",
        **_about(row),
        entries=entries,
        verdict=verdict,
        fault_text=fault_text,
    )


@views.get("/cases/<case_id>/watch/text")
@signed
def text(case_id: str) -> str:
    """Everything that is known of every entry, as one page: for reading, for paper, without scripts."""
    return _text(seen_case(case_id))


@views.post("/cases/<case_id>/watch/text")
@signed
def reveal(case_id: str) -> str:
    """The same with the health data that this reader's roles see; each time it is noted."""
    row = seen_case(case_id)
    if not actor().roles & {role for some in _health(row).values() for role in some}:
        raise NotAllowed("health_apart")
    note_opening((row.dossier, case_id, ""))
    return _text(row, revealed=True)


def _health(row: queries.CaseRow) -> Mapping[str, Sequence[str]]:
    return health_fields(drawn(row.release))


def _text(row: queries.CaseRow, revealed: bool = False) -> str:
    told = list(told_of(row, viewer(), revealed))
    last = told[-1].moment.after if told else None
    return render_template(
        "audit/text.html",
        **_about(row),
        told=told,
        pictures=pictures_of(drawn(row.release), told),
        may_reveal=bool(last)
        and not revealed
        and may_reveal(_health(row), last.data if last else {}),
    )


def _about(row: queries.CaseRow) -> dict[str, Any]:
    return {
        "case": row,
        "drawn": drawn(row.release),
        "dossier": queries.dossier_row(reading(), viewer(), row.dossier),
    }


@views.get("/cases/<case_id>/watch/steps.jsonl")
@signed
def steps(case_id: str) -> Response:
    """One JSON object a line for each entry, as the telling goes: what to light, and it in words."""
    lines = stream_with_context(_lines(seen_case(case_id)))
    return Response(lines, mimetype="application/x-ndjson")


def _lines(row: queries.CaseRow) -> Iterator[str]:
    for one in told_of(row, viewer()):
        said = {
            "seq": one.row.seq,
            **_lit(one.marks),
            "html": render_template("audit/moment.html", one=one, shown_in="page"),
        }
        yield json.dumps(said, ensure_ascii=False) + "\n"


def _lit(marks: Marks) -> dict[str, Any]:
    def keys(spots: tuple[Spot, ...]) -> list[str]:
        return [one.key for one in spots]

    at = marks.at.key if marks.at else ""
    lit = {"passed": keys(marks.passed), "here": keys(marks.here), "wrong": keys(marks.wrong)}
    return {"at": at, **lit}


@views.get("/cases/<case_id>/watch/<int:seq>")
@signed
def entry(case_id: str, seq: int) -> str:
    """One entry with the case before and after it, on its drawings and in words."""
    row = seen_case(case_id)
    one = next(
        (each for each in told_of(row, viewer()) if each.row.seq == seq and each.moment.moved), None
    )
    if one is None or one.moment.before is None or one.moment.after is None:
        raise NotFound("no_entry", seq=seq)
    before, after, told = one.moment.before, one.moment.after, one.moment.told
    found = drawn(told.entry.release)
    old = drawn(str(told.payload.data["from"])) if told.entry.verb == "move" else found
    return render_template(
        "audit/entry.html",
        **_about(row),
        one=one,
        pairs=pairs((old.release, found.release), (before.state, after.state)),
        course=course(before, after, found.step),
    )


@views.get("/cases/<case_id>/watch/drawing.bpmn")
@signed
def drawing(case_id: str) -> Response:
    """One of the drawings of the case's release: ``home`` names its file."""
    release = drawn(seen_case(case_id).release).release
    home = request.args.get("home", MAIN)
    if home not in release.files or not home.endswith(MAIN):
        raise NotFound("no_case", name=case_id)
    return Response(release.files[home], mimetype="application/xml")


def told_of(
    row: queries.CaseRow, reader: queries.Viewer, revealed: bool = False
) -> Iterator[Shown]:
    """Every entry in words, in order, up to the first that does not replay the same."""
    store, engine = product().looking(), product().engine
    showing = Showing(row, drawn(row.release), reader, revealed)
    told = tell(
        store.entries(f"case:{row.id}"),
        lambda digest: engine.release_of(store, digest),
        lambda digest: engine.facts_of(store, digest),
    )
    return map(showing.show, told)


def pictures_of(found: Drawn, told: list[Shown]) -> list[Picture]:
    """Each drawing that the case came to, with its path, where it is and what failed."""
    spots: dict[str, set[Spot]] = {name: set() for name in MARKS}
    for one in told:
        spots["past"] |= set(one.marks.passed)
        spots["wrong"] = set(one.marks.wrong)
        spots["here"] = set(one.marks.here)
    drawings = Atlas(found.release).drawings
    came = {spot.home for some in spots.values() for spot in some} | {MAIN}
    return [
        picture
        for home in sorted(came, key=lambda name: (name != MAIN, name))
        for picture in pictures(drawings[home], _on(home, spots))
    ]


def _on(home: str, spots: dict[str, set[Spot]]) -> dict[str, set[str]]:
    return {mark: {one.element for one in some if one.home == home} for mark, some in spots.items()}


def seen_case(case_id: str) -> queries.CaseRow:
    """A case that this reader may watch, its reading noted; NotFound else, NotAllowed for doctors."""
    row = queries.case_row(reading(), viewer(), case_id)
    if row is None:
        raise NotFound("no_case", name=case_id)
    keep_apart()
    note_reading(row.dossier)
    g.part = "dossiers.index"
    return row
