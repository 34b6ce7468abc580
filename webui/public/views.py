"""Signing in, the first administrator, the language before sign-in, and whether all is well."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Any

from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.errors import EngineError, Invalid, NotAllowed
from storage import queries
from webui import passwords
from webui.auth import open_session, public
from webui.errors import refusal
from webui.frame import say
from webui.product import product, reading
from webui.signing import check_password
from webui.words import LANGS, choose, local_target

views = Blueprint("public", __name__, template_folder="templates")
HEARTBEAT_WITHIN = timedelta(minutes=2)


@views.get("/")
@public
def index() -> Response:
    """The front door: the inbox, or sign-in."""
    return redirect(url_for("inbox.tasks" if g.signed else "public.sign_in"))


@views.get("/sign-in")
@public
def sign_in() -> Response | str:
    """The sign-in page; on a fresh installation it says how to make the first administrator."""
    if g.signed:
        return redirect(local_target(url_for("inbox.tasks")))
    fresh = queries.nobody_yet(reading())
    return render_template("public/sign_in.html", next=local_target(""), fresh=fresh)


@views.post("/sign-in")
@public
def sign_in_now() -> Any:
    """Check login and password; wrong ones delay further tries."""
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    try:
        person = check_password(login, password)
    except NotAllowed as refused:
        page = render_template(
            "public/sign_in.html", next=local_target(""), login=login, problem=refusal(refused)
        )
        return page, 403
    return open_session(redirect(local_target(url_for("inbox.tasks"))), person)


@views.get("/setup")
@public
def setup() -> str:
    """The form for the first administrator, while there is nobody."""
    _only_when_empty()
    return render_template("public/setup.html", code=request.args.get("code", ""), typed={})


@views.post("/setup")
@public
def set_up() -> Any:
    """Make the first administrator and the organisation that runs this installation."""
    _only_when_empty()
    typed = {name: request.form.get(name, "").strip() for name in ("login", "name", "org", "area")}
    try:
        _check_code(request.form.get("code", ""))
        if not all((typed["login"], typed["name"], typed["org"])):
            raise Invalid("setup_incomplete")
        password = request.form.get("password", "")
        about = (typed["login"], typed["name"])
        passwords.check_new(password, request.form.get("again", ""), about)
        person = product().engine.first_administrator(
            (typed["login"], typed["name"]),
            (typed["org"], typed["area"]),
            passwords.hashed(password),
        )
    except EngineError as refused:
        page = render_template(
            "public/setup.html",
            code=request.form.get("code", ""),
            typed=typed,
            problem=refusal(refused),
        )
        return page, 422
    say("account.welcome", name=typed["name"])
    return open_session(redirect(url_for("inbox.tasks")), person)


@views.get("/language/<lang>")
@public
def language(lang: str) -> Response:
    """Read the pages before sign-in in another language."""
    choose(lang if lang in LANGS else "")
    return redirect(local_target(url_for("public.sign_in")))


@views.get("/healthz")
@public
def healthz() -> Any:
    """200 while the database answers and a worker's heart beats, else 503; no details."""
    now = product().clock()
    found = queries.health(reading(), now)
    beating = any(now - worker.seen_at < HEARTBEAT_WITHIN for worker in found.workers)
    body = {"database": "ok", "worker": "ok" if beating else "silent"}
    return jsonify(body), 200 if beating else 503


def setup_code(secret: str) -> str:
    """What proves that whoever sets up can read this machine: shown where the product was started."""
    return hmac.new(secret.encode(), b"setup", hashlib.sha256).hexdigest()[:12]


def _check_code(given: str) -> None:
    if not hmac.compare_digest(
        given.strip().encode(), setup_code(product().config.secret).encode()
    ):
        raise NotAllowed("setup_code_wrong")


def _only_when_empty() -> None:
    if not queries.nobody_yet(reading()):
        raise NotAllowed("setup_done")
