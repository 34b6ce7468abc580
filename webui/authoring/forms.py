"""The editor of a form: its lines in both languages, what is wrong beside each, drawn as people meet it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import redirect, render_template, request, url_for

from engine.access import may_publish
from engine.authoring import (
    BLANK,
    TYPES,
    FormSheet,
    as_typed,
    drawn,
    offered,
    options,
    table_columns,
)
from engine.errors import EngineError, Invalid
from engine.forms import check_form, filled
from engine.forms.widgets import WIDGETS
from engine.model import Finding
from webui.auth import only
from webui.designer.views import hint, said
from webui.errors import refusal
from webui.forms import View, from_request, render
from webui.inbox.showing import pickers
from webui.product import product
from webui.registers import cited

from .keeping import Sitting, asked, back, save, save_whole, sit_down, typed
from .views import views

Act = Callable[[FormSheet, Sequence[str], Mapping[str, str]], str]


@views.get("/forms/<task>")
@only(may_publish)
def form(draft_id: str, task: str) -> str:
    """A form's lines to edit; a task without one gets a new form."""
    return _page(task, sit_down(draft_id, _file(task), BLANK))


@views.post("/forms/<task>")
@only(may_publish)
def save_form(draft_id: str, task: str) -> Any:
    """Save what was typed, then do what the button says."""
    places: list[str] = []
    kept = save(draft_id, _file(task), BLANK, _say, partial(_act, places))
    if kept.problem:
        return _page(task, kept), kept.status
    return back(".form", task=task, draft_id=draft_id, places=places)


@views.post("/forms/<task>/file")
@only(may_publish)
def save_form_file(draft_id: str, task: str) -> Any:
    """Save the file as it was typed, whole."""
    kept = save_whole(draft_id, _file(task), BLANK)
    if kept.problem:
        return _page(task, kept, whole=True), kept.status
    return redirect(url_for(".form", draft_id=draft_id, task=task))


@views.route("/forms/<task>/preview", methods=["GET", "POST"])
@only(may_publish)
def preview(draft_id: str, task: str) -> str:
    """The form as people meet it, with what was typed into it; nothing is kept."""
    sitting = sit_down(draft_id, _file(task), BLANK)
    return render_template(
        "authoring/preview.html", sitting=sitting, task=task, preview=_preview(sitting)
    )


def _file(task: str) -> str:
    return f"forms/{task}.json"


def _types() -> bytes:
    shelf = product().engine.shelf
    return (shelf / "types.json").read_bytes() if shelf else b""


def _say(content: bytes) -> bytes:
    sheet = FormSheet(content, _types())
    sheet.say(typed())
    return sheet.content


def _act(places: list[str], content: bytes) -> bytes:
    """What the button says; ``places`` takes the line it was about."""
    verb, *about = asked()
    act = ACTS.get((verb, len(about)))
    if act is None:
        return content
    sheet = FormSheet(content, _types())
    places.append(act(sheet, about, typed().get(about[0] if about else "add", {})))
    return sheet.content


def _add(sheet: FormSheet, about: Sequence[str], said: Mapping[str, str]) -> str:
    return sheet.add(said.get("kind", "field"), said.get("path", ""), said.get("type", "text"))


def _add_outcome(sheet: FormSheet, about: Sequence[str], said: Mapping[str, str]) -> str:
    return sheet.add("outcome", said.get("id", ""))


def _remove(sheet: FormSheet, about: Sequence[str], said: Mapping[str, str]) -> str:
    sheet.remove(about[0])
    return ""


def _option(down: bool, sheet: FormSheet, about: Sequence[str], said: Mapping[str, str]) -> str:
    if about[1].isdecimal():
        sheet.move_option(about[0], int(about[1]), down)
    return about[0]


def _column(sheet: FormSheet, about: Sequence[str], said: Mapping[str, str]) -> str:
    return sheet.add_column(about[0], said.get("new", ""), said.get("new_type", "text"))


ACTS: Mapping[tuple[str, int], Act] = {
    ("add", 0): _add,
    ("outcome", 0): _add_outcome,
    ("column", 1): _column,
    ("up", 1): lambda sheet, about, said: sheet.move(about[0], down=False),
    ("down", 1): lambda sheet, about, said: sheet.move(about[0], down=True),
    ("before", 2): lambda sheet, about, said: sheet.lay_before(about[0], about[1]),
    ("remove", 1): _remove,
    ("option-up", 2): partial(_option, False),
    ("option-down", 2): partial(_option, True),
}


def _page(task: str, sitting: Sitting, whole: bool = False) -> str:
    """``whole``: only the file as text, which is being edited."""
    sheet, problem = None, sitting.problem
    try:
        sheet = None if whole else FormSheet(sitting.content, _types())
    except Invalid as refused:
        problem = problem or refusal(refused)
    found = _findings(sitting)
    return render_template(
        "authoring/form.html",
        sitting=sitting,
        sheet=sheet,
        task=task,
        problem=problem,
        at_line=_by_line(sheet, found) if sheet else {"": found},
        preview=_preview(sitting),
        types=TYPES,
        widgets=WIDGETS,
        options=options,
        offered=offered,
        table_columns=table_columns,
        as_typed=as_typed,
        said=said,
        hint=hint,
        typed=request.form,
    )


def _findings(sitting: Sitting) -> list[Finding]:
    """Those of the form as it is typed, and those that the rest of the draft gives rise to."""
    own = check_form(sitting.content, _types())
    codes = {one.code for one in own}
    return [*own, *(one for one in sitting.findings() if one.code not in codes)]


def _by_line(sheet: FormSheet, found: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Each finding at its line, "" for those of the whole form."""
    places = {line.pointer: line.at for line in sheet.lines if line.pointer}
    for number, outcome in enumerate(sheet.ui.get("outcomes", ())):
        places |= {f"/ui/outcomes/{name}": f"o{number}" for name in (number, outcome.get("id"))}
    for number in range(len(sheet.ui["order"])):
        places[f"/ui/order/{number}"] = str(number)
    sorted_found: dict[str, list[Finding]] = {}
    for one in found:
        sorted_found.setdefault(_place(places, one.element), []).append(one)
    return sorted_found


def _place(places: Mapping[str, str], element: str) -> str:
    """Of the longest path that leads to a line."""
    path = element
    while path and path not in places:
        path = path.rpartition("/")[0]
    return places.get(path, "")


def _preview(sitting: Sitting) -> Any:
    """None while nothing of it can be drawn."""
    try:
        form = drawn(FormSheet(sitting.content, _types()).told, _types())
    except EngineError:
        return None
    if form is None:
        return None
    now = product().clock()
    view = View({}, now, pickers=pickers(), basis=cited)
    is_typed = request.endpoint == "authoring.preview" and request.method == "POST"
    raw = filled(form, {}, now)
    if is_typed:
        raw = from_request(form, request.form, request.files, Nowhere()).raw
    return {"form": form, "drawn": render(form, raw, (), view)}


class Nowhere:
    """Takes a file that is tried out in a preview and keeps nothing of it."""

    def put(self, content: bytes) -> str:
        return hashlib.sha256(content).hexdigest()
