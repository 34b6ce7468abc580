"""Stepping aside from a dossier, and ending that."""

from __future__ import annotations

from typing import Any

from flask import request

from engine.access import may_recuse
from webui.auth import actor, only, signed
from webui.product import product

from .views import act_on, views


@views.post("/dossiers/<dossier_id>/recusals")
@signed
def recuse(dossier_id: str) -> Any:
    """One's own recusal, or that of somebody else where a supervisor decides it."""
    form, verb = request.form, product().engine.recuse
    told = (
        form.get("person", "") or actor().person,
        form.get("ground", ""),
        form.get("reason", ""),
    )
    return act_on(
        *(dossier_id, "recusals", "dossier.recused"), lambda: verb(actor(), dossier_id, *told)
    )


@views.post("/dossiers/<dossier_id>/recusals/<bar_id>/end")
@only(may_recuse)
def end_recusal(dossier_id: str, bar_id: str) -> Any:
    """The person may act in the dossier again."""
    reason, verb = request.form.get("reason", ""), product().engine.end_recusal
    return act_on(
        *(dossier_id, "recusals", "dossier.recusal_ended"),
        lambda: verb(actor(), dossier_id, bar_id, reason),
    )
