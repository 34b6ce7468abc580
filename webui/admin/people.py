"""People: who they are, which roles they hold from when until when, one-time passwords."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.access import may_administer
from engine.errors import EngineError, Invalid, NotFound
from engine.model import Grant
from storage import queries
from webui import passwords
from webui.auth import actor, only
from webui.display import CHINA
from webui.errors import redrawn, refusal
from webui.frame import say
from webui.product import product, reading
from webui.registers import grantable_roles

from .views import views


@views.get("/people")
@only(may_administer)
def people() -> str:
    """Everybody, active people first."""
    return _people()


def _people(problem: str = "") -> str:
    words = request.args.get("q", "").strip()
    rows = queries.people_rows(reading(), product().clock(), words)
    return render_template("admin/people.html", rows=rows, words=words, problem=problem)


@views.post("/people")
@only(may_administer)
def create_person() -> Any:
    """Somebody new, with a one-time password shown once."""
    typed = {name: request.form.get(name, "").strip() for name in ("login", "name")}
    password = passwords.one_time()
    try:
        made = product().engine.create_person(
            actor(), typed["login"], typed["name"], passwords.hashed(password)
        )
    except EngineError as refused:
        return _people(refusal(refused)), redrawn(refused)
    return _show_password(made.id, made.login, password)


@views.get("/people/<person_id>")
@only(may_administer)
def person(person_id: str) -> str:
    """One person with grants and a form for another."""
    return _person(person_id)


def _person(person_id: str, problem: str = "") -> str:
    db = reading()
    found = queries.person_row(db, person_id)
    if found is None:
        raise NotFound("no_person", name=person_id)
    return render_template(
        "admin/person.html",
        person=found,
        grants=queries.grant_rows(db, person_id),
        orgs=[(row.id, row.name) for row in queries.organisation_rows(db, active_only=True)],
        roles=grantable_roles(),
        entries=queries.recent_entries(db, [f"person:{person_id}"], 20),
        problem=problem,
    )


@views.post("/people/<person_id>")
@only(may_administer)
def change_person(person_id: str) -> Any:
    """Another name, or no longer working here."""
    form = request.form
    return _do(
        person_id,
        lambda: product().engine.change_person(
            actor(), person_id, form.get("name", ""), form.get("active") == "yes"
        ),
    )


@views.post("/people/<person_id>/grants")
@only(may_administer)
def grant(person_id: str) -> Any:
    """A role in an organisation for a time."""
    given = Grant(request.form.get("role", ""), request.form.get("org", ""))
    return _do(
        person_id, lambda: product().engine.grant_role(actor(), person_id, given, _validity())
    )


@views.post("/people/<person_id>/revoke")
@only(may_administer)
def revoke(person_id: str) -> Any:
    """A role ends now."""
    form = request.form
    held = Grant(form.get("role", ""), form.get("org", ""), form.get("post", ""))
    reason = form.get("reason", "")
    return _do(person_id, lambda: product().engine.revoke_role(actor(), person_id, held, reason))


@views.post("/people/<person_id>/password")
@only(may_administer)
def reset_password(person_id: str) -> Any:
    """A one-time password, shown once; the person is signed out everywhere."""
    found = queries.person_row(reading(), person_id)
    if found is None:
        raise NotFound("no_person", name=person_id)
    password = passwords.one_time()
    try:
        product().engine.set_password(actor(), person_id, passwords.hashed(password))
    except EngineError as refused:
        return _person(person_id, refusal(refused)), redrawn(refused)
    return _show_password(person_id, found.login, password)


def _show_password(person_id: str, login: str, password: str) -> str:
    return render_template(
        "admin/one_time.html", person_id=person_id, login=login, password=password
    )


def _do(person_id: str, verb: Any) -> Response | tuple[str, int]:
    try:
        verb()
    except EngineError as refused:
        return _person(person_id, refusal(refused)), redrawn(refused)
    say("admin.saved")
    return redirect(url_for("admin.person", person_id=person_id))


def _validity() -> tuple[datetime, datetime | None]:
    """From the day given (default now) until the end of the last day given (default open)."""
    first, last = day("from"), day("until")
    since = midnight(first) if first else product().clock()
    return since, end_of(last) if last else None


def day(name: str) -> date | None:
    """A date field of the form; Invalid (date_shape) when it is none."""
    typed = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise Invalid("date_shape") from error


def end_of(last: date) -> datetime:
    """The end of a local day."""
    return midnight(last + timedelta(days=1))


def midnight(of: date) -> datetime:
    """The beginning of a local day."""
    return datetime.combine(of, time(), CHINA).astimezone(UTC)
