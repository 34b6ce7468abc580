"""The workstation that prints: checks a file, gives numbers to its copies, then opens it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from engine.commands.printing import Press
from engine.commands.visiting import works_on
from engine.errors import Conflict, EngineError, NotAllowed
from storage import queries
from webui.auth import actor, signed
from webui.errors import STATUS, family, refusal
from webui.frame import say
from webui.product import fresh, product, reading

from .files import PDF, VIEWER
from .views import seen, views


@views.get("/dossiers/<dossier_id>/print/<digest>")
@signed
def printing(dossier_id: str, digest: str) -> str:
    """What the check says of the file, the form to print it, the log of its copies."""
    return _page(dossier_id, digest)


@views.post("/dossiers/<dossier_id>/print/<digest>")
@signed
def print_now(dossier_id: str, digest: str) -> Any:
    """Number and log the copies; what fails the check is not printed."""
    seen(dossier_id)
    form = request.form
    count = form.get("count", "")
    number = int(count) if count.isdecimal() and len(count) < 4 else 0
    press = Press(form.get("printer", ""), form.get("workstation", ""), number)
    fresh()
    try:
        made = product().engine.print_copies(actor(), dossier_id, digest, press)
    except EngineError as refused:
        fresh()
        return _page(dossier_id, digest, refusal(refused)), STATUS[family(refused)]
    say("printing.numbered", codes="、".join(copy.code for copy in made))
    return redirect(url_for("dossiers.printing", dossier_id=dossier_id, digest=digest))


@views.get("/dossiers/<dossier_id>/print/<digest>/file")
@signed
def print_file(dossier_id: str, digest: str) -> Response:
    """The bytes that were checked, for the printer: only once copies of them are numbered."""
    seen(dossier_id)
    store = product().looking()
    checked = product().engine.check_print(store, dossier_id, digest)
    numbered = any(
        one.digest == digest and not one.voided_at and one.printed_by == actor().person
        for one in store.copies(dossier_id)
    )
    if checked.refusal:
        raise Conflict("print_refused", digest=digest, seal=checked.seal or "-")
    if not numbered:
        raise NotAllowed("print_not_numbered")
    fresh()
    product().engine.note_opening(actor(), dossier_id, digest)
    response = send_file(BytesIO(checked.content), mimetype=PDF, conditional=False)
    response.headers["Content-Security-Policy"] = VIEWER
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@views.post("/dossiers/<dossier_id>/copies/<copy_id>/void")
@signed
def void_copy(dossier_id: str, copy_id: str) -> Any:
    """Make a copy void."""
    seen(dossier_id)
    fresh()
    digest = request.form.get("digest", "")
    try:
        product().engine.void_copy(actor(), dossier_id, copy_id, request.form.get("reason", ""))
    except EngineError as refused:
        fresh()
        return _page(dossier_id, digest, refusal(refused)), STATUS[family(refused)]
    say("printing.voided")
    return redirect(url_for("dossiers.printing", dossier_id=dossier_id, digest=digest))


def _page(dossier_id: str, digest: str, problem: str = "") -> str:
    dossier, store = seen(dossier_id), product().looking()
    checked = product().engine.check_print(store, dossier_id, digest)
    copies = [one for one in store.copies(dossier_id) if one.digest == digest]
    return render_template(
        "dossiers/printing.html",
        dossier=dossier,
        checked=checked,
        problem=problem,
        copies=copies,
        people=queries.names_of(reading(), {one.printed_by for one in copies}),
        may_print=works_on(store, actor(), dossier_id),
        last=copies[0] if copies else None,
        mine=any(one.printed_by == actor().person and not one.voided_at for one in copies),
    )
