"""Service of documents in a dossier: notices sent to parties, and what became of each."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from engine.commands.dispatching import Wanted
from engine.errors import NotFound
from storage import queries
from webui.auth import actor, signed
from webui.product import product, reading

from .views import act_on, seen, views


@views.post("/dossiers/<dossier_id>/notices")
@signed
def notify(dossier_id: str) -> Any:
    """Queue a notice to a party."""
    form = request.form
    wanted = Wanted(
        form.get("party", ""),
        "platform" if form.get("channel") == "platform" else "email",
        form.get("address", "").strip(),
        form.get("document", "").strip()[:100],
    )
    return _queue(dossier_id, lambda: product().engine.notify(actor(), dossier_id, wanted, link))


@views.post("/dossiers/<dossier_id>/notices/<dispatch_id>/again")
@signed
def notify_again(dossier_id: str, dispatch_id: str) -> Any:
    """Send a failed notice again, with a new link."""
    return _queue(dossier_id, lambda: product().engine.send_again(actor(), dispatch_id, link))


@views.post("/dossiers/<dossier_id>/letters/<path:letter_id>/again")
@signed
def letter_again(dossier_id: str, letter_id: str) -> Any:
    """Send a failed message to another office again."""
    seen(dossier_id)
    about = (one.id for one in queries.letters_about(reading(), dossier_id))
    if letter_id not in about:
        raise NotFound("no_letter", name=letter_id)
    return _queue(dossier_id, lambda: product().engine.resend(actor(), letter_id))


def link(secret: str) -> str:
    """Where a party enters with the secret of a link."""
    return url_for("party.enter", secret=secret, _external=True)


def _queue(dossier_id: str, act: Any) -> Any:
    return act_on(dossier_id, "delivery", "delivery.queued", act)
