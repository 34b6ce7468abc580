"""Recording an entry, changing it from a day on, ending it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for

from engine.commands.registers import Change
from engine.errors import Conflict, EngineError, Failed, Invalid, NotAllowed
from engine.forms.raw import as_raw
from engine.model import Problem
from engine.registers import Register
from storage import queries
from webui.admin.people import day
from webui.auth import actor, signed
from webui.errors import refusal
from webui.forms import View, from_request, render
from webui.frame import say
from webui.inbox.showing import pickers
from webui.intake import intake
from webui.product import fresh, product
from webui.registers import cited

from .views import current, dossier_id, entry_page, form_context, opened, today, versions_of, views


@views.get("/<name>/new")
@signed
def new(name: str) -> str:
    """An empty form."""
    return _page(kept(name), {})


@views.post("/<name>/new")
@signed
def add(name: str) -> Any:
    """A new entry."""
    return _record(kept(name), "")


@views.get("/<name>/<entry>/change")
@signed
def change(name: str, entry: str) -> str:
    """The form with what holds now, to be changed from a day on."""
    told = kept(name)
    versions = versions_of(told, entry)
    shown = current(versions) or versions[0]
    fields = {p: v for p, v in shown.values.items() if p in told.form.fields}
    return _page(told, as_raw(told.form, fields), (), versions)


@views.post("/<name>/<entry>/change")
@signed
def save(name: str, entry: str) -> Any:
    """A new version."""
    return _record(kept(name), entry)


@views.post("/<name>/<entry>/end")
@signed
def end(name: str, entry: str) -> Any:
    """The entry holds for the last time on a day."""
    told = kept(name)
    versions = versions_of(told, entry)
    try:
        asked = Change(
            *({}, today(), day("until"), request.form.get("reason", "")),
            *(entry, len(versions), dossier_id()),
        )
        product().engine.end(actor(), entry, told, asked)
    except (Invalid, Conflict) as refused:
        return render_template(
            "records/entry.html", **entry_page(told, entry, refusal(refused))
        ), 422
    fresh()
    say("records.ended_well")
    return redirect(url_for("records.entry", name=name, entry=entry))


def kept(name: str) -> Register:
    """The register, if this person keeps it; NotAllowed (register_not_yours)."""
    told = opened(name)
    if not told.may_edit(actor()):
        raise NotAllowed("register_not_yours")
    return told


def _record(told: Register, entry: str) -> Any:
    received = from_request(told.form, request.form, request.files, intake())
    versions = versions_of(told, entry) if entry else []
    if received.edited or received.problems:
        return _page(told, received.raw, received.problems, versions)
    try:
        seen = int(request.form.get("seen", "0") or 0)
        asked = Change(
            *(received.raw, _since(), day("until"), request.form.get("reason", "")),
            *(entry, seen, dossier_id()),
        )
        made = product().engine.record(actor(), told, asked)
    except (Invalid, Conflict, Failed) as refused:
        problems = refused.problems if isinstance(refused, Invalid) else ()
        return _page(told, received.raw, problems or _whole(refused), versions), 422
    fresh()
    say("records.recorded")
    return redirect(url_for("records.entry", name=told.id, entry=made.entry if made else entry))


def _since() -> date:
    return day("since") or today()


def _whole(refused: EngineError) -> list[Problem]:
    """A refusal of the whole, shown above the form."""
    return [Problem("", refused.code, refused.params)]


def _page(
    told: Register,
    raw: Any,
    problems: Sequence[Problem] = (),
    versions: Sequence[queries.RecordRow] = (),
) -> str:
    view = View(form_context(), product().clock(), pickers=pickers(), basis=cited)
    shown = (current(versions) or versions[0]) if versions else None
    return render_template(
        "records/form.html",
        register=told,
        body=render(told.form, raw, problems, view),
        entry=shown,
        seen=request.form.get("seen", len(versions)),
        since=request.form.get("since", today().isoformat()),
        until=request.form.get("until", _iso(shown)),
        reason=request.form.get("reason", ""),
    )


def _iso(shown: queries.RecordRow | None) -> str:
    return shown.valid_until.isoformat() if shown and shown.valid_until else ""
