"""Starting a procedure: what a role may start, its first form, a new dossier or an existing one."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from engine.commands.cases import Where, starting_roles
from engine.errors import Failed, Invalid, NotAllowed, NotFound
from engine.forms import Form, filled
from storage import queries
from webui.auth import actor, signed, viewer
from webui.errors import left_on_page
from webui.forms import View, from_request, kept_files, render
from webui.frame import say
from webui.intake import intake
from webui.procedures import Drawn, drawn
from webui.product import fresh, product, reading
from webui.registers import cited
from webui.words import pick

from .showing import attach, pickers
from .views import views


@views.get("/start")
@signed
def procedures() -> str:
    """The published procedures that this person's roles may start."""
    found = [drawn(row.digest) for row in queries.published(reading())]
    mine = [one for one in found if _may_start(one)]
    return render_template("inbox/procedures.html", procedures=mine, pick=pick)


@views.get("/start/<procedure>")
@signed
def beginning(procedure: str) -> str:
    """The first form of a procedure."""
    found, form = _startable(procedure)
    return _page(found, form, filled(form, {}, product().clock()))


def _page(found: Drawn, form: Form, raw: Any, problems: Any = ()) -> str:
    dossier_id = request.values.get("dossier", "")
    dossier = queries.dossier_row(reading(), viewer(), dossier_id) if dossier_id else None
    return render_template(
        "inbox/start.html",
        drawn=found,
        title=pick(form.title, found.name),
        body=render(form, raw, problems, _view()),
        dossier=dossier,
        orgs=_orgs(found),
        org=request.values.get("org", ""),
    )


@views.post("/start/<procedure>")
@signed
def begin(procedure: str) -> Any:
    """Begin the case: it exists only once its first form is accepted (conventions 4)."""
    found, form = _startable(procedure)
    received = from_request(form, request.form, request.files, intake())
    if received.edited or received.problems:
        return _page(
            found, form, received.raw, received.problems
        ), 422 if received.problems else 200
    where = Where(_org(found), _dossier())
    fresh()
    try:
        case = product().engine.start(actor(), procedure, received.raw, where)
    except (Invalid, Failed) as refused:
        problems, status = left_on_page(refused)
        return _page(found, form, received.raw, problems), status
    attach(case.dossier, kept_files(form, received.raw))
    say("inbox.started", procedure=found.name)
    mine = [
        row
        for row in queries.case_tasks(reading(), viewer(), case.id)
        if row.role in actor().roles and row.holder in ("", actor().person)
    ]
    if mine:
        return redirect(url_for("inbox.task", task_id=mine[0].id))
    return redirect(url_for("dossiers.dossier", dossier_id=case.dossier))


@views.post("/start/<procedure>/form")
@signed
def redraw_start(procedure: str) -> str:
    """The first form's body with what was typed."""
    _, form = _startable(procedure)
    received = from_request(form, request.form, request.files, intake())
    return str(render(form, received.raw, received.problems, _view()))


def _view() -> View:
    return View({}, product().clock(), pickers=pickers(), basis=cited)


def _startable(procedure: str) -> tuple[Drawn, Form]:
    digest = next(
        (row.digest for row in queries.published(reading()) if row.procedure == procedure), ""
    )
    if not digest:
        raise NotFound("not_published", name=procedure)
    found = drawn(digest)
    if not _may_start(found):
        raise NotAllowed("may_not_start", procedure=found.name)
    return found, product().engine.form(found.release, "start")


def _may_start(found: Drawn) -> bool:
    return bool(actor().roles & starting_roles(found.release))


def _orgs(found: Drawn) -> list[tuple[str, str]]:
    """The organisations in whose name this person may start it."""
    roles = starting_roles(found.release)
    names = dict(_signed_names())
    mine = {grant.org for grant in actor().grants if grant.role in roles}
    return sorted((org, names.get(org, org)) for org in mine)


def _signed_names() -> tuple[tuple[str, str], ...]:
    return tuple((row.id, row.name) for row in queries.organisation_rows(reading()))


def _org(found: Drawn) -> str:
    asked = request.form.get("org", "")
    mine = [org for org, _ in _orgs(found)]
    return asked if asked in mine else mine[0]


def _dossier() -> str:
    """The dossier it shall belong to, if it may be seen; "" for a new one."""
    asked = request.form.get("dossier", "")
    if asked and queries.dossier_row(reading(), viewer(), asked) is None:
        raise NotFound("no_dossier", name=asked)
    return asked
