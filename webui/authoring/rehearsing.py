"""Playing a draft by hand: a case is begun, its tasks are done, time passes, steps are taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import redirect, request, url_for

from engine.access import may_publish
from engine.errors import Conflict, Invalid, NotFound
from engine.forms.form import Raw
from engine.model import Data, OpenTask
from engine.scenario import Rehearsal
from engine.scenario.telling import begin, complete
from webui.auth import only
from webui.words import lang

from .asking import ask
from .shown import Typed, page, refused_page
from .trial import Trial, forget, sit
from .views import views
from .worlds import told_world, typed_json

UNITS = {"days": "P{}D", "hours": "PT{}H"}
MOST = 3_650


@views.get("/play")
@only(may_publish)
def rehearsal(draft_id: str) -> Any:
    """Where the rehearsal stands, and what can happen next."""
    return page(draft_id, request.args.get("task", ""), at=request.args.get("element", ""))


# What a designer does ----------------------------------------------------------------------------


@views.post("/play/begin")
@only(may_publish)
def begin_play(draft_id: str) -> Any:
    """Begin the case by its form, or by the message that begins it."""
    raw: Raw | None = None
    try:
        trial = sit(draft_id)
        trial = trial.over(told_world(trial))
        if "message" in request.form:
            return _begun(trial, _arrived())
        asked = ask(trial, None)
        received = asked.sent() if asked else None
        raw = received.raw if received else {}
        if received and (received.edited or received.problems):
            return page(draft_id, "", Typed(raw, received.problems))
        return _begun(trial, begin(trial.found.player, raw))
    except (Invalid, Conflict) as refused:
        return refused_page(draft_id, "", refused, raw)


def _begun(trial: Trial, told: Data) -> Any:
    start = {key: value for key, value in trial.tried.told["start"].items() if key not in BEGINNING}
    told = {**trial.tried.told, "start": {**start, **told}}
    return _kept(trial.over(replace(trial.tried, told=told)), 0)


BEGINNING = ("data", "outcome", "message", "payload", "parties")


def _arrived() -> Data:
    """What a message that begins a case says."""
    payload, parties = typed_json("payload", {}), typed_json("parties", [])
    return {"message": request.form["message"], "payload": payload, "parties": parties}


@views.post("/play/world")
@only(may_publish)
def play_world(draft_id: str) -> Any:
    """Another beginning, other settings, other answers: the steps are taken anew."""
    try:
        trial = sit(draft_id)
        trial.over(told_world(trial)).keep()
    except (Invalid, Conflict) as refused:
        return refused_page(draft_id, "", refused)
    return _back(draft_id)


@views.post("/play/like")
@only(may_publish)
def play_like(draft_id: str) -> Any:
    """Take a scenario of the draft as the rehearsal, as far as to a step."""
    trial = sit(draft_id)
    name, count = request.form.get("scenario", ""), request.form.get("at", type=int)
    content = trial.stage.release.files.get(f"scenarios/{name}.json")
    if content is None or name not in trial.stories:
        raise NotFound("no_draft_file", name=name[:60])
    told = json.loads(content)
    tried = Rehearsal(told, name=name).go(len(told["steps"]) if count is None else count)
    trial.over(tried).put()
    return _back(draft_id)


@views.post("/play/tasks/<task_id>")
@only(may_publish)
def play_task(draft_id: str, task_id: str) -> Any:
    """Complete a task with its form; or draw it again when a button of the form was pressed."""
    raw: Raw | None = None
    try:
        trial = sit(draft_id)
        task = _open(trial, task_id)
        asked = ask(trial, task)
        received = asked.sent() if asked else None
        raw = received.raw if received else {}
        if received and (received.edited or received.problems):
            return page(draft_id, task_id, Typed(raw, received.problems))
        outcome = request.form.get("outcome", "")
        return took(trial, complete(trial.found.player, task, raw, outcome))
    except (Invalid, Conflict) as refused:
        return refused_page(draft_id, task_id, refused, raw)


@views.post("/play/form")
@only(may_publish)
def play_form(draft_id: str) -> str:
    """The body of a form with what was typed into it: of a task, or of the start."""
    trial, task_id = sit(draft_id), request.args.get("task", "")
    asked = ask(trial, _open(trial, task_id) if task_id else None)
    if asked is None:
        raise NotFound("no_form", element=task_id)
    received = asked.sent()
    return str(asked.draw(received.raw, received.problems))


@views.post("/play/step")
@only(may_publish)
def play_step(draft_id: str) -> Any:
    """Let something happen that is no task: ``do`` names it."""
    try:
        act = ACTS.get(request.form.get("do", ""))
        return took(sit(draft_id), act()) if act else _back(draft_id)
    except (Invalid, Conflict) as refused:
        return refused_page(draft_id, "", refused)


@views.post("/play/go")
@only(may_publish)
def play_go(draft_id: str) -> Any:
    """Stand at another step (``at``), leave one out (``without``), or begin all over."""
    try:
        if "anew" in request.form:
            forget(draft_id, request.form.get("seen", ""))
            return _back(draft_id)
        trial, without = sit(draft_id), request.form.get("without", type=int)
        if without and 0 < without <= len(trial.tried.steps):
            trial.over(trial.tried.leave_out(without)).keep()
        else:
            trial.over(trial.tried.go(request.form.get("at", 0, int))).keep()
    except (Invalid, Conflict) as refused:
        return refused_page(draft_id, "", refused)
    return _back(draft_id)


# Steps that are no tasks -------------------------------------------------------------------------


def _pass() -> Data:
    count = request.form.get("count", 0, int)
    unit = UNITS.get(request.form.get("unit", ""))
    if not unit or not 0 < count <= MOST:
        raise Invalid("rehearsal_unreadable", reason=request.form.get("count", "")[:20])
    return {"pass": unit.format(count)}


def _effect() -> Data:
    name = request.form.get("effect", "")
    if request.form.get("how") == "fails":
        code = request.form.get("other", "").strip() or request.form.get("error", "")
        return {"effect": name, "error": code, "reason": code}
    return {
        "effect": name,
        "result": typed_json("like" if "like" in request.form else "result"),
    }


def _message() -> Data:
    told = {"message": request.form.get("message", ""), "payload": typed_json("payload", {})}
    return told | {"key": request.form.get("key", "")}


def _signal() -> Data:
    return {"signal": request.form.get("signal", ""), "payload": typed_json("payload", {})}


def _clock() -> Data:
    told = {"clock": request.form.get("clock", ""), "do": request.form.get("how", "")}
    return told | ({"until": request.form.get("until", "")} if told["do"] == "extend" else {})


ACTS: Mapping[str, Callable[[], Data]] = {
    "to": lambda: {"to": request.form.get("to", "")},
    "pass": _pass,
    "effect": _effect,
    "message": _message,
    "signal": _signal,
    "clock": _clock,
    "retry": lambda: {"retry": True},
    "cancel": lambda: {"cancel": request.form.get("reason", "").strip() or "-"},
}


# What they share ---------------------------------------------------------------------------------


def _open(trial: Trial, task_id: str) -> OpenTask:
    found = (task for task in trial.found.player.case.outcome.tasks if task.id == task_id)
    task = next(found, None)
    if task is None:
        raise Conflict("rehearsal_moved")
    return task


def took(trial: Trial, step: Data) -> Any:
    """With one more step, kept. Raises Invalid (rehearsal_refused), Conflict (rehearsal_moved)."""
    went = trial.follow(step)
    return _kept(went, went.tried.at)


def _kept(trial: Trial, number: int) -> Any:
    """Keep a story whose step of that number fits. Raises Invalid (rehearsal_refused) else."""
    stuck = trial.found.stuck
    if stuck and stuck.step is not None and stuck.step <= number:
        raise Invalid("rehearsal_refused", why=stuck.say("zh" if lang() == "zh" else "en"))
    trial.keep()
    return _back(trial.draft.id)


def _back(draft_id: str) -> Any:
    return redirect(url_for(".rehearsal", draft_id=draft_id))
