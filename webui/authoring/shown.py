"""The page of a rehearsal: how it stands, the form that is asked, what was typed and not taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request

from engine.coverage import KINDS, coverage
from engine.errors import EngineError, Invalid
from engine.forms.form import Raw
from engine.model import Data, Problem
from engine.scenario import Played
from webui.designer.views import look
from webui.errors import STATUS, family, refusal

from .asking import ask, examples
from .drawing import inside
from .playing import play_all
from .standing import Standing, Todo
from .trial import Trial, as_json, kept_of, sit
from .worlds import world_of


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent and not taken: shown again with the reason."""

    raw: Raw | None = None
    problems: Sequence[Problem] = ()
    problem: str = ""


NOTHING = Typed()


def page(draft_id: str, task_id: str, typed: Typed = NOTHING, at: str = "") -> str:
    """Where it stands; ``task_id``: whose form is drawn, "" for the first open one (``at`` an element)."""
    try:
        trial = sit(draft_id)
        standing = Standing(trial)
    except EngineError as broken:
        told = {"draft": look(draft_id), "broken": refusal(broken), "why": broken.code}
        told["trial"] = {"seen": kept_of(draft_id)[1]}
        return render_template("authoring/play.html", **told, standing=None)
    todo = _chosen(standing, task_id, at)
    if task_id and (todo is None or todo.task.id != task_id):
        typed = replace(typed, raw=None)
    is_open = todo is not None and todo.task.place.element == at
    return render_template(
        "authoring/play.html",
        element=at,
        done_at=0 if is_open else standing.done_at(at),
        draft=trial.draft,
        trial=trial,
        standing=standing,
        todo=todo,
        typed=typed,
        world=world_of(trial),
        as_json=as_json,
        kinds=KINDS,
        inside=inside(trial),
        asked_for=_asked_for,
        **_form(trial, standing, todo, typed),
        **_covered(trial, standing),
    )


def refused_page(
    draft_id: str, task_id: str, refused: EngineError, raw: Raw | None = None
) -> tuple[str, int]:
    """The page again with what was typed and why it was not taken."""
    is_form = refused.code == "form_problems"
    problems = [p for p in getattr(refused, "problems", ()) if isinstance(p, Problem)]
    typed = Typed(raw, problems, "") if is_form else Typed(raw, (), refusal(refused))
    return page(draft_id, task_id, typed), STATUS[family(refused)]


def _asked_for(name: str, usual: str = "") -> str:
    """What was typed, where the page is shown again."""
    return request.form.get(name, usual)


def _chosen(standing: Standing, task_id: str, element: str) -> Todo | None:
    named = [one for one in standing.todos if one.task.id == task_id]
    there = [one for one in standing.todos if one.task.place.element == element]
    ahead = standing.trial.ahead
    again = [one for one in standing.todos if ahead and _is_at(one, ahead)]
    return next(iter([*named, *there, *again, *standing.todos]), None)


def _form(trial: Trial, standing: Standing, todo: Todo | None, typed: Typed) -> dict[str, Any]:
    """The form that is asked now: of the start before it has begun, then of the chosen task."""
    told: dict[str, Any] = {"body": None, "outcomes": (), "given": (), "like": "", "unfit": ""}
    told["was_given"] = False
    if standing.has_begun and todo is None:
        return told
    try:
        asked = ask(trial, todo.task if todo else None)
    except Invalid as unfit:
        return told | {"unfit": refusal(unfit)}
    if asked is None:
        return told
    given = examples(trial, todo.task.place.element if todo else "")
    like = request.args.get("like", "")
    if todo is None and not like and given and not trial.is_begun:
        like = given[0].key
    before = _before(trial, todo)
    usual = (before or {}) if not like else {}
    data: Mapping[str, Any] = next((one.data for one in given if one.key == like), usual)
    raw = asked.fill(data) if typed.raw is None else typed.raw
    body = asked.draw(raw, typed.problems)
    told |= {"body": body, "outcomes": asked.form.outcomes, "given": given, "like": like}
    return told | {"was_given": before is not None}


def _before(trial: Trial, todo: Todo | None) -> Mapping[str, Any] | None:
    """What was given when the step that lies next ahead was taken, if it is this one."""
    if todo is None:
        data: Mapping[str, Any] | None = trial.tried.told["start"].get("data")
        return data
    ahead = trial.ahead
    is_same = _is_at(todo, ahead) if ahead else False
    return ahead.get("data", {}) if ahead and is_same else None


def _is_at(todo: Todo, step: Data) -> bool:
    place = todo.task.place
    return bool(place.element == step.get("task") and place.item == step.get("item"))


def _covered(trial: Trial, standing: Standing) -> dict[str, Any]:
    """What this way passes; asked for, what of it no scenario of the draft does."""
    release, case = trial.stage.release, standing.case
    mine = Played(trial.found.player.scenario, tuple(case.trace), case.outcome, None)
    told: dict[str, Any] = {"covered": coverage(release, [mine]), "gained": None}
    if "compare" not in request.args:
        return told
    others = list(play_all(trial.stage, trial.stories).values())
    before, after = coverage(release, others), coverage(release, [*others, mine])
    gained = {k: [n for n in before.missing[k] if n not in after.missing[k]] for k in KINDS}
    return told | {"gained": gained}
