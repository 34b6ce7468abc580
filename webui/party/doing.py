"""A party's own task: one question, one page, the same form and checks as at the office."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.commands.parties import Theirs
from engine.commands.visiting import acting
from engine.errors import Conflict, Failed, Invalid
from engine.forms import filled
from engine.forms.raw import as_raw
from storage import queries
from webui.errors import left_on_page, refusal
from webui.forms import Picker, Received, View, from_request, kept_files, render
from webui.frame import say
from webui.intake import intake
from webui.product import fresh, product, reading
from webui.registers import cited
from webui.words import pick, t

from .door import address, visiting, visitor
from .standing import doing
from .views import views

LIMIT = 12 * 1024 * 1024
"""A photo of a signed page; nobody sends more from a telephone."""


@views.get("/party/tasks/<task_id>")
@visiting
def task(task_id: str) -> Any:
    """What is asked, why, and the form."""
    try:
        theirs = _theirs(task_id)
    except Conflict as conflict:
        flash(refusal(conflict), "info")
        return redirect(url_for("party.home"))
    return _page(theirs, _starting(theirs))


@views.post("/party/tasks/<task_id>")
@visiting
def complete(task_id: str) -> Any:
    """Complete it as the party; or redraw when a button of the form was pressed."""
    try:
        return _complete(_theirs(task_id))
    except Conflict as conflict:
        fresh()
        flash(refusal(conflict), "info")
        return redirect(url_for("party.home"))


@views.post("/party/tasks/<task_id>/form")
@visiting
def redraw(task_id: str) -> str:
    """The form's body with what was typed."""
    theirs = _theirs(task_id)
    received = _received(theirs)
    return str(render(theirs.form, received.raw, received.problems, _view(theirs)))


def _complete(theirs: Theirs) -> Any:
    received = _received(theirs)
    if received.edited or received.problems:
        page = _page(theirs, received.raw, received.problems)
        return page, 422 if received.problems else 200
    task_id = theirs.claimed.task.id
    outcome = request.form.get("outcome", "")
    fresh()
    try:
        done = product().engine.complete_as_party(
            visitor(), task_id, received.raw, outcome, address()
        )
    except (Invalid, Failed) as refused:
        problems, status = left_on_page(refused)
        return _page(theirs, received.raw, problems), status
    _attach(theirs, received)
    if done and done.held:
        flash(str(t("inbox.held")), "soon")
    else:
        say("party.done", what=doing(theirs).title)
    return redirect(url_for("party.home"))


def _theirs(task_id: str) -> Theirs:
    return product().engine.their_task(product().looking(), visitor(), task_id)


def _starting(theirs: Theirs) -> Any:
    raw = filled(theirs.form, theirs.seen, product().clock())
    if theirs.given is None:
        return raw
    named = {f"/row/{name}": value for name, value in theirs.given.items()}
    return {
        **raw,
        **as_raw(theirs.form, {p: v for p, v in named.items() if p in theirs.form.fields}),
    }


def _received(theirs: Theirs) -> Received:
    return from_request(theirs.form, request.form, request.files, intake(), LIMIT)


def _attach(theirs: Theirs, received: Received) -> None:
    """What a party sent belongs to the dossier from now on."""
    fresh()
    files = kept_files(theirs.form, received.raw)
    product().engine.attach(acting(visitor()), theirs.case.dossier, files)


def _view(theirs: Theirs) -> View:
    return View(theirs.seen, product().clock(), pickers=_pickers(theirs), basis=cited)


def _pickers(theirs: Theirs) -> dict[str, Picker]:
    """Whom a party may choose: mediators, and the committees they belong to."""
    if not any(field.widget == "picker" for field in theirs.form.sequence):
        return {}
    db, now = reading(), product().clock()
    found = queries.mediators(db, now)
    orgs = sorted({(row.org, row.org_name) for row in found})
    people = [(row.person, f"{row.name} · {row.org_name}") for row in found]
    return {"organisation": Picker(orgs), "person": Picker(people)}


def _page(theirs: Theirs, raw: Any, problems: Any = ()) -> str:
    form, known = theirs.form, doing(theirs)
    return render_template(
        "party/task.html",
        task=known,
        body=render(form, raw, problems, _view(theirs)),
        outcomes=form.outcomes,
        pick=pick,
        problems=problems,
        refresh=url_for("party.redraw", task_id=known.id),
    )
