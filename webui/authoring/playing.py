"""Scenarios of a draft: listed, told step by step, played on the draft, and what they leave uncovered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for

from engine.access import may_publish
from engine.authoring import is_text
from engine.coverage import KINDS, coverage, own_elements
from engine.diagram import read_diagram
from engine.errors import EngineError, Invalid
from engine.model import Facts, Finding, Release
from engine.package import DIAGRAM, digest
from engine.scenario import Played, Scenario, play, read_scenario
from engine.scenario.faults import faults, line_of
from engine.scenario.reading import KINDS as STEPS
from engine.texts import Lang
from webui.auth import only
from webui.designer.views import hint, look, said
from webui.errors import refusal
from webui.procedures import diagram_of_draft
from webui.product import product
from webui.words import lang

from .keeping import Sitting, save, sit_down
from .views import views

FOLDER = "scenarios/"
BLANK = b"""{
  "title": {"zh": "", "en": ""},
  "clauses": [],
  "start": {"at": "2026-03-02T09:00", "data": {}},
  "steps": [],
  "expect": {}
}
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a draft would be published as, and the world it is played in; alike by their digests."""

    digest: str
    world: str
    release: Release = field(compare=False)
    facts: Facts = field(compare=False)


@views.get("/scenarios")
@only(may_publish)
def scenarios(draft_id: str) -> str:
    """All scenarios; ``?play=1``: played, with what they pass of the procedure together."""
    told, problem = dict(told_of(draft_id)), ""
    results: Mapping[str, Any] = {}
    covered = None
    if "play" in request.args:
        try:
            stage = stage_of(draft_id)
            results = play_all(stage, told)
            covered = coverage(stage.release, results.values())
        except EngineError as refused:
            problem = refusal(refused)
    return render_template(
        "authoring/scenarios.html",
        draft=look(draft_id),
        told=told,
        results=results,
        covered=covered,
        kinds=KINDS,
        problem=problem,
        is_story=_is_story,
    )


@views.get("/scenarios/marks.json")
@only(may_publish)
def scenario_marks(draft_id: str) -> Response:
    """Elements by mark: ``past`` what is passed, ``wrong`` what no scenario passes; ``?name=`` one."""
    name = request.args.get("name")
    stage = stage_of(draft_id)
    told = {key: one for key, one in told_of(draft_id) if name in (None, key)}
    played = play_all(stage, told).values()
    diagram = read_diagram(stage.release.files[DIAGRAM])
    past = {id for one in played for id in own_elements(diagram, one.trace)}
    drawn = {*diagram.nodes, *diagram.flows}
    wrong = drawn - past if name is None else set()
    return jsonify({"past": sorted(past & drawn), "here": [], "wrong": sorted(wrong)})


@views.get("/scenarios/<name>")
@only(may_publish)
def scenario(draft_id: str, name: str) -> str:
    """One scenario step by step, and how it goes on the draft as it is now."""
    return _page(draft_id, name, sit_down(draft_id, f"{FOLDER}{name}.json", BLANK))


@views.post("/scenarios/<name>")
@only(may_publish)
def save_scenario(draft_id: str, name: str) -> Any:
    """Save the story as it was typed."""
    text = request.form.get("file", "").replace("\r\n", "\n").encode()
    file = f"{FOLDER}{name}.json"
    kept = save(draft_id, file, BLANK, lambda _: text, lambda content: content)
    if kept.problem:
        return _page(draft_id, name, kept), kept.status
    return redirect(url_for(".scenario", draft_id=draft_id, name=name))


@views.post("/scenarios/<name>/faults")
@only(may_publish)
def scenario_faults(draft_id: str, name: str) -> Response:
    """[{"line", "text"}] of a story as it is being typed; the text is the request's."""
    return jsonify(_faults(draft_id, request.get_data(as_text=True)))


