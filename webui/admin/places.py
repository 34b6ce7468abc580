"""Organisations, and who is on duty at their posts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for

from engine.access import may_administer
from engine.errors import EngineError, Invalid
from engine.model import DutyPost, Organisation, Shift
from storage import queries
from webui.auth import actor, only
from webui.display import CHINA
from webui.errors import redrawn, refusal
from webui.frame import say
from webui.product import product, reading
from webui.registers import grantable_roles
from webui.words import t

from .views import views

KINDS = (
    "COURT", "TRIBUNAL", "POLICE", "JUSTICE_OFFICE", "COMMITTEE", "STUDIO", "CENTRE", "HOSPITAL",
    "UNIT", "BUREAU",
)  # fmt: skip
ROSTER_BACK = timedelta(days=1)


@views.get("/organisations")
@only(may_administer)
def organisations() -> str:
    """All organisations with a form for a new one, or for the one being changed."""
    return _organisations()


def _organisations(problem: str = "", typed: Any = None) -> str:
    rows = queries.organisation_rows(reading())
    wanted = request.args.get("id", "")
    chosen = typed or next((row for row in rows if row.id == wanted), None)
    kinds = [(kind, t(f"org.{kind}")) for kind in KINDS]
    return render_template(
        "admin/organisations.html", rows=rows, chosen=chosen, kinds=kinds, problem=problem
    )


@views.post("/organisations")
@only(may_administer)
def save_organisation() -> Any:
    """A new organisation, or a changed one."""
    form = request.form
    org = Organisation(
        form.get("id", ""),
        form.get("name", ""),
        form.get("kind", ""),
        form.get("parent", ""),
        form.get("area", "").strip(),
        form.get("active", "yes") == "yes",
    )
    try:
        if org.kind not in KINDS:
            raise Invalid("choose_kind")
        product().engine.save_organisation(actor(), org)
    except EngineError as refused:
        return _organisations(refusal(refused), org), redrawn(refused)
    say("admin.saved")
    return redirect(url_for("admin.organisations"))


@views.get("/duty")
@only(may_administer)
def duty() -> str:
    """Duty posts and the roster from yesterday on."""
    return _duty()


def _duty(problem: str = "") -> str:
    db, now = reading(), product().clock()
    posts, shifts = queries.duty(db, now - ROSTER_BACK)
    people = [(row.id, row.name) for row in queries.people_rows(db, now) if row.active]
    orgs = [(row.id, row.name) for row in queries.organisation_rows(db, active_only=True)]
    return render_template(
        "admin/duty.html",
        posts=posts,
        shifts=shifts,
        people=people,
        orgs=orgs,
        roles=grantable_roles(),
        problem=problem,
    )


@views.post("/duty/posts")
@only(may_administer)
def save_post() -> Any:
    """A new duty post."""
    roles = " ".join(request.form.getlist("roles"))
    post = DutyPost("", request.form.get("org", ""), request.form.get("name", ""), roles=roles)
    return _done(lambda: product().engine.save_duty_post(actor(), post))


@views.post("/duty/shifts")
@only(may_administer)
def plan_shift() -> Any:
    """Who is on duty, from when until when."""

    def verb() -> None:
        form = request.form
        posts, _ = queries.duty(reading(), product().clock())
        orgs = {post.id: post.org for post in posts}
        if form.get("post") not in orgs:
            raise Invalid("choose_post")
        shift = Shift(
            "", form["post"], form.get("person", ""), _moment("starts_at"), _moment("ends_at")
        )
        product().engine.plan_shift(actor(), orgs[shift.post], shift)

    return _done(verb)


def _done(verb: Any) -> Any:
    try:
        verb()
    except EngineError as refused:
        return _duty(refusal(refused)), redrawn(refused)
    say("admin.saved")
    return redirect(url_for("admin.duty"))


def _moment(name: str) -> datetime:
    """A local date and time of the form, as an instant; Invalid (date_shape) when it is none."""
    try:
        return (
            datetime.fromisoformat(request.form.get(name, "")).replace(tzinfo=CHINA).astimezone(UTC)
        )
    except ValueError as error:
        raise Invalid("date_shape") from error
