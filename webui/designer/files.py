"""A draft's files over the wire: bytes with ETag, saved over what was seen; findings as JSON."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response, jsonify, redirect, request, url_for

from engine.access import may_publish
from engine.errors import Conflict, Invalid, NotFound
from engine.journal import rfc3339
from engine.model import Draft, DraftFile
from engine.values import to_json
from webui.auth import actor, only
from webui.errors import refusal
from webui.frame import say
from webui.procedures import diagram_of_draft
from webui.product import fresh, product

from .views import findings, hint, look, proved, said, views

FILE = "/drafts/<draft_id>/files/<path:name>"


@views.get("/drafts/<draft_id>/files.json")
@only(may_publish)
def listed(draft_id: str) -> Response:
    """{"version", "state", "mine", "files": [{"name", "etag", "saved_by", "saved_at"}]}."""
    found = look(draft_id)
    files = product().looking().draft_files(draft_id).values()
    mine = found.person == actor().person and found.state == "open"
    told = {"version": found.version, "state": found.state, "mine": mine}
    return jsonify(told | {"files": [_told(one) for one in files]})


@views.get(FILE)
@only(may_publish)
def read(draft_id: str, name: str) -> Response:
    """The bytes of one file; ``ETag`` is their SHA-256."""
    store = product().looking()
    there = store.draft_files(look(draft_id).id).get(name)
    if there is None:
        raise NotFound("no_draft_file", name=name)
    content = store.draft_bytes(draft_id, name)[name]
    answer = Response(content, content_type="application/octet-stream")
    answer.set_etag(there.digest)
    answer.headers["X-Saved-By"] = there.saved_by
    answer.make_conditional(request)
    return answer


@views.put(FILE)
@only(may_publish)
def save(draft_id: str, name: str) -> Response:
    """Save over what ``If-Match`` names (none: a new file). 412 says who saved meanwhile, when."""
    content = request.get_data()
    fresh()
    try:
        kept = product().engine.save_file(actor(), draft_id, name, content, _seen())
    except Conflict as conflict:
        return _conflict(conflict)
    answer = jsonify(_told(kept))
    answer.set_etag(kept.digest)
    return answer


@views.delete(FILE)
@only(may_publish)
def delete(draft_id: str, name: str) -> Response:
    """Take a file away that is still as ``If-Match`` names it."""
    fresh()
    try:
        product().engine.delete_file(actor(), draft_id, name, _seen())
    except Conflict as conflict:
        return _conflict(conflict)
    return Response(status=204)


@views.post("/drafts/<draft_id>/undo", defaults={"again": False})
@views.post("/drafts/<draft_id>/redo", defaults={"again": True})
@only(may_publish)
def undo(draft_id: str, again: bool) -> Any:
    """Take back the last save of whichever files, or do it again; tells the new version.

    Sent by a form, it leads back to the draft.
    """
    fresh()
    changed: Draft = product().engine.undo(actor(), draft_id, again)
    if not request.form:
        return jsonify({"version": changed.version})
    last = product().looking().draft_changes(draft_id)
    files = ", ".join(one.name for one in last if one.version == changed.version)
    say("designer.redone" if again else "designer.undone", files=files)
    return redirect(url_for("designer.draft", draft_id=draft_id))


@views.get("/drafts/<draft_id>/findings.json")
@only(may_publish)
def found_json(draft_id: str) -> Response:
    """[{"code", "level", "file", "element", "text", "hint", "params"}], errors first.

    ``X-Soundness``: percent-encoded, what the search for dead ends came to.
    """
    draft = look(draft_id)
    answer = jsonify(
        [
            {
                "code": one.code,
                "level": one.level,
                "file": one.file,
                "element": one.element,
                "text": said(one),
                "hint": hint(one),
                "params": to_json({key: str(value) for key, value in one.params.items()}),
            }
            for one in findings(draft)
        ]
    )
    diagram = diagram_of_draft(draft_id)
    answer.headers["X-Soundness"] = quote(proved(diagram))
    return answer


def _seen() -> str:
    """The SHA-256 that ``If-Match`` names; "" without it: there is no such file yet."""
    tags = request.if_match.as_set()
    if len(tags) > 1 or request.if_match.star_tag:
        raise Invalid("draft_if_match")
    return tags.pop() if tags else ""


def _told(one: DraftFile) -> dict[str, Any]:
    saved = {"saved_by": one.saved_by, "saved_at": rfc3339(one.saved_at)}
    return {"name": one.name, "etag": one.digest, "version": one.version, **saved}


def _conflict(conflict: Conflict) -> Response:
    """412 when somebody saved the file meanwhile, 409 when the draft is closed."""
    told = {"error": conflict.code, "message": refusal(conflict)}
    if conflict.code != "draft_file_changed":
        answer = jsonify(told)
        answer.status_code = 409
        return answer
    params = conflict.params
    saved = {"saved_by": params["by"], "saved_at": rfc3339(params["at"])}
    answer = jsonify({**told, **saved, "etag": params["digest"]})
    answer.status_code = 412
    return answer
