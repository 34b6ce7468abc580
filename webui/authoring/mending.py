"""Data of a rehearsal mended by hand, as a supervisor mends those of a case."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from engine.access import may_publish
from engine.errors import Conflict, Invalid
from engine.forms import Form, corrected, correction_form, filled
from engine.forms.form import Raw
from engine.values import to_json
from webui.auth import only
from webui.errors import STATUS, family, refusal
from webui.forms import View, from_request, render
from webui.inbox.showing import pickers
from webui.registers import cited

from .forms import Nowhere
from .rehearsing import took
from .trial import Trial, sit
from .views import views


@views.get("/play/correct")
@only(may_publish)
def play_correct(draft_id: str) -> str:
    """Every value that the case holds, as it stands."""
    trial = sit(draft_id)
    form, case = _form(trial), trial.found.player.case
    return _page(trial, form, filled(form, case.outcome.data, case.now))


@views.post("/play/correct")
@only(may_publish)
def correct_play(draft_id: str) -> Any:
    """Correct what was typed over: one step more."""
    trial = sit(draft_id)
    form, case = _form(trial), trial.found.player.case
    received = from_request(form, request.form, request.files, Nowhere())
    if received.edited:
        return _page(trial, form, received.raw)
    try:
        values = corrected(form, received.raw, case.outcome.data, case.now).values
        if not values:
            raise Invalid("nothing_corrected")
        return took(trial, {"correct": {p: to_json(value) for p, value in values.items()}})
    except (Invalid, Conflict) as refused:
        return _page(trial, form, received.raw, refused), STATUS[family(refused)]


def _form(trial: Trial) -> Form:
    return correction_form(trial.drawn.forms(), trial.found.player.case.outcome.data)


def _page(trial: Trial, form: Form, raw: Raw, wrong: Invalid | Conflict | None = None) -> str:
    case = trial.found.player.case
    problems = wrong.problems if isinstance(wrong, Invalid) else ()
    view = View(case.outcome.data, case.now, pickers=pickers(), basis=cited)
    return render_template(
        "authoring/play_correct.html",
        draft=trial.draft,
        trial=trial,
        body=render(form, raw, problems, view),
        refused=refusal(wrong) if wrong and not problems else "",
    )
