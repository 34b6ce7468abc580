"""Moving running cases to the published version: a dry run with reasons, and a batch in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from flask import render_template, request

from engine.access import may_publish
from engine.diagram import read_diagram
from engine.errors import Conflict, EngineError, Invalid, NotAllowed
from engine.model import Release
from engine.package import DIAGRAM
from engine.spiff import Misfit
from storage.queries.rehearsing import cases_elsewhere
from webui.auth import actor, only
from webui.errors import refusal
from webui.product import fresh, product, reading
from webui.registers import rules

from .views import views

MOST_SHOWN = 200
SECONDS = 2.0
"""How long one page works before it tells how far it is."""


@dataclass(frozen=True, slots=True)
class Batch:
    """How far a batch has come; ``after``: the last case that was looked at."""

    all: int
    after: str = ""
    moved: int = 0
    stayed: int = 0
    is_over: bool = False

    @property
    def done(self) -> int:
        return self.moved + self.stayed


@views.get("/<procedure>/move")
@only(may_publish)
def moving(procedure: str) -> str:
    """Which running cases could go on under the published version, and why others stay."""
    return _page(procedure)


@views.post("/<procedure>/move")
@only(may_publish)
def move(procedure: str) -> Any:
    """Move as many as fit into two seconds; the page goes on from there."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _page(procedure, problem=refusal(NotAllowed("reason_needed"))), 422
    release = _current(procedure)
    cases = cases_elsewhere(reading(), procedure, release.digest)
    given = request.form.get
    batch = Batch(
        given("all", type=int) or len(cases),
        given("after", ""),
        given("moved", 0, type=int) or 0,
        given("stayed", 0, type=int) or 0,
    )
    fresh()
    batch = _work(batch, [one.id for one in cases], release.digest, reason)
    if batch.is_over:
        fresh()
    return _page(procedure, batch=batch, reason=reason)


def _work(batch: Batch, cases: Sequence[str], to: str, reason: str) -> Batch:
    engine, until = product().engine, monotonic() + SECONDS
    for case in (one for one in cases if one > batch.after):
        try:
            engine.move_case(actor(), case, to, reason)
            batch = replace(batch, after=case, moved=batch.moved + 1)
        except (Conflict, Invalid) as refused:
            if refused.code == "move_not_current":
                raise
            batch = replace(batch, after=case, stayed=batch.stayed + 1)
        if monotonic() > until and case != cases[-1]:
            return batch
    return replace(batch, is_over=True)


def _page(procedure: str, **told: Any) -> str:
    release, batch = _current(procedure), told.get("batch")
    rows = [] if batch and not batch.is_over else _dry_run(procedure, release)
    stays = [row for row in rows if row[1]]
    told = {"batch": None, "reason": "", "problem": "", **told}
    return render_template(
        "designer/move.html",
        procedure=procedure,
        count=len(rows),
        fit=len(rows) - len(stays),
        stays=stays[:MOST_SHOWN],
        **told,
    )


def _dry_run(procedure: str, release: Release) -> list[tuple[Any, str]]:
    """Each running case on another version, with the sentence why it stays ("" = it can be moved)."""
    store, engine = product().looking(), product().engine
    found = []
    for row in cases_elsewhere(reading(), procedure, release.digest):
        case = store.case(row.id)
        try:
            wrong = engine.would_move(store, case, release)
            found.append((row, _why(wrong, release, case.release) if wrong else ""))
        except Invalid as unreadable:
            found.append((row, refusal(unreadable)))
    return found


def _why(wrong: Misfit, new: Release, old: str) -> str:
    """In words; an element by the name it bears in either version, a period by its own."""
    rule = rules().get(wrong.element)
    diagrams = [new.files, product().looking().release(old).files]
    nodes = [read_diagram(files[DIAGRAM]).nodes.get(wrong.element) for files in diagrams]
    named: Any = next((one.name for one in nodes if one and one.name), wrong.element)
    return refusal(EngineError(wrong.code, element=rule.name if rule else named))


def _current(procedure: str) -> Release:
    found: Release = product().looking().current_release(procedure)
    return found
