"""Proposing to destroy, deciding on it, carrying it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for

from engine.access import may_read_retention
from engine.errors import EngineError, NotAllowed, NotFound
from storage import queries
from webui.auth import actor, only, viewer
from webui.errors import refusal
from webui.frame import say
from webui.product import fresh, product, reading
from webui.registers import schedule

from .views import due_page, list_page, views


@views.post("/due")
@only(may_read_retention)
def propose() -> Any:
    """A list of the dossiers that were ticked."""
    chosen = request.form.getlist("dossier")
    for one in chosen:
        if queries.dossier_row(reading(), viewer(), one) is None:
            raise NotFound("no_dossier", name=one)
    fresh()
    try:
        made = product().engine.propose_destruction(actor(), chosen, schedule(), _reason())
    except EngineError as refused:
        return due_page(refusal(refused)), 422
    say("retention.proposed", number=made.number)
    return redirect(url_for("retention.one_list", list_id=made.id))


@views.post("/lists/<list_id>/decision")
@only(may_read_retention)
def decide(list_id: str) -> Any:
    """Approve or refuse: the appraisal by a second person."""
    approved = request.form.get("decision") == "approve"

    def act() -> None:
        product().engine.decide_destruction(actor(), list_id, approved, _reason())
        say("retention.approved" if approved else "retention.refused")

    return _on_list(list_id, act)


@views.post("/lists/<list_id>/carry-out")
@only(may_read_retention)
def carry_out(list_id: str) -> Any:
    """Destroy what nothing keeps; again after an interruption, it goes on."""

    def act() -> None:
        done = product().engine.carry_out(actor(), list_id, schedule())
        count = len(done.certificates)
        say("retention.carried_out", destroyed=count, kept=len(done.kept), files=done.files)

    return _on_list(list_id, act)


def _on_list(list_id: str, act: Callable[[], None]) -> Any:
    rows = queries.doomed_rows(reading(), viewer(), list_id)
    if not rows:
        raise NotFound("no_destruction")
    is_whole = len(rows) == len(product().looking().doomed(list_id))
    fresh()
    try:
        if not is_whole:
            raise NotAllowed("destruction_seen_in_part")
        act()
    except EngineError as refused:
        return list_page(list_id, refusal(refused)), 422
    return redirect(url_for("retention.one_list", list_id=list_id))


def _reason() -> str:
    return request.form.get("reason", "")
