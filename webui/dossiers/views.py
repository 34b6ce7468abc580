"""Dossiers: the list with search, one dossier with all its cases, its files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.access import may_recuse, may_reveal, may_take_away
from engine.commands.apart import GROUNDS
from engine.errors import EngineError, NotAllowed, NotFound
from engine.spiff import read_state
from storage import queries
from webui.auth import actor, signed, viewer
from webui.clockcards import ClockCard, clock_cards
from webui.display import local
from webui.errors import redrawn, refusal
from webui.frame import say
from webui.health import keep_apart
from webui.procedures import drawn
from webui.product import fresh, product, reading
from webui.registers import duty_name
from webui.retention.shown import keeping_shown
from webui.words import t

from .documents import documents_shown
from .filed import files_shown
from .kept import kept_sections
from .reading import note_reading
from .related import related_shown
from .served import delivery_shown

views = Blueprint("dossiers", __name__, template_folder="templates")
TABS = (
    *("progress", "cases", "documents", "delivery", "parties", "related", "clocks"),
    *("recusals", "keeping", "readers"),
)
ENTRIES = 200
WATCHED = ("read", "reveal", "health_read", "take_away")


@views.get("/dossiers")
@signed
def index() -> str:
    """Every dossier this person may see, newest first; found by number, party or document number."""
    words = request.args.get("q", "").strip()[:100]
    asked = request.args.get("page", "1")
    page = int(asked) if asked.isdecimal() and 1 <= int(asked) <= 2000 else 1
    rows, more = queries.dossiers(reading(), viewer(), words, page)
    return render_template("dossiers/index.html", rows=rows, more=more, words=words, page=page)


@views.get("/dossiers/<dossier_id>")
@signed
def dossier(dossier_id: str) -> str:
    """One dossier: progress over all cases, cases, documents, parties, clocks, readers."""
    seen(dossier_id)
    keep_apart()
    note_reading(dossier_id)
    return _dossier(dossier_id, request.args.get("tab", "progress"))


@views.post("/dossiers/<dossier_id>/parties/<party_id>/reveal")
@signed
def reveal(dossier_id: str, party_id: str) -> str:
    """Show a party's full identity number once; the journal says who asked."""
    seen(dossier_id)
    if not may_reveal(actor()):
        raise NotAllowed("may_not_reveal")
    if party_id not in {party.id for party in queries.party_rows(reading(), dossier_id)}:
        raise NotFound("no_dossier", name=party_id)
    fresh()
    product().engine.note_reveal(actor(), dossier_id, party_id)
    return _dossier(dossier_id, "parties", party_id)


def _dossier(dossier_id: str, tab: str, revealed: str = "") -> str:
    row = seen(dossier_id)
    keep_apart()
    db = reading()
    cases = queries.dossier_cases(db, dossier_id)
    shown: dict[str, Any] = {"tab": tab if tab in TABS else "progress"}
    streams = [f"dossier:{dossier_id}", *(f"case:{case.id}" for case in cases)]
    match shown["tab"]:
        case "progress":
            shown["entries"] = queries.recent_entries(db, streams, ENTRIES)
        case "readers":
            shown["entries"] = queries.recent_entries(db, streams[:1], ENTRIES, WATCHED)
        case "documents":
            shown["documents"] = documents_shown(dossier_id)
            shown |= files_shown(dossier_id)
        case "delivery" | "related" | "recusals" | "keeping" as named:
            shown |= PARTS[named](dossier_id)
        case "parties":
            shown |= {"sections": kept_sections(dossier_id), "may_reveal": may_reveal(actor())}
            shown["today"] = local(product().clock()).date()
        case "clocks":
            shown["clocks"] = [(case, card) for case in cases for card in _cards(case)]
    return render_template(
        "dossiers/dossier.html",
        dossier=row,
        cases=cases,
        parties=queries.party_rows(db, dossier_id),
        open_now=queries.dossier_tasks(db, dossier_id),
        releases={f"case:{case.id}": case.release for case in cases},
        tabs=TABS,
        revealed=revealed,
        marks=queries.marks_of(db, dossier_id),
        may_be_taken=may_take_away(actor()),
        **shown,
    )


def act_on(dossier_id: str, tab: str, said: str, act: Callable[[], object]) -> Any:
    """Do it and say so on the tab; a refusal is told there, with what was typed still in its form.
    Without ``said`` the act has its own words."""
    seen(dossier_id)
    fresh()
    try:
        act()
    except EngineError as refused:
        flash(refusal(refused), "late")
        fresh()
        return _dossier(dossier_id, tab), redrawn(refused)
    if said:
        say(said)
    return redirect(url_for("dossiers.dossier", dossier_id=dossier_id, tab=tab))


def _recusals(dossier_id: str) -> dict[str, Any]:
    db, may = reading(), may_recuse(actor())
    people = queries.people_rows(db, product().clock()) if may else []
    return {
        "bars": queries.bar_rows(db, dossier_id),
        "may_recuse": may,
        "duty_name": duty_name,
        "people": [(one.id, one.name) for one in people if one.active],
        "grounds": [(one, t(f"dossier.ground_{one}")) for one in GROUNDS],
    }


PARTS = {
    "delivery": delivery_shown,
    "related": related_shown,
    "recusals": _recusals,
    "keeping": keeping_shown,
}
"""Tabs that are all in one hand."""


def _cards(row: queries.CaseRow) -> list[ClockCard]:
    case = product().looking().case(row.id)
    return clock_cards(read_state(case.state).clocks, case, drawn(row.release).release)


def seen(dossier_id: str) -> queries.DossierRow:
    """A dossier that this reader may see; NotFound else."""
    row = queries.dossier_row(reading(), viewer(), dossier_id)
    if row is None:
        raise NotFound("no_dossier", name=dossier_id)
    return row
