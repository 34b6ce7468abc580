"""The task page: the form, its draft, and every way a task can be left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.behalf import CHANNELS
from engine.commands.printing import VERIFYING
from engine.errors import Conflict, Failed, Invalid, NotFound
from engine.model import Actor
from engine.spiff import read_state
from storage import queries
from webui.auth import actor, signed, viewer
from webui.citing import cite_on
from webui.clockcards import clock_cards
from webui.display import clock_time
from webui.dossiers.documents import documents_shown
from webui.dossiers.reading import note_reading
from webui.dossiers.related import related_asked
from webui.errors import left_on_page, refusal
from webui.forms import Received, from_request, kept_files, render, sentence
from webui.frame import say
from webui.health import note_form
from webui.intake import intake
from webui.product import fresh, product, reading
from webui.words import known, pick, t

from .showing import Open, attach, opened, starting_raw
from .views import views

ENTRIES = 6
SERVICE = frozenset(
    {*(f"S1-{n}" for n in range(87, 96)), *("S2-131", "S2-134", "S2-135"), *("S7-29", "S7-31")}
)
"""Articles on the service of documents."""


@views.get("/tasks/<task_id>")
@signed
def task(task_id: str) -> Any:
    """What to do, why, the form, where it stands."""
    row = _row(task_id)
    found = opened(row, actor())
    if found is None:
        return redirect(url_for("inbox.after", task_id=task_id))
    note_reading(row.dossier)
    note_form(found.form, found.context, (row.dossier, row.case_id, found.element))
    raw, drafted, behalf = starting_raw(found, actor().person)
    said = t("inbox.draft_kept", time=drafted) if drafted else ""
    return drafted_page(found, raw, said=said, behalf=behalf)


def drafted_page(
    found: Open, raw: Any, problems: Any = (), said: str = "", behalf: Any = None
) -> str:
    """The task's page with what was typed and what is wrong with it."""
    db = reading()
    node = found.drawn.nodes.get(found.element)
    state = read_state(found.case.state)
    basis = [cite_on(ref, found.moment) for ref in node.basis] if node else []
    return render_template(
        "inbox/task.html",
        task=found,
        absent=queries.person_row(db, found.stands_in_for) if found.stands_in_for else None,
        body=render(found.form, raw, problems, found.view(readonly=not found.mine)),
        outcomes=found.form.outcomes,
        follows=found.drawn.next_steps(found.element),
        effects=found.drawn.effects_ahead(found.element),
        named={one.id: pick(one.label) for one in found.form.outcomes},
        basis=basis,
        papers=product().engine.papers_at(found.drawn.release, found.element),
        documents=documents_shown(found.row.dossier, found.case.id),
        about_service=_about_service(found, node),
        cards=clock_cards(state.clocks, found.case, found.drawn.release),
        others=[one for one in state.tasks if one.id != found.row.id],
        searched=related_asked(found.form, found.row.dossier),
        origin=queries.origin(db, found.row.dossier),
        entries=queries.recent_entries(db, [f"case:{found.case.id}"], ENTRIES),
        colleagues=queries.colleagues(db, found.claimed.task, found.moment, actor().person)
        if found.mine
        else [],
        problems=problems,
        said=said,
        behalf=behalf or _behalf(),
        channels=CHANNELS,
        sentence=sentence,
        known=known,
    )


def _about_service(found: Open, node: Any) -> bool:
    """Where a returned file is verified everything has to do with service, else what rests on it."""
    returned = any(one.operation == VERIFYING for one in found.drawn.nodes.values())
    return returned or bool(node and SERVICE & set(node.basis))


def _behalf() -> dict[str, str]:
    """For which party and how it came, as typed."""
    return {name: request.form.get(name, "")[:100] for name in ("on_behalf", "through")}


def _acting(found: Open) -> Actor:
    """The person, in the party's place where the task is a party's."""
    if not found.parties:
        return actor()
    said = _behalf()
    return replace(actor(), on_behalf=said["on_behalf"], through=said["through"])


@views.post("/tasks/<task_id>")
@signed
def complete(task_id: str) -> Any:
    """Complete with one of the outcomes; or redraw when a button of the form was pressed."""
    found = opened(_row(task_id), actor())
    try:
        if found is None:
            product().engine.claim(actor(), task_id)  # says who was faster
            raise Conflict("task_gone")
        return _completed(found)
    except Conflict as conflict:
        return _conflict(found, conflict)


