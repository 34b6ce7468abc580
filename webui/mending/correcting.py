"""Correcting case data: what stands there, what shall, why, and a second look before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for

from engine.access import may_mend
from engine.commands.repair import correction_of
from engine.errors import Conflict, EngineError, Failed, Invalid, NotFound
from engine.forms import Form, corrected, correction_form, filled, look_up
from engine.model import Case, Data, Problem
from engine.spiff import read_state
from engine.values import to_json
from storage import queries
from webui.audit.before_after import course, pairs
from webui.auth import actor, only, viewer
from webui.corrections import change
from webui.errors import STATUS, refusal
from webui.forms import View, from_request, render, sentence
from webui.frame import say
from webui.inbox.showing import pickers
from webui.intake import intake
from webui.procedures import Drawn, drawn
from webui.product import fresh, product, reading
from webui.registers import cited

from .views import is_over, views, whose

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Desk:
    """A case on the table: its data and the form with which they are mended."""

    row: queries.CaseRow
    case: Case
    drawn: Drawn
    data: Data
    form: Form


@views.get("/cases/<case_id>/correct")
@only(may_mend)
def correction(case_id: str) -> Any:
    """Every value that can be mended, as it stands."""
    if is_over(case_id):
        return redirect(url_for("dossiers.case", case_id=case_id))
    desk = _desk(case_id)
    return _page(desk, filled(desk.form, desk.data, product().clock()))


@views.post("/cases/<case_id>/correct")
@only(may_mend)
def correct(case_id: str) -> Any:
    """First before and after, then, confirmed and nothing moved meanwhile, the correction."""
    desk = _desk(case_id)
    received = from_request(desk.form, request.form, request.files, intake())
    if received.edited or "back" in request.form:
        return _page(desk, received.raw)
    now = product().clock()
    try:
        values = corrected(desk.form, received.raw, desk.data, now).values
        if not values:
            raise Invalid("nothing_corrected")
    except Invalid as invalid:
        return _page(desk, received.raw, invalid), 422
    if not _reason():
        missing = Invalid("form_problems", problems=[Problem("reason", "reason_needed")], count=1)
        return _page(desk, received.raw, missing), 422
    moved = request.form.get("seq", "") != str(desk.case.seq)
    if moved or "confirm" not in request.form:
        try:
            return _preview(desk, received.raw, values, moved), 409 if moved else 200
        except Conflict as refused:
            return _page(desk, received.raw, refused), STATUS[Conflict]
    fresh()
    told = {pointer: to_json(value) for pointer, value in values.items()}
    try:
        _do(desk.case, told)
    except Failed as failed:
        return _page(desk, received.raw, failed), STATUS[Failed]
    return redirect(url_for("dossiers.case", case_id=case_id))


def _do(case: Case, told: Mapping[str, Any]) -> None:
    engine = product().engine
    if engine.needs_second(product().looking(), case):
        engine.propose_repair(actor(), case.id, "correct", correction_of(told), _reason())
        say("mending.proposed")
    else:
        engine.correct(actor(), case.id, told, _reason())
        say("mending.corrected", count=len(told))


def _desk(case_id: str) -> Desk:
    row = queries.case_row(reading(), viewer(), case_id)
    if row is None:
        raise NotFound("no_case", name=case_id)
    if row.status not in ("open", "held"):
        raise Conflict("case_over")
    case, found = product().looking().case(case_id), drawn(row.release)
    data = read_state(case.state).data
    return Desk(row, case, found, data, correction_form(found.forms(), data))


def _page(desk: Desk, raw: Any, wrong: EngineError | None = None) -> str:
    view = View(desk.data, product().clock(), pickers=pickers(), basis=cited)
    problems = wrong.problems if isinstance(wrong, Invalid) else ()
    return render_template(
        "mending/correct.html",
        desk=desk,
        whose=whose(desk.case.dossier),
        body=render(desk.form, raw, problems, view),
        refused=refusal(wrong) if wrong and not problems else "",
        reason=_reason(),
        reason_wrong=[sentence(one) for one in problems if one.pointer == "reason"],
    )


def _preview(desk: Desk, raw: Any, values: Mapping[str, Any], moved: bool) -> str:
    changes = [
        change(desk.form.fields[p], look_up(desk.data, p), value) for p, value in values.items()
    ]
    told = correction_of({pointer: to_json(value) for pointer, value in values.items()})
    outcome = product().engine.would_mend(product().looking(), desk.case, "correct", told)
    goes = course(read_state(desk.case.state), outcome, desk.drawn.step)
    both = ((desk.drawn.release, desk.drawn.release), (desk.case.state, outcome.state))
    return render_template(
        "mending/correct_preview.html",
        desk=desk,
        whose=whose(desk.case.dossier),
        changes=changes,
        course=goes,
        pairs=pairs(*both) if goes.ends or goes.begins else [],
        typed=[(name, value) for name, held in raw.items() for value in held],
        reason=_reason(),
        moved=refusal(Conflict("case_moved_on")) if moved else "",
    )


def _reason() -> str:
    return request.form.get("reason", "").strip()[:LONGEST_REASON]
