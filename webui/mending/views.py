"""Hand-over items that a clerk closes with a reason; what an incident's code means in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.access import OVERSIGHT
from engine.errors import Conflict, EngineError, NotAllowed, NotFound
from engine.texts import catalogue
from storage import queries
from webui.auth import actor, signed, viewer
from webui.errors import refusal
from webui.frame import say
from webui.product import fresh, product, reading

views = Blueprint("mending", __name__, template_folder="templates")


@views.get("/hand-overs")
@signed
def hand_overs() -> str:
    """Messages that no procedure here receives: to be dealt with by hand."""
    closed = request.args.get("tab") == "closed"
    return _hand_overs(closed)


def _hand_overs(closed: bool, problem: str = "") -> str:
    rows = queries.hand_overs(reading(), viewer(), closed)
    return render_template(
        "mending/hand_overs.html",
        rows=rows,
        closed=closed,
        problem=problem,
        may_deal=may_deal(),
        cause=cause,
        offices=lambda row: [] if closed else _offices(row.id),
    )


def _offices(message_id: str) -> list[tuple[str, str]]:
    """(code, name) of the linked offices that could take an item: a person says which."""
    store, engine = product().looking(), product().engine
    meant = engine.addressees(store, message_id, store.message(message_id))
    return [(agency.code, agency.name) for agency in meant]


@views.post("/hand-overs/<message_id>/close")
@signed
def close(message_id: str) -> Any:
    """It was dealt with, and how."""
    reason, engine = request.form.get("reason", ""), product().engine
    return _dealt(
        message_id,
        "mending.closed",
        lambda dossier: engine.close_hand_over(actor(), message_id, dossier, reason),
    )


@views.post("/hand-overs/<message_id>/route")
@signed
def route(message_id: str) -> Any:
    """It goes to one of the offices that could take it, and why to this one."""
    reason, code = request.form.get("reason", ""), request.form.get("office", "")
    engine = product().engine
    return _dealt(
        message_id, "mending.routed", lambda _: engine.route(actor(), message_id, code, reason)
    )


def _dealt(message_id: str, said: str, verb: Callable[[str], None]) -> Any:
    if not may_deal():
        raise NotAllowed("page_not_for_role")
    rows = {row.id: row for row in queries.hand_overs(reading(), viewer())}
    if message_id not in rows:
        raise NotFound("no_message", name=message_id)
    fresh()
    try:
        verb(rows[message_id].dossier)
    except EngineError as refused:
        return _hand_overs(False, refusal(refused)), 422
    say(said)
    return redirect(url_for("mending.hand_overs"))


def may_deal() -> bool:
    """Whoever only watches deals with nothing."""
    return bool(actor().roles - OVERSIGHT)


def is_over(case_id: str) -> bool:
    """Whether a case that this reader may see has ended; it is said on the next page."""
    row = queries.case_row(reading(), viewer(), case_id)
    if row is None or row.status in ("open", "held"):
        return False
    flash(refusal(Conflict("case_over")), "soon")
    return True


def whose(dossier_id: str) -> queries.DossierRow | None:
    """The dossier of a case with its number and parties."""
    return queries.dossier_row(reading(), viewer(), dossier_id)


def cause(code: str, params: dict[str, Any]) -> str:
    """The sentence behind an incident's code; the code itself where no text knows it."""
    if code not in catalogue():
        return f"{code} {params or ''}".strip()
    failed = EngineError(code, **{name: one for name, one in params.items() if name != "code"})
    return refusal(failed)