def _completed(found: Open) -> Any:
    received = typed_in(found)
    try:
        if received.edited or received.problems or _has_files():
            found = _taken(found)
            _attach(found, received)
        if received.edited or received.problems:
            page = drafted_page(found, received.raw, received.problems)
            return page, 422 if received.problems else 200
        fresh()
        done = product().engine.complete(
            _acting(found), found.row.id, received.raw, request.form.get("outcome", "")
        )
    except (Invalid, Failed) as refused:
        problems, status = left_on_page(refused)
        return drafted_page(_taken(found), received.raw, problems), status
    if done.held:
        flash(str(t("inbox.held")), "soon")
    else:
        say("inbox.completed", step=found.drawn.step(found.element))
    return redirect(url_for("inbox.after", task_id=found.row.id))


def _taken(found: Open) -> Open:
    """The same task, held by this person from now on: what was typed can be mended here."""
    if found.mine:
        return found
    fresh()
    product().engine.claim(actor(), found.row.id)
    return held_task(found.row.id)


def held_task(task_id: str) -> Open:
    """An open task that this person holds; Conflict (task_gone) else."""
    found = opened(_row(task_id), actor())
    if found is None or not found.mine:
        raise Conflict("task_gone")
    return found


def typed_in(found: Open) -> Received:
    limit = product().config.upload_max_bytes
    return from_request(found.form, request.form, request.files, intake(), limit)


def _attach(found: Open, received: Received) -> None:
    """A file that came belongs to the dossier from now on: who may see it may read the file."""
    if _has_files():
        attach(found.row.dossier, kept_files(found.form, received.raw))


def _has_files() -> bool:
    return any(upload.filename for upload in request.files.values())


@views.post("/tasks/<task_id>/form")
@signed
def redraw(task_id: str) -> Any:
    """The form's body with what was typed: fields that appear, results worked out."""
    found = held_task(task_id)
    received = typed_in(found)
    _attach(found, received)
    return str(render(found.form, received.raw, received.problems, found.view(readonly=False)))


@views.post("/tasks/<task_id>/draft")
@signed
def draft(task_id: str) -> Any:
    """Keep what was typed so far; never part of the case's data."""
    found = held_task(task_id)
    received = from_request(found.form, request.form, request.files, intake())
    at = clock_time(product().clock())
    fresh()
    kept = {"raw": received.raw, "at": at, "behalf": _behalf()}
    try:
        product().engine.keep_draft(actor(), task_id, kept)
    except Failed as failed:
        if request.accept_mimetypes.best == "application/json":
            raise
        problems, status = left_on_page(failed)
        return drafted_page(found, received.raw, problems), status
    said = str(t("inbox.draft_kept", time=at))
    if request.accept_mimetypes.best == "application/json":
        return jsonify({"said": said})
    flash(said, "fine")
    return redirect(url_for("inbox.task", task_id=task_id))


def _conflict(found: Open | None, conflict: Conflict) -> tuple[str, int]:
    """Who was faster and when, with what was typed still to be read and copied."""
    fresh()
    typed = [(name, value) for name, value in request.form.items(multi=True) if name[:1] == "/"]
    kept = [(_label(found, name), value) for name, value in typed if value]
    sentence = refusal(conflict)
    return render_template("inbox/conflict.html", task=found, typed=kept, sentence=sentence), 409


def _label(found: Open | None, name: str) -> str:
    field = found.form.fields.get(name) if found else None
    return pick(field.label, name) if field else name


@views.get("/tasks/<task_id>/after")
@signed
def after(task_id: str) -> str | Response:
    """What happened to a task, and what is open in its case now."""
    row = _row(task_id)
    store = product().looking()
    closed = store.closed_task(task_id)
    if closed is None:
        return redirect(url_for("inbox.task", task_id=task_id))
    open_now = queries.case_tasks(reading(), viewer(), row.case_id)
    by = queries.person_row(reading(), closed["by"]) if closed["by"] else None
    return render_template(
        "inbox/after.html",
        row=row,
        closed=closed,
        by=by,
        open_now=open_now,
        now_at=product().clock(),
    )


def _row(task_id: str) -> queries.TaskRow:
    row = queries.task_row(reading(), viewer(), task_id)
    if row is None:
        raise NotFound("no_task")
    return row
