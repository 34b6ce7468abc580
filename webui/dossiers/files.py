"""Files of a dossier: laid in, looked at in the page, every version kept, every opening told.

A PDF opens in the browser's own viewer, framed in the page: nothing of it is parsed on the server,
no library is shipped for it, and its text can be searched and enlarged. The viewer cannot run in a
sandboxed answer, so a PDF alone has no ``sandbox``; its type is that of its content and never sniffed.
"""

from __future__ import annotations

from io import BytesIO

from flask import flash, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from engine.errors import EngineError, NotAllowed, NotFound
from storage import queries
from webui.auth import actor, signed
from webui.errors import refusal
from webui.forms.filetypes import clean_name
from webui.forms.receiving import taken
from webui.frame import POLICY, say
from webui.health import may_open
from webui.intake import intake
from webui.product import fresh, product, reading
from webui.words import t

from .filed import kept_files
from .views import seen, views

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/bmp", "image/svg+xml"})
"""SVG is of our own making: uploads of that type are refused."""
PDF = "application/pdf"
OPENINGS = 1_000
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
VIEWER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@views.post("/dossiers/<dossier_id>/files")
@signed
def lay_in(dossier_id: str) -> Response:
    """Lay a file into the dossier; one of the same name becomes its next version."""
    seen(dossier_id)
    upload = request.files.get("file")
    back = redirect(url_for("dossiers.dossier", dossier_id=dossier_id, tab="documents"))
    if upload is None or not upload.filename:
        return back
    try:
        told = taken(upload, intake(), product().config.upload_max_bytes)
        fresh()
        new = product().engine.add_file(actor(), dossier_id, told)
    except EngineError as refused:
        name, why = clean_name(upload.filename), refusal(refused)
        flash(why if name in why else t("files.left_out", name=name, why=why), "late")
        return back
    say("files.taken" if new else "files.there", name=told["name"])
    return back


@views.get("/dossiers/<dossier_id>/files/<digest>/about")
@signed
def about_file(dossier_id: str, digest: str) -> Response:
    """One file: a look at it, its versions, who opened it when."""
    dossier = seen(dossier_id)
    files = kept_files(dossier_id)
    found = next((one for one in files if one.row.digest == digest), None)
    if found is None:
        raise NotFound("no_attachment", name=digest[:12])
    streams = [f"dossier:{dossier_id}"]
    opened = queries.recent_entries(reading(), streams, OPENINGS, ("file_open",))
    page = render_template(
        "dossiers/file.html",
        dossier=dossier,
        file=found,
        versions=[one for one in files if one.row.name == found.row.name],
        opened=[one for one in opened if one.data and one.data.get("digest") == digest],
        look={PDF: "pdf"}.get(found.row.type, "picture" if found.row.type in PICTURES else ""),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


@views.get("/dossiers/<dossier_id>/files/<digest>")
@signed
def file(dossier_id: str, digest: str) -> Response:
    """The file itself, verified; only pictures and PDF open in the browser, all else is downloaded."""
    seen(dossier_id)
    told = queries.attachment(reading(), dossier_id, digest)
    if told is None:
        raise NotFound("no_attachment", name=digest[:12])
    if not may_open(dossier_id)(digest):
        raise NotAllowed("health_apart")
    content = product().blobs.get(digest)
    fresh()
    product().engine.note_opening(actor(), dossier_id, digest)
    opens = told.type == PDF or told.type in PICTURES
    response = send_file(
        BytesIO(content),
        mimetype=told.type,
        as_attachment=not opens,
        download_name=told.name,
        conditional=False,
    )
    response.headers["Content-Security-Policy"] = VIEWER if told.type == PDF else SANDBOX
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
