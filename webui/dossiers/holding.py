"""Legal holds on a dossier, a party or a document of it: placed and lifted with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from engine.access import may_hold
from engine.errors import NotFound
from engine.model.retained import HoldKind
from webui.auth import actor, only
from webui.product import product

from .views import act_on, views

KINDS: Mapping[str, HoldKind] = {"dossier": "dossier", "person": "person"}


@views.post("/dossiers/<dossier_id>/holds")
@only(may_hold)
def hold(dossier_id: str) -> Any:
    """Put a dossier, a person or a document on hold."""
    kind, _, ref = request.form.get("target", "").partition(":")
    target = (KINDS.get(kind, "document"), ref)
    reason = request.form.get("reason", "")
    place = product().engine.place_hold
    return act_on(
        *(dossier_id, "keeping", "retention.held"),
        lambda: place(actor(), dossier_id, target, reason),
    )


@views.post("/dossiers/<dossier_id>/holds/<hold_id>/end")
@only(may_hold)
def lift_hold(dossier_id: str, hold_id: str) -> Any:
    """Lift a hold, with a reason."""
    if product().looking().hold(hold_id).dossier != dossier_id:
        raise NotFound("no_hold")
    reason, lift = request.form.get("reason", ""), product().engine.lift_hold
    return act_on(
        *(dossier_id, "keeping", "retention.lifted"), lambda: lift(actor(), hold_id, reason)
    )
