"""Stepping aside from a dossier, and ending that."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for

from engine.access import may_recuse
from webui.auth import actor, only, signed
from webui.frame import say
from webui.product import fresh, product

from .views import seen, views


@views.post("/dossiers/<dossier_id>/recusals")
@signed
def recuse(dossier_id: str) -> Any:
    """One's own recusal, or that of somebody else where a supervisor decides it."""
    seen(dossier_id)
    fresh()
    form = request.form
    person = form.get("person", "") or actor().person
    product().engine.recuse(
        actor(), dossier_id, person, form.get("ground", ""), form.get("reason", "")
    )
    say("dossier.recused")
    return redirect(url_for("dossiers.dossier", dossier_id=dossier_id, tab="recusals"))


@views.post("/dossiers/<dossier_id>/recusals/<bar_id>/end")
@only(may_recuse)
def end_recusal(dossier_id: str, bar_id: str) -> Any:
    """The person may act in the dossier again."""
    seen(dossier_id)
    fresh()
    product().engine.end_recusal(actor(), dossier_id, bar_id, request.form.get("reason", ""))
    say("dossier.recusal_ended")
    return redirect(url_for("dossiers.dossier", dossier_id=dossier_id, tab="recusals"))
