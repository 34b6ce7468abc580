"""Staff ask parties in: link and code are shown once, ended links stay in the list."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.commands.joining import Newcomer
from engine.commands.visiting import Invitee
from engine.errors import EngineError, NotFound
from storage import queries
from webui.auth import actor, signed, viewer
from webui.errors import STATUS, family, refusal
from webui.frame import say
from webui.product import fresh, product, reading

from .views import views


@views.get("/dossiers/<dossier_id>/invitations")
@signed
def invitations(dossier_id: str) -> str:
    """Who was asked in, until when, and the form to ask somebody."""
    return _page(_seen(dossier_id))


@views.post("/dossiers/<dossier_id>/invitations")
@signed
def invite(dossier_id: str) -> Any:
    """Ask somebody in; the answer to this post is the only page that ever shows link and code."""
    row, form = _seen(dossier_id), request.form
    whom = Invitee(form.get("party", ""), form.get("name", ""), form.get("agent") == "yes")
    fresh()
    try:
        asked = product().engine.invite(actor(), dossier_id, whom)
    except EngineError as refused:
        return _page(row, problem=refusal(refused)), STATUS[family(refused)]
    link = url_for("party.enter", secret=asked.secret, _external=True)
    return _page(row, asked=asked, link=link)


@views.post("/dossiers/<dossier_id>/parties")
@signed
def join(dossier_id: str) -> Any:
    """Put somebody on record whom the dossier does not know yet."""
    row, form = _seen(dossier_id), request.form
    newcomer = Newcomer(*(form.get(name, "") for name in ("joining", "side", "kind")))
    fresh()
    try:
        party = product().engine.put_on_record(
            actor(), dossier_id, newcomer, form.get("reason", "")
        )
    except EngineError as refused:
        return _page(row, problem=refusal(refused)), STATUS[family(refused)]
    say("party.joined", name=party.name)
    return redirect(url_for("party.invitations", dossier_id=dossier_id, party=party.id))


@views.post("/dossiers/<dossier_id>/invitations/<invitation_id>/end")
@signed
def end_invitation(dossier_id: str, invitation_id: str) -> Response:
    """Take an invitation back, with a reason."""
    _seen(dossier_id)
    if invitation_id not in {row.id for row in queries.invitation_rows(reading(), dossier_id)}:
        raise NotFound("no_invitation")
    fresh()
    product().engine.end_invitation(actor(), invitation_id, request.form.get("reason", ""))
    say("party.ended")
    return redirect(url_for("party.invitations", dossier_id=dossier_id))


def _seen(dossier_id: str) -> queries.DossierRow:
    row = queries.dossier_row(reading(), viewer(), dossier_id)
    if row is None:
        raise NotFound("no_dossier", name=dossier_id)
    return row


def _page(row: queries.DossierRow, **shown: Any) -> str:
    db = reading()
    return render_template(
        "party/invitations.html",
        dossier=row,
        parties=queries.party_rows(db, row.id),
        rows=queries.invitation_rows(db, row.id),
        moment_now=product().clock(),
        **shown,
    )
