"""The editor of a decision: its tables cell by cell, with what their analysis finds at the row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from flask import redirect, render_template, url_for

from engine.access import may_publish
from engine.authoring import AGGREGATIONS, POLICIES, TableSheet, blank_table
from engine.decisions import analyse_tables, read_decisions
from engine.errors import Invalid
from engine.feel import FeelError, parse, parse_unary
from engine.model import Finding
from webui.auth import only
from webui.designer.views import hint, said
from webui.errors import refusal

from .keeping import Sitting, asked, back, save, save_whole, sit_down, typed
from .views import views

Act = Callable[[TableSheet, Sequence[str]], str]


@views.get("/decisions/<decision>")
@only(may_publish)
def table(draft_id: str, decision: str) -> str:
    """A decision's tables to edit; one that is asked for and missing gets a new table."""
    return _page(decision, sit_down(draft_id, *_file(decision)))


@views.post("/decisions/<decision>")
@only(may_publish)
def save_table(draft_id: str, decision: str) -> Any:
    """Save what was typed, then do what the button says."""
    places: list[str] = []
    kept = save(draft_id, *_file(decision), _say, partial(_act, places))
    if kept.problem:
        return _page(decision, kept), kept.status
    return back(".table", decision=decision, draft_id=draft_id, places=places)


@views.post("/decisions/<decision>/file")
@only(may_publish)
def save_table_file(draft_id: str, decision: str) -> Any:
    """Save the file as it was typed, whole."""
    kept = save_whole(draft_id, *_file(decision))
    if kept.problem:
        return _page(decision, kept, whole=True), kept.status
    return redirect(url_for(".table", draft_id=draft_id, decision=decision))


def _file(decision: str) -> tuple[str, bytes]:
    return f"{decision}.dmn", blank_table(decision)


def _say(content: bytes) -> bytes:
    sheet = TableSheet(content)
    sheet.say(typed())
    return sheet.content


def _act(places: list[str], content: bytes) -> bytes:
    """What the button says; ``places`` takes the row it was about."""
    verb, *about = asked()
    act = ACTS.get((verb, len(about)))
    if act is None:
        return content
    sheet = TableSheet(content)
    places.append(act(sheet, about))
    return sheet.content


ACTS: dict[tuple[str, int], Act] = {
    ("rule", 1): lambda sheet, about: sheet.add_rule(about[0]),
    ("like", 2): lambda sheet, about: sheet.add_rule(about[0], about[1]),
    ("up", 2): lambda sheet, about: sheet.move_rule(about[0], about[1], down=False),
    ("down", 2): lambda sheet, about: sheet.move_rule(about[0], about[1], down=True),
    ("remove", 2): lambda sheet, about: sheet.remove_rule(*about),
    ("column", 2): lambda sheet, about: sheet.add_column(*about),
    ("left", 2): lambda sheet, about: sheet.move_column(about[0], about[1], right=False),
    ("right", 2): lambda sheet, about: sheet.move_column(about[0], about[1], right=True),
    ("drop", 2): lambda sheet, about: sheet.remove_column(*about),
}


def _page(decision: str, sitting: Sitting, whole: bool = False) -> str:
    """``whole``: only the file as text, which is being edited."""
    sheet, problem = None, sitting.problem
    try:
        sheet = None if whole else TableSheet(sitting.content)
    except Invalid as refused:
        problem = problem or refusal(refused)
    return render_template(
        "authoring/table.html",
        sitting=sitting,
        sheet=sheet,
        decision=decision,
        problem=problem,
        at_line=_by_line(sheet, _findings(sheet, sitting)) if sheet else {},
        policies=POLICIES,
        aggregations=AGGREGATIONS,
        said=said,
        hint=hint,
    )


def _findings(sheet: TableSheet, sitting: Sitting) -> list[Finding]:
    """What is found in the tables as typed, and what the checks of the draft say besides."""
    try:
        own = list(analyse_tables(read_decisions(sitting.content)))
    except Invalid as refused:
        own = list(_unreadable(sheet)) or [Finding(refused.code, "", params=refused.params)]
    checked = sitting.findings()
    levels = {one.code: one.level for one in checked}  # a gap before a gateway is an error there
    codes = {one.code for one in own}
    own = [replace(one, level=levels.get(one.code, one.level)) for one in own]
    return [*own, *(one for one in checked if one.code not in codes)]


def _unreadable(sheet: TableSheet) -> Iterator[Finding]:
    """Cells that are no FEEL, each at its row."""
    for grid in sheet.grids:
        for number, row in enumerate(grid.rows, 1):
            yield from _no_feel(grid.id, number, row)


def _no_feel(table: str, number: int, row: Mapping[str, str]) -> Iterator[Finding]:
    for column, text in row.items():
        read = {"i": parse_unary, "o": parse}.get(column[0])
        try:
            if read and text:
                read(text)
        except FeelError as error:
            yield Finding(error.code, table, params={**error.params, "rules": str(number)})


def _by_line(sheet: TableSheet, found: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Each finding at every row it names, else at its table, "" where it is about the file."""
    tables = {grid.id: grid.at for grid in sheet.grids}
    placed: dict[str, list[Finding]] = {}
    for one in found:
        for place in _places(tables.get(one.element, ""), one):
            placed.setdefault(place, []).append(one)
    return placed


def _places(table: str, one: Finding) -> Iterator[str]:
    if not table or "rules" not in one.params:
        yield table
        return
    for number in re.findall(r"\d+", str(one.params.get("rules", ""))):
        yield f"{table}-r{int(number) - 1}"
