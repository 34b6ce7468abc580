"""Pages of documents: a draft from the task at hand, the versions of one, its file."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from itertools import chain, pairwise
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from engine.access import may_mend
from engine.commands.papers import names_in
from engine.commands.previewing import Wanted
from engine.errors import Invalid, NotFound
from engine.forms import Form
from engine.letters import letters_of, wording_of
from engine.letters.aiding import Row, read_aloud
from engine.model import Data, Paper, Release
from engine.texts import text
from storage import queries
from webui.auth import actor, only, signed, viewer
from webui.dossiers.reading import note_reading
from webui.dossiers.views import seen
from webui.frame import say
from webui.inbox.showing import Open
from webui.inbox.task import drafted_page, held_task, typed_in
from webui.procedures import drawn
from webui.product import fresh, product, reading
from webui.words import lang

from .comparing import changes, label

views = Blueprint("papers", __name__, template_folder="templates")
SEALED_OFF = "default-src 'none'; sandbox"


@views.post("/tasks/<task_id>/letters/<letter_id>")
@signed
def preview(task_id: str, letter_id: str) -> Any:
    """The watermarked draft, or the task's form with what is wrong at its fields."""
    found = held_task(task_id)
    if letter_id not in {
        one.id for one in product().engine.papers_at(found.drawn.release, found.element)
    }:
        raise NotFound("template_unknown", letter=letter_id[:64])
    received = typed_in(found)
    if received.problems:
        return drafted_page(found, received.raw, received.problems), 422
    return _draft(found, received.raw, letter_id)


def _draft(found: Open, raw: Any, letter_id: str) -> Any:
    fresh()
    wanted = Wanted(letter_id, "en" if lang() == "en" else "zh")
    try:
        made = product().engine.preview_paper(actor(), found.row.id, raw, wanted)
    except Invalid as unfit:
        return drafted_page(found, raw, unfit.problems), 422
    here = [one for one in made.problems if _asks(found.form, one.pointer)]
    if here:
        return drafted_page(found, raw, here), 422
    return _pdf(made.pdf, f"{letter_id}.pdf")


def _asks(form: Form, pointer: str) -> bool:
    return any(f"{pointer}/".startswith(f"{one}/") for one in form.fields)


@views.get("/documents/<document_id>")
@signed
def document(document_id: str) -> str:
    """One document: its versions, what differs between them, what kept one from being set."""
    kept, papers = _kept(document_id)
    note_reading(kept["dossier"])
    release = _release(papers) if papers else None
    pairs = pairwise(papers)
    return render_template(
        "papers/document.html",
        document=kept,
        title=title_of(kept, release, papers),
        dossier=queries.dossier_row(reading(), viewer(), kept["dossier"]),
        versions=list(reversed(papers)),
        differences={b.version: changes(release, a, b) for a, b in pairs} if release else {},
        problem_text=_problem_text,
        signings={one.version: queries.signings(reading(), one.file) for one in papers if one.file},
        said=_read_aloud(release, papers[-1]) if release and lang() == "en" else [],
        label=partial(label, wording_of(release)) if release else str,
        may_mend=may_mend(actor()) and bool(papers),
    )


@views.get("/documents/<document_id>/<int:version>.pdf")
@signed
def file(document_id: str, version: int) -> Response:
    """A version as it was made."""
    kept, papers = _kept(document_id)
    found = next((one for one in papers if one.version == version and one.file), None)
    if found is None:
        raise NotFound("no_document", name=document_id)
    note_reading(kept["dossier"])
    name = f"{title_of(kept, _release(papers), papers)}-{version}.pdf"
    return _pdf(product().blobs.get(found.file), name)


@views.get("/documents/<document_id>/current.pdf")
@signed
def current(document_id: str) -> Response:
    """The last version with everything signed and sealed on it so far."""
    kept, papers = _kept(document_id)
    if not papers or not papers[-1].file:
        raise NotFound("no_document", name=document_id)
    note_reading(kept["dossier"])
    digests = [
        papers[-1].file,
        *(one.digest for one in queries.signings(reading(), papers[-1].file)),
    ]
    return _pdf(product().blobs.get(digests[-1]), f"{title_of(kept, _release(papers), papers)}.pdf")


@views.post("/documents/<document_id>/again")
@only(may_mend)
def again(document_id: str) -> Any:
    """Set it again from the data as it is now, with a reason."""
    _kept(document_id)
    fresh()
    product().engine.set_again(actor(), document_id, request.form.get("reason", ""))
    say("papers.set_again_done")
    return redirect(url_for("papers.document", document_id=document_id))


# Parts -----------------------------------------------------------------------------------------


def _kept(document_id: str) -> tuple[Data, list[Paper]]:
    """A document of a dossier that this reader may see, with its versions; NotFound else."""
    store = product().looking()
    kept = store.document(document_id)
    seen(kept["dossier"])
    return kept, list(store.papers(document_id))


def _read_aloud(release: Release, paper: Paper) -> list[Row]:
    """The last version for readers of English, field by field."""
    wording, names = wording_of(release), names_in(product().looking(), paper.data)
    said = (
        read_aloud(wording, wording.say(value, pointer, "en", names), pointer, "en")
        for pointer, value in paper.data.items()
    )
    return list(dict.fromkeys(chain.from_iterable(said)))


def _release(papers: list[Paper]) -> Release:
    return drawn(papers[-1].release).release


def title_of(kept: Data, release: Release | None, papers: list[Paper]) -> str:
    """What the document is called, in the reader's language."""
    letter = letters_of(release.files).get(papers[-1].letter) if release else None
    if lang() == "en" and letter:
        return str(letter.title["en"])
    return str(kept["data"].get("title") or kept["kind"])


def _problem_text(problem: Data) -> str:
    return text(problem["code"], "en" if lang() == "en" else "zh", problem["params"])


def _pdf(content: bytes, name: str) -> Response:
    response = send_file(BytesIO(content), mimetype="application/pdf", download_name=name)
    response.headers["Content-Security-Policy"] = SEALED_OFF
    response.headers["Cache-Control"] = "private, no-store"
    return response
