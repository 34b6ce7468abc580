"""The list of procedures with their drafts, and a draft's own page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.access import may_publish
from engine.checks import check
from engine.checks.soundness import MOST_STATES, may_prove, prove
from engine.diagram import Diagram
from engine.errors import EngineError, NotFound
from engine.letters.making import RECORD, kinds_of
from engine.model import Draft, Finding
from engine.outline import outline
from engine.texts import catalogue
from storage import queries
from storage.queries.drafts import draft_rows
from webui.auth import actor, only, signed
from webui.errors import refusal
from webui.frame import say
from webui.procedures import diagram_of_draft, drawn
from webui.product import fresh, product, reading
from webui.words import t

views = Blueprint("designer", __name__, url_prefix="/designer", template_folder="templates")


@views.get("/")
@only(may_publish)
def index() -> str:
    """Every procedure with its published version and the drafts of it."""
    latest = queries.published(reading())
    published = {row.procedure: drawn(row.digest) for row in latest}
    rows = draft_rows(reading())
    names = sorted({*published, *(row.draft.procedure for row in rows)})
    return render_template(
        "designer/index.html",
        procedures=[
            (name, published.get(name), [row for row in rows if row.draft.procedure == name])
            for name in names
        ],
        versions={row.procedure: row.version for row in latest},
        me=actor().person,
    )


@views.post("/new")
@only(may_publish)
def begin() -> Response:
    """A procedure that nobody has drawn yet."""
    return open_draft(request.form.get("procedure", "").strip())


@views.post("/<procedure>/drafts")
@only(may_publish)
def open_draft(procedure: str) -> Response:
    """Open my draft: the one I have, else a new one from what is published."""
    fresh()
    found = product().engine.open_draft(actor(), procedure)
    return redirect(url_for("designer.draft", draft_id=found.id))


@views.get("/drafts/<draft_id>")
@only(may_publish)
def draft(draft_id: str) -> str:
    """A draft with its files, the canvas, and what the checks find."""
    return render_template("designer/draft.html", **page(draft_id))


@views.get("/<procedure>/outline")
@signed
def told(procedure: str) -> str:
    """A published procedure in words; for everybody who works with it."""
    digests = {row.procedure: row.digest for row in queries.published(reading())}
    if procedure not in digests:
        raise NotFound("not_published", name=procedure)
    found = drawn(digests[procedure])
    return render_template("designer/outline.html", drawn=found, items=outline(found.diagram))


@views.post("/drafts/<draft_id>/drop")
@only(may_publish)
def drop(draft_id: str) -> Response:
    """Put a draft away."""
    fresh()
    product().engine.drop_draft(actor(), draft_id)
    say("designer.dropped")
    return redirect(url_for("designer.index"))


def look(draft_id: str) -> Draft:
    """Any designer reads any draft."""
    found: Draft = product().looking().draft(draft_id)
    return found


def page(draft_id: str) -> dict[str, Any]:
    """What the page of a draft says."""
    found, store = look(draft_id), product().looking()
    names = queries.names_of(reading(), [found.person])
    diagram = diagram_of_draft(found.id)
    return {
        "draft": found,
        "files": store.draft_files(found.id),
        "owner": names.get(found.person, found.person),
        "mine": found.person == actor().person and found.state == "open",
        "findings": findings(found),
        "said": said,
        "hint": hint,
        "proved": proved,
        "diagram": diagram,
        "items": outline(diagram) if diagram else (),
        "recorded": recorded(diagram) if diagram else (),
    }


def recorded(diagram: Diagram) -> list[str]:
    """The ids of the letters that its steps make."""
    steps = [node for node in diagram.nodes.values() if node.operation == RECORD]
    return sorted({kind for node in steps for kind in kinds_of(node)})


def findings(found: Draft) -> list[Finding]:
    """All findings of what would be published."""
    store = product().looking()
    try:
        files = product().engine.closure(store, found.procedure, store.draft_bytes(found.id))
    except EngineError as refused:
        return [Finding(refused.code, found.procedure, params=refused.params)]
    return check(files, found.procedure)


def proved(diagram: Diagram | None) -> str:
    """What the search of its markings came to, in the reader's language; "" without a whole diagram."""
    if diagram is None or not may_prove(diagram):
        return ""
    proof = prove(diagram)
    if proof.undecided:
        return str(t("designer.soundness_undecided", states=MOST_STATES))
    kept = "sound" if proof.is_sound else "unsound"
    return str(t(f"designer.soundness_{kept}", states=proof.states, faults=len(proof.faults)))


def said(finding: Finding) -> str:
    """A finding's sentence in the reader's language."""
    return refusal(EngineError(finding.code, **finding.params))


def hint(finding: Finding) -> str:
    """What to do about it; "" where the refusal itself says so."""
    code = f"{finding.code}_hint"
    return refusal(EngineError(code, **finding.params)) if code in catalogue() else ""
