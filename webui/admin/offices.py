"""Linked offices: who they are, what went and came, and files for those without a line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, redirect, render_template, request, url_for

from engine.access import may_administer
from engine.diagram import read_diagram
from engine.errors import EngineError, NotFound
from engine.exchange.keys import public_text
from engine.model.linked import Agency
from storage import queries
from webui.auth import actor, only
from webui.display import CHINA
from webui.errors import redrawn, refusal, why
from webui.frame import say
from webui.offices import note_packed, our_key, pack, unpack
from webui.product import fresh, product, reading

from .people import day, end_of, midnight
from .views import views

A_DAY = timedelta(days=1)
DOWNLOAD = "{code}-{at:%Y%m%d-%H%M%S}.json"


@views.get("/offices")
@only(may_administer)
def offices() -> str:
    """All linked offices, our own code and key, a form for a new one and for a file."""
    return _offices()


def _offices(problem: str = "", found: Any = None) -> str:
    config = product().config
    return render_template(
        "admin/offices.html",
        rows=queries.offices(reading()),
        code=config.office,
        key=public_text(our_key()) if config.office else "",
        problem=problem,
        found=found,
        why=why,
        **_choices(None),
    )


def _choices(chosen: Agency | None) -> dict[str, Any]:
    """What the form of an office offers."""
    orgs = [(row.id, row.name) for row in queries.organisation_rows(reading(), active_only=True)]
    days = {"since": "", "last": ""}
    if chosen:
        days["since"] = chosen.valid_from.astimezone(CHINA).date().isoformat()
    if chosen and chosen.valid_until:
        days["last"] = (chosen.valid_until.astimezone(CHINA) - A_DAY).date().isoformat()
    return {"orgs": orgs, "names": known_messages(), "chosen": chosen, **days}


@views.get("/offices/<code>")
@only(may_administer)
def office(code: str) -> str:
    """One office: its messages, a file for it, its entry in the register."""
    return _office(code)


def _office(code: str, problem: str = "") -> str:
    kept = product().looking().agency(code)
    letters = queries.letters_of(reading(), code)
    return render_template(
        "admin/office.html",
        kept=kept,
        letters=letters,
        problem=problem,
        why=why,
        **_choices(kept),
    )


@views.post("/offices")
@only(may_administer)
def save_office() -> Any:
    """A linked office, new or changed; the register keeps who, when and why in its journal."""
    known = request.form.get("known", "")
    try:
        typed = _typed()
        product().engine.link_agency(actor(), typed, request.form.get("reason", ""))
    except EngineError as refused:
        said = refusal(refused)
        shown = _office(known, said) if known else _offices(said)
        return shown, redrawn(refused)
    say("admin.saved")
    return redirect(url_for("admin.office", code=typed.code))


def _typed() -> Agency:
    form = request.form
    since, until = day("from"), day("until")
    return Agency(
        code=form.get("known", "") or form.get("code", "").strip(),
        name=form.get("name", "").strip(),
        home=form.get("home", ""),
        keys=_lines("keys"),
        gives=_lines("gives"),
        takes=_lines("takes"),
        valid_from=midnight(since) if since else product().clock(),
        valid_until=end_of(until) if until else None,
        address=form.get("address", "").strip(),
        org=form.get("org", ""),
    )


def _lines(name: str) -> tuple[str, ...]:
    """The words of a text area, each once."""
    return tuple(dict.fromkeys(request.form.get(name, "").split()))


@views.post("/offices/<code>/letters/<path:letter_id>/resend")
@only(may_administer)
def resend(code: str, letter_id: str) -> Any:
    """Try a failed message again."""
    letter = product().looking().letter(letter_id)
    if letter is None or letter.agency != code:
        raise NotFound("no_letter", name=letter_id)
    fresh()
    product().engine.resend(actor(), letter_id)
    say("offices.resent")
    return redirect(url_for("admin.office", code=code))


@views.post("/offices/<code>/file")
@only(may_administer)
def make_file(code: str) -> Any:
    """What waits for an office, as one signed file to carry."""
    built, now = product(), product().clock()
    fresh()
    try:
        packed = pack(built, actor(), code, request.form.get("again") == "yes")
    except EngineError as refused:
        return _office(code, refusal(refused)), 422
    note_packed(built, actor(), code, packed)
    name = DOWNLOAD.format(code=code, at=now)
    said = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(packed.content, 200, said, content_type="application/json")


@views.post("/offices/file")
@only(may_administer)
def take_file() -> Any:
    """Take in a file that was brought; says how many messages were new."""
    brought = request.files.get("file")
    content = brought.read() if brought else b""
    fresh()
    try:
        found = unpack(product(), actor(), content)
    except EngineError as refused:
        return _offices(refusal(refused)), 422
    return _offices(found=found)


def known_messages() -> list[str]:
    """Names of the messages of all published procedures."""
    store = product().looking()
    releases = [store.release(digest) for digest in store.current_digests()]
    diagrams = [read_diagram(release.files["process.bpmn"]) for release in releases]
    return sorted({one.name for diagram in diagrams for one in diagram.messages.values()})
