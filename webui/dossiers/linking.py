"""Linking dossiers by hand, and ending a link."""

from __future__ import annotations

from typing import Any

from flask import request

from engine.commands.registers import Change
from engine.errors import Invalid, NotFound
from engine.registers import LINKS
from storage import queries
from webui.auth import actor, signed, viewer
from webui.display import local
from webui.frame import say
from webui.product import fresh, product, reading

from .related import links_register
from .views import act_on, seen, views


@views.post("/dossiers/<dossier_id>/links")
@signed
def link(dossier_id: str) -> Any:
    """Link another dossier by its number, with a kind and a reason."""
    form = request.form
    kind, why = form.get("kind", ""), form.get("why", "").strip()

    def act() -> None:
        other = queries.numbered_dossier(reading(), viewer(), form.get("number", "").strip())
        if other is None or other.id == dossier_id:
            raise NotFound("no_dossier", name=form.get("number", ""))
        raw = {"/other": [other.id], "/kind": [kind], "/why": [why]}
        asked = Change(raw, local(product().clock()).date(), dossier=dossier_id)
        fresh()
        try:
            product().engine.record(actor(), links_register(), asked)
        except Invalid as refused:
            raise Invalid("link_incomplete") from refused
        say("related.linked", number=other.number)

    return act_on(dossier_id, "related", "", act)


@views.post("/dossiers/<dossier_id>/links/<entry>/end")
@signed
def unlink(dossier_id: str, entry: str) -> Any:
    """End a link by hand, with a reason; its history stays in both dossiers."""
    seen(dossier_id)
    versions = queries.record_versions(reading(), LINKS, entry)
    if not versions or dossier_id not in (versions[0].dossier, versions[0].about):
        raise NotFound("no_entry")
    home = seen(versions[0].dossier).id
    today = local(product().clock()).date()
    why = request.form.get("reason", "")
    asked = Change({}, today, today, why, entry, len(versions), home)
    return act_on(
        *(dossier_id, "related", "related.unlinked"),
        lambda: product().engine.end(actor(), entry, links_register(), asked),
    )
