"""Who came in by link and code: a session of its own kind, good for the party's pages only."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request, url_for
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from engine.commands.visiting import Entered
from engine.model import Invitation
from webui.auth import PARTY_COOKIE, behind, digest, refuse_forgery
from webui.product import fresh, product


def _guard() -> Response | None:
    found = _identify()
    if found is None:
        if request.method != "GET":
            raise Unauthorized("session")
        return redirect(url_for("party.over"))
    g.visitor, g.visit = found
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        refuse_forgery()
    return None


visiting = behind(_guard)
"""For whom an invitation let in, and nobody of staff."""


def _identify() -> Any:
    token = request.cookies.get(PARTY_COOKIE, "")
    engine = product().engine
    found = engine.visitor(product().looking(), digest(token)) if token else None
    if found and request.method == "GET":
        fresh()
        engine.stay(found[1])
    return found


def visitor() -> Invitation:
    """The invitation behind this request."""
    found: Invitation = g.visitor
    return found


def address() -> str:
    return request.remote_addr or ""


def let_in(entered: Entered) -> Response:
    """The party's own cookie; the pages of staff never read it."""
    response = redirect(url_for("party.home"))
    response.set_cookie(
        PARTY_COOKIE,
        entered.token,
        httponly=True,
        samesite="Lax",
        secure=product().config.secure_cookies,
        path="/",
    )
    return response
