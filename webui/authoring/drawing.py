"""The drawings of a rehearsal: the draft's own and those it calls, lit where it went and waits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from flask import Response, jsonify, request

from engine.access import may_publish
from engine.coverage import REACHED
from engine.errors import NotFound
from engine.model import Outcome, Place
from webui.audit.places import MAIN, Atlas
from webui.auth import only
from webui.words import pick

from .playing import Stage, stage_of
from .trial import Trial, sit
from .views import views


@views.get("/play/drawing.bpmn")
@only(may_publish)
def play_drawing(draft_id: str) -> Response:
    """The bytes of one drawing; ``?home=``: its file in what would be published."""
    home, stage = request.args.get("home", MAIN), stage_of(draft_id)
    if home not in atlas_of(stage).drawings:
        raise NotFound("no_draft_file", name=home[:100])
    return Response(stage.release.files[home], content_type="application/octet-stream")


@views.get("/play/marks.json")
@only(may_publish)
def play_marks(draft_id: str) -> Response:
    """Elements of a drawing: ``past`` the way so far, ``here`` where tokens wait (that of the task
    asked for first), ``wrong`` an incident.
    """
    trial, home = sit(draft_id), request.args.get("home", MAIN)
    case, atlas = trial.found.player.case, atlas_of(trial.stage)
    went = (line.place for line in case.trace if line.what in REACHED)
    wrong = [case.incident.place] if case.incident and case.incident.place else []
    lit = {"past": went, "here": _waiting(trial, request.args.get("task", "")), "wrong": wrong}
    return jsonify(
        {
            mark: list(
                dict.fromkeys(s.element for p in places for s in atlas.around(p) if s.home == home)
            )
            for mark, places in lit.items()
        }
    )


def inside(trial: Trial) -> list[tuple[str, str]]:
    """(file, name) of the called procedures in which tokens wait now."""
    atlas = atlas_of(trial.stage)
    homes = dict.fromkeys(atlas.home(place.scope) for place in _waiting(trial, ""))
    return [(home, pick(atlas.drawings[home].name, home)) for home in homes if home != MAIN]


@lru_cache(maxsize=8)
def atlas_of(stage: Stage) -> Atlas:
    """Its drawings, read once."""
    return Atlas(stage.release)


def _waiting(trial: Trial, task_id: str) -> list[Place]:
    """Where tokens wait; a boundary event or a handler waits with what it belongs to."""
    now, atlas = trial.found.player.case.outcome, atlas_of(trial.stage)
    places = sorted(_places(now, task_id), key=lambda one: not one[0])
    drawn = ((place, atlas.node(place.element, place.scope)) for _, place in places)
    return [place for place, n in drawn if n and not n.attached_to and n.type != "startEvent"]


def _places(now: Outcome, task_id: str) -> Iterator[tuple[bool, Place]]:
    for kind in (now.tasks, now.effects, now.timers, now.subscriptions):
        for one in kind:
            yield one.id == task_id, one.place
