"""Seals with what may be done to them, the seal ledger with its file, the list to look at again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.access import may_keep_seals, may_read_seals
from engine.errors import EngineError, Invalid
from storage import queries
from webui.admin.people import day, end_of, midnight
from webui.auth import actor, only, viewer
from webui.errors import refusal
from webui.frame import say
from webui.product import fresh, product, reading
from webui.tables import download
from webui.words import t

views = Blueprint("sealbook", __name__, template_folder="templates", url_prefix="/seals")
COLUMNS = ("number", "begun_at", "seal_name", "who", "title", "document", "case_no", "result")
FILED = (*COLUMNS, "reason", "source", "digest", "serial", "code", "superseded_by")
SIGNERS = ("TRIB_JUDGE", "TRIB_CLERK")
"""Whose own certificates the custodian registers."""
STEPS = ("suspend", "resume", "renew", "expire", "revoke")


@views.get("/")
@only(may_read_seals)
def index() -> str:
    """The seals one may see, and a form for a new one."""
    return _index()


def _index(problem: str = "") -> str:
    rows = queries.seal_rows(reading(), viewer())
    orgs = queries.organisation_rows(reading(), active_only=True)
    mine = [(row.id, row.name) for row in orgs if may_keep_seals(actor(), row.id)]
    kept = {row.id for row in rows if may_keep_seals(actor(), row.owner)}
    people = queries.holders(reading(), SIGNERS, product().clock()) if mine else []
    return render_template(
        "sealbook/index.html", rows=rows, kept=kept, orgs=mine, people=people, problem=problem
    )


@views.post("/")
@only(may_read_seals)
def register() -> Any:
    """A new seal, or a certificate by which a person signs."""
    form, engine = request.form, product().engine
    owner, person, reason = (form.get(name, "") for name in ("owner", "person", "reason"))

    def act() -> None:
        if person:
            engine.register_signature(actor(), owner, person, _until(), reason)
        else:
            engine.register_seal(actor(), owner, form.get("name", ""), _until(), reason)

    return _done(act)


@views.post("/<seal_id>")
@only(may_read_seals)
def turn(seal_id: str) -> Any:
    """Suspend, take up again, renew, expire or revoke a seal."""
    form, engine = request.form, product().engine
    step, reason = form.get("step", ""), form.get("reason", "")

    def act() -> None:
        if step == "renew":
            engine.renew_seal(actor(), seal_id, _until(), reason)
        elif step == "revoke":
            since = day("since")
            engine.revoke_seal(actor(), seal_id, reason, midnight(since) if since else None)
        elif step in STEPS:
            getattr(engine, f"{step}_seal")(actor(), seal_id, reason)
        else:
            raise Invalid("seal_state", name="")

    return _done(act)


@views.get("/ledger")
@only(may_read_seals)
def ledger() -> str:
    """One page of the ledger."""
    page = request.args.get("page", "1")
    number = int(page) if page.isdecimal() and 1 <= int(page) <= 2000 else 1
    rows, more = queries.use_rows(reading(), viewer(), _asked(), number)
    return render_template(
        "sealbook/ledger.html",
        rows=rows,
        columns=COLUMNS,
        states=queries.USE_STATES,
        asked=_asked(),
        page=number,
        more=more,
        told=told,
    )


@views.get("/ledger.<kind>")
@only(may_read_seals)
def table(kind: str) -> Response:
    """The whole ledger, as filtered, as a file: csv or xlsx."""
    heads = [t(f"sealbook.{column}") for column in FILED]
    form = "xlsx" if kind == "xlsx" else "csv"
    return download(form, t("sealbook.ledger"), heads, _rows())


def _rows() -> Iterator[Sequence[Any]]:
    for row in queries.every_use(reading(), viewer(), _asked()):
        yield [told(row) if name == "result" else getattr(row, name) for name in FILED]


@views.post("/ledger/<use_id>/recheck")
@only(may_read_seals)
def recheck(use_id: str) -> Any:
    """Look at one sealed document again."""
    fresh()
    try:
        verified = product().engine.recheck_use(actor(), use_id)
        say("sealbook.stands" if verified.result == "OK" else "sealbook.falls")
    except EngineError as refused:
        return _index(refusal(refused)), 422
    return redirect(url_for("sealbook.ledger", state="recheck"))


def told(row: Any) -> str:
    """What came of a use, in words."""
    signed = row.result == "OK" and row.place
    return t("sealbook.signed" if signed else f"sealbook.result_{row.result or 'going'}")


def _asked() -> queries.SealsAsked:
    state = request.args.get("state", "")
    seal = request.args.get("seal", "")
    return queries.SealsAsked(state if state in queries.USE_STATES else "", seal)


def _until() -> Any:
    until = day("until")
    if until is None:
        raise Invalid("date_shape")
    return end_of(until)


def _done(act: Any) -> Any:
    fresh()
    try:
        act()
    except EngineError as refused:
        return _index(refusal(refused)), 422
    say("admin.saved")
    return redirect(url_for("sealbook.index"))
