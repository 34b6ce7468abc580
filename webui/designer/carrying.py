"""A draft as a zip that equals its folder, and a zip or a lone diagram as a draft."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for

from engine.access import may_publish
from engine.errors import Invalid
from engine.importing import read_import
from engine.package import write_zip
from webui.auth import actor, only
from webui.errors import refusal
from webui.frame import say
from webui.product import fresh, product

from .views import look, page, views


@views.get("/drafts/<draft_id>/procedure.zip")
@only(may_publish)
def export(draft_id: str) -> Response:
    """The draft's folder; the same files give the same bytes."""
    found = look(draft_id)
    packed = write_zip(found.procedure, product().looking().draft_bytes(draft_id))
    answer = Response(packed, mimetype="application/zip")
    named = f"{found.procedure}.zip"
    answer.headers.set("Content-Disposition", "attachment", filename=named)
    return answer


@views.post("/drafts/<draft_id>/import")
@only(may_publish)
def bring(draft_id: str) -> Any:
    """A zip takes the place of all files, a lone diagram that of the diagram; undo brings them back."""
    given = request.files.get("file")
    try:
        brought = read_import(given.read() if given else b"")
        engine = product().engine
        kept = product().looking().draft_bytes(draft_id) if len(brought.files) == 1 else {}
        fresh()
        engine.bring_files(actor(), draft_id, {**kept, **brought.files})
    except Invalid as refused:
        return render_template(
            "designer/draft.html", **page(draft_id), problem=refusal(refused)
        ), 422
    told = "designer.imported_named" if brought.named else "designer.imported"
    say(told, count=len(brought.files), named=brought.named)
    return redirect(url_for("designer.draft", draft_id=draft_id))
