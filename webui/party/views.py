"""In by the link, and the first page: where the dispute stands and what there is to do."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.errors import NotAllowed
from webui.auth import PARTY_COOKIE, public
from webui.errors import refusal
from webui.frame import say
from webui.product import fresh, product

from .door import address, let_in, visiting, visitor
from .standing import standing, tasks_of

views = Blueprint("party", __name__, template_folder="templates")


@views.get("/p/<secret>")
@public
def enter(secret: str) -> Any:
    """The link: asks for the code; says so when it opens nothing any more."""
    return _code(secret)


@views.post("/p/<secret>")
@public
def enter_now(secret: str) -> Any:
    """Check the code; wrong ones delay further tries."""
    try:
        return let_in(product().engine.enter(secret, request.form.get("code", ""), address()))
    except NotAllowed as refused:
        fresh()
        return _code(secret, refusal(refused))


def _code(secret: str, problem: str = "") -> Any:
    try:
        product().engine.behind_link(product().looking(), secret)
    except NotAllowed as refused:
        return render_template("party/closed.html", problem=refusal(refused)), 403
    page = render_template("party/enter.html", secret=secret, problem=problem)
    return page, 403 if problem else 200


@views.get("/party/over")
@public
def over() -> str:
    """The visit has ended; the link opens the page again."""
    return render_template("party/closed.html", problem="")


@views.get("/party/")
@visiting
def home() -> str:
    """Where every matter stands in plain words, and the tasks that are this party's."""
    store, me = product().looking(), visitor()
    tasks = tasks_of(store, me)
    return render_template(
        "party/home.html",
        me=me,
        dossier=store.dossier(me.dossier),
        tasks=tasks,
        matters=standing(store, me, tasks),
        telling=list(product().engine.may_tell(store, me)),
        ratable=product().engine.ratable(store, me),
        mediations=product().engine.mediations(store, me),
    )


@views.post("/party/leave")
@visiting
def leave() -> Response:
    """The visitor closes the page."""
    fresh()
    product().engine.leave(g.visit)
    response = redirect(url_for("party.over"))
    response.delete_cookie(PARTY_COOKIE, path="/")
    say("party.left")
    return response
