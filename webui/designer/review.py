"""Reviewing a draft: note and comments, submitted, sent back, approved; what was published before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for

from engine.access import may_publish
from engine.differences import Difference, differences
from engine.errors import EngineError, Invalid
from engine.model import Draft
from engine.package import digest
from storage import queries
from storage.queries.drafts import publications
from webui.auth import actor, only
from webui.errors import STATUS, family, refusal
from webui.frame import say
from webui.product import fresh, product, reading

from .views import look, page, said, views


@views.get("/drafts/<draft_id>/review")
@only(may_publish)
def review(draft_id: str) -> str:
    """What is to be published, what is said of it, and what can be done about it."""
    return _review(draft_id)


@views.post("/drafts/<draft_id>/submit")
@only(may_publish)
def submit(draft_id: str) -> Any:
    """Ask a second person to approve."""
    note = request.form.get("note", "")
    return _done(draft_id, "submitted_now", lambda: _engine().submit(actor(), draft_id, note))


@views.post("/drafts/<draft_id>/take-back")
@only(may_publish)
def take_back(draft_id: str) -> Any:
    """Go on working on it."""
    return _done(draft_id, "taken_back", lambda: _engine().take_back(actor(), draft_id))


@views.post("/drafts/<draft_id>/send-back")
@only(may_publish)
def send_back(draft_id: str) -> Any:
    """Not approved, and why."""
    reason = request.form.get("reason", "")
    return _done(draft_id, "sent_back", lambda: _engine().send_back(actor(), draft_id, reason))


@views.post("/drafts/<draft_id>/approve")
@only(may_publish)
def approve(draft_id: str) -> Any:
    """Publish what was on the page."""
    seen = request.form.get("seen", "")
    return _done(draft_id, "published_now", lambda: _engine().approve(actor(), draft_id, seen))


@views.post("/drafts/<draft_id>/catch-up")
@only(may_publish)
def catch_up(draft_id: str) -> Any:
    """Take over what was published since the draft began."""

    def verb() -> None:
        both = _engine().catch_up(actor(), draft_id)
        if both:
            say("designer.caught_up_both", kind="soon", files=", ".join(both))

    return _done(draft_id, "caught_up", verb)


@views.post("/drafts/<draft_id>/comments")
@only(may_publish)
def comment(draft_id: str) -> Any:
    """Say something, pinned to an element or to all of it."""
    element, text = request.form.get("element", "").strip()[:200], request.form.get("text", "")
    place = ("process.bpmn" if element else "", element)
    return _done(draft_id, "commented", lambda: _engine().comment(actor(), draft_id, place, text))


@views.post("/drafts/<draft_id>/comments/<comment_id>/close")
@only(may_publish)
def close_comment(draft_id: str, comment_id: str) -> Any:
    """It was dealt with."""
    engine = _engine()
    return _done(
        draft_id, "comment_closed", lambda: engine.close_comment(actor(), draft_id, comment_id)
    )


@views.get("/<procedure>/history")
@only(may_publish)
def history(procedure: str) -> str:
    """Every publication of a procedure, the latest first."""
    return _history(procedure)


@views.post("/<procedure>/history")
@only(may_publish)
def propose_again(procedure: str) -> Any:
    """Ask to publish an old release anew."""
    wanted, note = request.form.get("release", ""), request.form.get("note", "")
    fresh()
    try:
        found = _engine().propose_again(actor(), procedure, wanted, note)
    except EngineError as refused:
        return _history(procedure, refusal(refused)), STATUS[family(refused)]
    say("designer.submitted_now")
    return redirect(url_for("designer.review", draft_id=found.id))


def _history(procedure: str, problem: str = "") -> str:
    rows = publications(reading(), procedure)
    return render_template("designer/history.html", procedure=procedure, rows=rows, problem=problem)


def _review(draft_id: str, problem: str = "", problems: Any = ()) -> str:
    store, found = product().looking(), look(draft_id)
    comments = store.comments(draft_id)
    people = {found.person, found.decided_by, *(one.person for one in comments)}
    return render_template(
        "designer/review.html",
        **page(draft_id),
        comments=comments,
        found=_differences(found),
        names=queries.names_of(reading(), people - {""}),
        seen=digest(_engine().publishable(store, found)) if found.state == "submitted" else "",
        problem=problem,
        problems=[said(one) for one in problems],
        typed=request.form,
    )


def _differences(draft: Draft) -> Sequence[Difference] | None:
    """To what is published now; None while nothing is."""
    store = product().looking()
    latest = {row.procedure: row.digest for row in queries.published(reading())}
    if draft.procedure not in latest:
        return None
    old = _engine().release_of(store, latest[draft.procedure])
    return differences(old.files, store.draft_bytes(draft.id))


def _done(draft_id: str, word: str, verb: Callable[[], Any]) -> Any:
    """Do it and show the review again, with what was typed where it was refused."""
    fresh()
    try:
        verb()
    except EngineError as refused:
        problems = refused.problems if isinstance(refused, Invalid) else ()
        return _review(draft_id, refusal(refused), problems), STATUS[family(refused)]
    say(f"designer.{word}")
    return redirect(url_for("designer.review", draft_id=draft_id))


def _engine() -> Any:
    return product().engine
