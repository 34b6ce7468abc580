"""Service of documents in a dossier: notices sent to parties, and what became of each."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from engine.commands.dispatching import Wanted
from engine.errors import EngineError, NotFound
from storage import queries
from webui.auth import actor, signed
from webui.errors import refusal
from webui.frame import say
from webui.product import fresh, product, reading

from .views import seen, views


@views.post("/dossiers/<dossier_id>/notices")
@signed
def notify(dossier_id: str) -> Response:
    """Queue a notice to a party."""
    seen(dossier_id)
    form = request.form
    wanted = Wanted(
        form.get("party", ""),
        "platform" if form.get("channel") == "platform" else "email",
        form.get("address", "").strip(),
        form.get("document", "").strip()[:100],
    )
    return _done(dossier_id, lambda: product().engine.notify(actor(), dossier_id, wanted, link))


@views.post("/dossiers/<dossier_id>/notices/<dispatch_id>/again")
@signed
def notify_again(dossier_id: str, dispatch_id: str) -> Response:
    """Send a failed notice again, with a new link."""
    seen(dossier_id)
    return _done(dossier_id, lambda: product().engine.send_again(actor(), dispatch_id, link))


@views.post("/dossiers/<dossier_id>/letters/<path:letter_id>/again")
@signed
def letter_again(dossier_id: str, letter_id: str) -> Response:
    """Send a failed message to another office again."""
    seen(dossier_id)
    about = (one.id for one in queries.letters_about(reading(), dossier_id))
    if letter_id not in about:
        raise NotFound("no_letter", name=letter_id)
    return _done(dossier_id, lambda: product().engine.resend(actor(), letter_id))


def link(secret: str) -> str:
    """Where a party enters with the secret of a link."""
    return url_for("party.enter", secret=secret, _external=True)


def _done(dossier_id: str, act: Any) -> Response:
    fresh()
    try:
        act()
        say("delivery.queued")
    except EngineError as refused:
        flash(refusal(refused), "late")
    return redirect(url_for("dossiers.dossier", dossier_id=dossier_id, tab="delivery"))
