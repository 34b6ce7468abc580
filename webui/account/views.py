"""One's own account: what one may do, the password, the language, signing out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.errors import EngineError, Invalid
from storage import queries
from webui import passwords
from webui.auth import actor, close_session, early, open_session, signed, viewer
from webui.errors import refusal
from webui.frame import say
from webui.product import product, reading
from webui.words import LANGS, local_target

views = Blueprint("account", __name__, template_folder="templates", url_prefix="/account")


@views.get("/")
@signed
def index() -> str:
    """Who I am, under which roles and where, and my preferences."""
    minutes = product().config.session_idle_minutes
    orgs, db = dict(g.signed.org_names), reading()
    absent = {one: queries.person_row(db, one).name for one in viewer().holders[1:]}
    return render_template("account/index.html", orgs=orgs, absent=absent, idle_minutes=minutes)


@views.get("/password")
@early
def password() -> str:
    """The form for a new password."""
    return render_template("account/password.html")


@views.post("/password")
@early
def change_password() -> Any:
    """Set a new password: the old one is asked for, every other session ends."""
    form = request.form
    try:
        _check_old(form.get("old", ""))
        about = (g.signed.login, g.signed.name)
        passwords.check_new(form.get("password", ""), form.get("again", ""), about)
        if form.get("password") == form.get("old"):
            raise Invalid("password_same")
    except EngineError as refused:
        return render_template("account/password.html", problem=refusal(refused)), 422
    product().engine.set_password(actor(), actor().person, passwords.hashed(form["password"]))
    with product().open_store() as store:
        store.end_sessions(actor().person)
    say("account.password_changed")
    return open_session(redirect(url_for("inbox.tasks")), actor().person)


def _check_old(old: str) -> None:
    with product().open_store() as store:
        kept = store.credential(actor().person)
    if kept is None or not passwords.matches(kept.hash, old):
        raise Invalid("password_old_wrong")


@views.post("/language")
@early
def language() -> Response:
    """Read all pages in the other language from now on."""
    chosen = request.form.get("lang", "")
    if chosen in LANGS:
        product().engine.set_language(actor(), chosen)
    return redirect(local_target(url_for("account.index")))


@views.post("/sign-out")
@early
def sign_out() -> Response:
    """End this session."""
    return close_session(redirect(url_for("public.sign_in")))