def _faults(draft_id: str, text: str) -> list[dict[str, Any]]:
    """What is wrong with a story, by line, in the reader's language."""
    store, found = product().looking(), look(draft_id)
    try:
        files = product().engine.closure(store, found.procedure, store.draft_bytes(draft_id))
    except EngineError:
        files = store.draft_bytes(draft_id)
    told = faults(text, files)
    return [
        {"line": one.line, "text": refusal(EngineError(one.code, **one.params))} for one in told
    ]


def _all_faults(draft_id: str, content: bytes, played: Played | None) -> list[dict[str, Any]]:
    """Those of the text, and where the story does not go on as told."""
    text = content.decode("utf-8", "replace")
    words: Lang = "en" if lang() == "en" else "zh"
    found = _faults(draft_id, text)
    if played and played.failure and played.failure.step:
        line = line_of(text, f"/steps/{played.failure.step - 1}")
        found.append({"line": line, "text": played.failure.say(words)})
    return found


def _page(draft_id: str, name: str, sitting: Sitting) -> str:
    story, played, problem = None, None, sitting.problem
    found: list[Finding] = []
    try:
        story = read_story(sitting.content, name)
        played = _play(stage_of(draft_id), story)
    except Invalid as refused:
        problem = problem or refusal(refused)
    except EngineError as refused:
        found = [Finding(refused.code, "", params=refused.params)]
    return render_template(
        "authoring/scenario.html",
        sitting=sitting,
        name=name,
        story=story,
        played=played,
        problem=problem,
        faults=_all_faults(draft_id, sitting.content, played),
        steps=list(_steps(story)) if story else (),
        diagram=diagram_of_draft(draft_id),
        found=found,
        said=said,
        hint=hint,
        written=_written,
    )


def _written(told: Any) -> str:
    return json.dumps(told, indent=1, ensure_ascii=False)


def told_of(draft_id: str) -> Iterator[tuple[str, Scenario | Invalid]]:
    """Every story of the draft by its name; why it cannot be read where that is so."""
    for path, content in product().looking().draft_bytes(draft_id).items():
        if path.startswith(FOLDER) and path.endswith(".json"):
            name = path.removeprefix(FOLDER).removesuffix(".json")
            try:
                yield name, read_story(content, name)
            except Invalid as refused:
                yield name, refused


def read_story(content: bytes, name: str) -> Scenario:
    """A story as pages can write it. Raises Invalid, also of a story that no page could write."""
    story = read_scenario(content, name)
    if not is_text(json.loads(content)):
        raise Invalid("scenario_not_json", name=name, reason="surrogate")
    return story


def _is_story(told: Scenario | Invalid) -> bool:
    return isinstance(told, Scenario)


def play_all(stage: Stage, told: Mapping[str, Scenario | Invalid]) -> dict[str, Played]:
    """Each story that can be read, played."""
    return {name: _play(stage, one) for name, one in told.items() if isinstance(one, Scenario)}


def _steps(story: Scenario) -> Iterator[tuple[str, Any, Mapping[str, Any], Any]]:
    """Of each step: its kind, whom or what it is about, what is given, what is expected."""
    for step in story.steps:
        kind = next(kind for kind in STEPS if kind in step)
        rest = {key: step[key] for key in step if key not in (kind, "expect")}
        yield kind, step[kind], rest, step.get("expect")


def stage_of(draft_id: str) -> Stage:
    """What a draft would be published as, in the world as it is; EngineError where it is not whole."""
    store, found = product().looking(), look(draft_id)
    files = product().engine.publishable(store, found)
    facts = store.current_facts()
    wanted = digest(files)
    return Stage(wanted, facts.digest, Release(found.procedure, wanted, files), facts)


def _play(stage: Stage, story: Scenario) -> Played:
    """Played once for the same bytes in the same world: the page and its drawing ask both."""
    return _played(stage, Story(story.name, story))


@dataclass(frozen=True, slots=True)
class Story:
    name: str
    told: Scenario = field(compare=False)


@lru_cache(maxsize=400)
def _played(stage: Stage, story: Story) -> Played:
    return play(stage.release, stage.facts, story.told)
