"""The editor of a letter: its head key by key, its text, and the page as a scenario's data gives it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Response, redirect, render_template, request, url_for

from engine.access import may_publish
from engine.authoring import BLANK_LETTER, LetterSheet
from engine.errors import EngineError, Failed, Invalid, NotFound
from engine.letters import gather, letters_of, read_letter, wording_of
from engine.letters.heads import FOLDER
from engine.letters.sampling import made, sampled
from engine.model import Release
from engine.package import digest
from engine.scenario import Scenario, find_scenarios
from engine.texts import Lang
from webui.auth import only
from webui.designer.views import hint, look, said
from webui.errors import refusal
from webui.procedures import diagram_of_draft
from webui.product import product
from webui.words import lang

from .keeping import Sitting, back, save, save_whole, sit_down, typed
from .playing import Stage, Story
from .views import views

ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
MOST_PAGES = 8
"""Pages drawn beside the editor; the rest is in the file."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter over a scenario's data."""

    release: Release
    scenario: Scenario
    data: Mapping[str, Any]


@views.get("/letters/<letter_id>")
@only(may_publish)
def letter_sheet(draft_id: str, letter_id: str) -> str:
    """A letter to edit; one that is asked for and missing gets a new template."""
    return _page(letter_id, sit_down(draft_id, _file(letter_id), BLANK_LETTER))


@views.get("/letters")
@only(may_publish)
def new_letter(draft_id: str) -> Any:
    """To the editor of the letter that was named."""
    named = request.args.get("id", "").strip()
    return redirect(url_for(".letter_sheet", draft_id=look(draft_id).id, letter_id=named or "-"))


@views.post("/letters/<letter_id>")
@only(may_publish)
def save_letter(draft_id: str, letter_id: str) -> Any:
    """Save what was typed."""
    kept = save(draft_id, _file(letter_id), BLANK_LETTER, _say, lambda content: content)
    if kept.problem:
        return _page(letter_id, kept), kept.status
    chosen = request.args.get("scenario")
    return back(".letter_sheet", (), letter_id=letter_id, draft_id=draft_id, scenario=chosen)


@views.post("/letters/<letter_id>/file")
@only(may_publish)
def save_letter_file(draft_id: str, letter_id: str) -> Any:
    """Save the file as it was typed, whole."""
    kept = save_whole(draft_id, _file(letter_id), BLANK_LETTER)
    if kept.problem:
        return _page(letter_id, kept, whole=True), kept.status
    return redirect(url_for(".letter_sheet", draft_id=draft_id, letter_id=letter_id))


@views.get("/letters/<letter_id>.pdf")
@only(may_publish)
def letter(draft_id: str, letter_id: str) -> Response:
    """Watermarked, in the reader's language; Invalid (letter_never_made) when no scenario makes it."""
    sample = _sample(sit_down(draft_id, _file(letter_id)), letter_id)
    words: Lang = "en" if lang() == "en" else "zh"
    set_letter = _setter().typeset(sample.release, letter_id, sample.data, words, draft=True)
    return Response(set_letter.pdf, mimetype="application/pdf")


def _file(letter_id: str) -> str:
    if not ID.fullmatch(letter_id):
        raise NotFound("template_unknown", letter=letter_id[:64])
    return f"{FOLDER}{letter_id}.typ"


def _say(content: bytes) -> bytes:
    sheet = LetterSheet(content)
    sheet.say(typed())
    return sheet.content


def _page(letter_id: str, sitting: Sitting, whole: bool = False) -> str:
    """``whole``: only the file as text, which is being edited."""
    sheet, problem = None, sitting.problem
    try:
        sheet = None if whole else LetterSheet(sitting.content)
    except Invalid as refused:
        problem = problem or refusal(refused)
    diagram = diagram_of_draft(sitting.draft.id)
    tasks = [one for one in diagram.nodes.values() if one.type == "userTask"] if diagram else []
    return render_template(
        "authoring/letter.html",
        sitting=sitting,
        sheet=sheet,
        letter_id=letter_id,
        problem=problem,
        found=sitting.findings(),
        preview=_preview(letter_id, sitting, sheet),
        stories=list(_stories(product().looking().draft_bytes(sitting.draft.id))),
        tasks=tasks,
        said=said,
        hint=hint,
    )


def _stories(files: Mapping[str, bytes]) -> Iterator[Scenario]:
    """The scenarios that can be read."""
    for name in sorted(files):
        try:
            yield from find_scenarios({name: files[name]})
        except Invalid:
            continue


def _setter() -> Any:
    return product().engine.letters


def _preview(letter_id: str, sitting: Sitting, sheet: LetterSheet | None) -> dict[str, Any]:
    """{"pictures", "pages", "story", "rows", "problems"}, else {"reason", "line", "quoted"}."""
    try:
        sample = _sample(sitting, letter_id)
        pages = _setter().pictures(sample.release, letter_id, sample.data)
    except Failed as broken:
        line = int(broken.params.get("line", 0)) - (sheet.head_lines if sheet else 0)
        lines = sheet.body.split("\n") if sheet else []
        quoted = lines[line - 1].strip() if 0 < line <= len(lines) else ""
        return {"reason": refusal(broken), "line": max(line, 0), "quoted": quoted[:120]}
    except EngineError as refused:
        return {"reason": refusal(refused)}
    drawn = [b64encode(one).decode() for one in pages[:MOST_PAGES]]
    problems = _setter().problems(sample.release, letter_id, sample.data)
    told = {"pictures": drawn, "pages": len(pages), "story": sample.scenario}
    return told | {"problems": problems, "rows": list(_rows(letter_id, sample))}


def _rows(letter_id: str, sample: Sample) -> Iterator[tuple[str, str, str]]:
    """What the template may name, what forms call it, and what it is in the scenario."""
    head = letters_of(sample.release.files)[letter_id]
    words: Lang = "en" if lang() == "en" else "zh"
    given = gather(head, wording_of(sample.release), sample.data, words)
    for path, label in given["labels"].items():
        if "*" in path:
            continue  # a column: it stands in its list
        value: Any = given["d"]
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        yield path, label, value if isinstance(value, str) else ""


def _sample(sitting: Sitting, letter_id: str) -> Sample:
    """Of the scenario asked for, else of the first that makes the letter. Raises what the draft lacks,
    Invalid (template_head, letter_never_made).
    """
    store = product().looking()
    files = {**product().engine.publishable(store, sitting.draft), sitting.name: sitting.content}
    head = read_letter(letter_id, sitting.content)
    release = Release(sitting.draft.procedure, digest(files), files)
    rest = {name: one for name, one in files.items() if not name.startswith(FOLDER)}
    facts, key = store.current_facts(), digest(rest)
    stage = Stage(key, facts.digest, Release(sitting.draft.procedure, key, rest), facts)
    wanted = request.args.get("scenario", "")
    for scenario in _stories(files):
        if wanted in ("", scenario.name):
            recorded, end = _told(stage, Story(scenario.name, scenario))
            for name, data in made({letter_id: head}, recorded, end):
                if name == letter_id:
                    return Sample(release, scenario, data)
    raise Invalid("letter_never_made", letter=letter_id)


@lru_cache(maxsize=200)
def _told(stage: Stage, story: Story) -> Any:
    """A story told once while only letters are edited; one that does not go on makes nothing."""
    try:
        return sampled(stage.release, stage.facts, story.told)
    except EngineError:
        return [], {}
