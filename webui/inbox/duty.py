"""The duty posts where this person works: who is on duty, what is open, handing over and taking over."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from engine.errors import EngineError
from storage import queries
from webui.auth import actor, signed
from webui.errors import refusal
from webui.frame import say
from webui.product import fresh, product, reading

from .views import views


@views.get("/duty")
@signed
def duty() -> str:
    """The posts of one's organisations with their shifts, open tasks and handovers."""
    return _duty()


def _duty(problem: str = "") -> str:
    db, now = reading(), product().clock()
    posts = queries.posts_at(db, sorted({grant.org for grant in actor().grants}))
    ids = [post.id for post in posts]
    return render_template(
        "inbox/duty.html",
        posts=[(post, queries.open_at(db, post)) for post in posts],
        shifts=queries.shifts_at(db, ids, now),
        handovers=queries.handovers_at(db, ids),
        problem=problem,
    )


@views.post("/duty/shifts/<shift_id>/hand-over")
@signed
def hand_over_shift(shift_id: str) -> Any:
    """What the next shift has to know; one's claims at the post are released."""
    note = request.form.get("note", "")
    return _done(lambda: product().engine.hand_over_shift(actor(), shift_id, note))


@views.post("/duty/handovers/<handover_id>/take-over")
@signed
def take_over_shift(handover_id: str) -> Any:
    """The next one on duty has read it."""
    return _done(lambda: product().engine.take_over_shift(actor(), handover_id))


def _done(verb: Any) -> Any:
    fresh()
    try:
        verb()
    except EngineError as refused:
        return _duty(refusal(refused)), 422
    say("admin.saved")
    return redirect(url_for("inbox.duty"))
