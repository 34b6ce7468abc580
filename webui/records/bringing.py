"""Bringing entries in from a table: all rows or none, each wrong cell named, nothing typed is lost."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Any

from flask import redirect, render_template, request, url_for

from engine.commands.registers import Change
from engine.errors import Conflict, EngineError, Invalid
from engine.forms import Field
from engine.model import Problem
from engine.registers import Register
from engine.texts import text
from storage import queries
from webui.auth import actor, signed
from webui.entries import names_among
from webui.errors import refusal
from webui.frame import say
from webui.product import fresh, product, reading
from webui.tables import as_typed
from webui.words import LANGS, lang, pick, words

from .keeping import kept
from .views import ENTRY, SINCE, UNTIL, WHY, dossier_id, today, views

OWN = (ENTRY, SINCE, UNTIL, WHY, "maker", "made_at")
SEVERAL = re.compile(r"[、;；,，]\s*")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
TRUTHS = {
    "是": "true",
    "yes": "true",
    "true": "true",
    "否": "false",
    "no": "false",
    "false": "false",
}


@views.get("/<name>/bring")
@signed
def bring(name: str) -> str:
    """Where a table is chosen or pasted."""
    return _page(kept(name), "")


@views.post("/<name>/bring")
@signed
def take_in(name: str) -> Any:
    """Record every row of the table, or say for each row what is wrong."""
    told = kept(name)
    typed = request.form.get("table", "")
    try:
        typed = _uploaded() or typed
        changes = _changes(told, typed)
        made = product().engine.bring_records(actor(), told, changes)
    except (Invalid, Conflict) as refused:
        return _page(told, typed, refused), 422
    fresh()
    say("records.brought", count=len(made))
    return redirect(url_for("records.register", name=name))


def _uploaded() -> str:
    sent = request.files.get("file")
    content = sent.read() if sent and sent.filename else b""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("csv_unreadable")


def _page(told: Register, typed: str, refused: EngineError | None = None) -> str:
    problems = refused.problems if isinstance(refused, Invalid) else ()
    return render_template(
        "records/bring.html",
        register=told,
        typed=typed,
        problem=refusal(refused) if refused and not problems else "",
        problems=[_sentence(told, problem) for problem in problems],
        heads=_heads(told),
    )


def _heads(told: Register) -> list[str]:
    labels = [pick(field.label) for field in told.fields]
    return [*labels, *(words()[f"records.{key}"][lang()] for key in OWN[:4])]


def _sentence(told: Register, problem: Problem) -> tuple[int, str, str]:
    """(row as a spreadsheet counts it, column, what is wrong)."""
    _, number, *rest = f"{problem.pointer}/".split("/", 2)
    row = int(number) if number.isdigit() else 0
    field = told.form.fields.get("/" + rest[0].rstrip("/")) if rest else None
    column = pick(field.label) if field else ""
    return row + 2, column, text(problem.code, "zh" if lang() == "zh" else "en", problem.params)


# Reading the table -----------------------------------------------------------------------------


def _changes(told: Register, typed: str) -> list[Change]:
    rows = [row for row in csv.reader(StringIO(typed.lstrip("\ufeff"))) if any(row)]
    if not rows:
        raise Invalid("csv_no_head", columns="、".join(_heads(told)[:3]))
    columns = _columns(told, rows[0])
    if len(rows) == 1:
        raise Invalid("csv_empty")
    wide = [n for n, row in enumerate(rows[1:]) if len(row) > len(columns)]
    if wide:
        raise Invalid("form_problems", problems=[Problem(f"/{n}", "row_too_long") for n in wide])
    ids = {name: key for key, name in names_among(told, None, dossier_id()).items()}
    return [_change(told, dict(zip(columns, row, strict=False)), ids) for row in rows[1:]]


def _columns(told: Register, heads: Sequence[str]) -> list[str]:
    """Per column the field's pointer or the name of one of the own columns."""
    known = {label: field.pointer for field in told.fields for label in _called(field)}
    known |= {words()[f"records.{key}"][one]: key for key in OWN for one in LANGS}
    found = [known.get(head.strip().lower(), known.get(head.strip(), "")) for head in heads]
    strange = [head for head, column in zip(heads, found, strict=True) if not column]
    if len(strange) == len(heads):
        raise Invalid("csv_no_head", columns="、".join(_heads(told)[:3]))
    if strange:
        raise Invalid("csv_strange_columns", columns="、".join(strange))
    return found


def _called(field: Field) -> set[str]:
    return {field.pointer, field.name, *(str(word) for word in field.label.values())}


def _change(told: Register, row: Mapping[str, str], ids: Mapping[str, str]) -> Change:
    cells = {column: as_typed(cell.strip()) for column, cell in row.items()}
    raw = {
        field.pointer: _raw(field, cells.get(field.pointer, ""), ids)
        for field in told.fields
        if field.pointer in cells
    }
    entry = cells.get(ENTRY, "")
    seen = len(queries.record_versions(reading(), told.id, entry)) if entry else 0
    return Change(
        raw,
        _day(cells.get(SINCE, "")) or today(),
        _day(cells.get(UNTIL, "")),
        cells.get(WHY, ""),
        entry,
        seen,
        dossier_id(),
    )


def _raw(field: Field, cell: str, ids: Mapping[str, str]) -> list[str]:
    """What a browser would have sent for this cell."""
    if field.kind == "choices":
        return [_chosen(field, part) for part in SEVERAL.split(cell) if part]
    if field.kind == "boolean":
        return [TRUTHS.get(cell.lower(), cell)]
    if field.kind == "date":
        written = DAY.fullmatch(cell)
        return ["-".join(part.zfill(2) for part in written.groups()) if written else cell]
    if field.format in ("person", "organisation") or field.options:
        return [ids.get(cell, cell)]
    return [_chosen(field, cell)]


def _chosen(field: Field, said: str) -> str:
    """The code of a choice that is written in words."""
    known = {word: choice.value for choice in field.choices for word in choice.label.values()}
    return known.get(said, said)


def _day(typed: str) -> date | None:
    written = DAY.fullmatch(typed)
    try:
        return date(*(int(part) for part in written.groups())) if written else None
    except ValueError:
        return None
