"""Submitting a form: what was given becomes FEEL values, or a problem beside each field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.errors import Invalid
from engine.forms.form import Field, Form, Raw, Shown, Submitted
from engine.forms.formats import FORMATS, REFERENCES, fits, write_down
from engine.forms.raw import as_raw, gather
from engine.forms.schema import judge
from engine.forms.sheet import Sheet, held
from engine.forms.signing import signed_text, signs
from engine.model import Problem

UNFINISHED = ("form_missing", "form_must_be", "form_too_few")
"""Problems of a form that is right so far but not finished: an outcome may do without the rest."""


def submit(
    form: Form, raw: Raw, context: Mapping[str, Any], now: datetime, outcome: str | None
) -> Submitted:
    """The values of what a browser sent; raises Invalid(form_problems) with every Problem at once.

    Fields that are not shown are dropped, computed ones computed here whatever was sent.
    """
    given, strange = gather(form, raw)
    sheet = Sheet(form, given, context, now)
    return _judged(sheet, strange, outcome)


def accept(
    form: Form,
    plain: Mapping[str, Any],
    context: Mapping[str, Any],
    now: datetime,
    outcome: str | None,
) -> Submitted:
    """The same from plain JSON by pointer (scenarios, API).

    A pointer that is not given keeps what the form would show: the case's value, else the initial.
    """
    strange = [Problem(name, "form_unknown_field") for name in plain if name not in form.fields]
    for pointer, rows in plain.items():
        strange += _strange_columns(form.fields.get(pointer), rows)
    given = {**starting(form, context, now), **{p: v for p, v in plain.items() if p in form.fields}}
    return _judged(Sheet(form, given, context, now), strange, outcome)


def starting(form: Form, context: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What the fields hold before anybody types: the case's value, else ``initial``."""
    found: dict[str, Any] = {}
    for pointer, field in form.fields.items():
        value = held(context, field)
        if value is None and field.initial:
            value = field.initial.evaluate(context, now)
        if field.kind == "rows":
            names = {column.name for column in field.columns}
            value = [{k: row[k] for k in row if k in names} for row in value or ()]
        found[pointer] = value
    return found


def filled(form: Form, context: Mapping[str, Any], now: datetime) -> dict[str, list[str]]:
    """The same as a browser's fields hold it: what a form is first drawn from."""
    return as_raw(form, starting(form, context, now))


def shown(form: Form, values: Raw, context: Mapping[str, Any], now: datetime) -> Shown:
    """How the form looks with what has been typed so far; nothing typed is refused here.

    Rows are numbered without gaps, empty ones included.
    """
    sheet = Sheet(form, gather(form, values, keep_empty=True)[0], context, now)
    return Shown(
        visible=frozenset(sheet.visible),
        required=frozenset(_required(sheet, None)),
        data=sheet.data,
        choices={
            pointer: sheet.choices(field, row)
            for pointer, field, row in sheet.places
            if field.options
        },
    )


def references(form: Form, values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(pointer, "person" or "organisation", id) of every value that names a record of a register."""
    for pointer, value in values.items():
        field = form.fields[pointer]
        if not field.refers:
            continue
        for column in field.columns:
            for number, row in enumerate(value or ()):
                if column.format in REFERENCES and row.get(column.name):
                    yield f"{pointer}/{number}/{column.name}", column.format, row[column.name]
        if field.format in REFERENCES and value:
            yield pointer, field.format, value


def _judged(sheet: Sheet, strange: list[Problem], outcome: str | None) -> Submitted:
    _check_values(sheet)
    bad = {problem.pointer for problem in sheet.problems}
    missing = [p for p in _required(sheet, outcome) if sheet.empty(p) and p not in bad]
    wrong = [*sheet.problems, *(Problem(pointer, "form_missing") for pointer in missing)]
    if any(o.id == outcome and o.skip_required for o in sheet.form.outcomes):
        wrong = [problem for problem in wrong if problem.code not in UNFINISHED]
    problems = [*strange, *wrong, *_outcome_problems(sheet, outcome)]
    if problems:
        raise Invalid("form_problems", problems=_in_order(sheet, problems), count=len(problems))
    values = sheet.values()
    signed = any(f.kind == "signature" and values.get(p) for p, f in sheet.form.fields.items())
    return Submitted(
        values, outcome or None, signed_text(sheet.form, sheet.context) if signed else b""
    )


def _required(sheet: Sheet, outcome: str | None) -> list[str]:
    return [
        pointer
        for pointer, field, row in sheet.ruled
        if pointer in sheet.visible
        and not field.compute
        and (
            field.required
            or field.schema.get("const") is True
            or sheet.holds(field.require, pointer, row, outcome=outcome)
        )
    ]


def _check_values(sheet: Sheet) -> None:
    bad = {problem.pointer for problem in sheet.problems}
    for pointer, field, row in sheet.ruled:
        if not _asks(field) or pointer not in sheet.visible or pointer in bad:
            continue
        if sheet.empty(pointer) and "minItems" not in field.schema:
            continue
        sheet.problems += _value_problems(sheet, pointer, field, row)


def _asks(field: Field) -> bool:
    """Whether a field asks more of its value than to be of its type."""
    more = field.formats or field.validator or field.options or field.check
    return bool(more) or field.kind in ("rows", "signature")


def _value_problems(
    sheet: Sheet, pointer: str, field: Field, row: Mapping[str, Any] | None
) -> Iterator[Problem]:
    for name, when in field.formats:
        if sheet.holds(when, pointer, row):
            sheet.put(pointer, write_down(name, sheet.value(pointer)))
            if not fits(name, sheet.value(pointer)):
                yield Problem(pointer, FORMATS[name])
    yield from judge(field.validator, sheet.value(pointer), pointer)
    yield from _kind_problems(sheet, pointer, field)
    if field.options and field.widget != "picker":  # a picker only offers less; `check` judges
        offered = {choice.value for choice in sheet.choices(field, row)}
        if not set(_listed(sheet.value(pointer))) <= offered:
            yield Problem(pointer, "form_not_offered")
    if field.check and not sheet.holds(field.check, pointer, row):
        say = field.say or {}
        yield Problem(pointer, "form_check", {f"say_{lang}": said for lang, said in say.items()})


def _kind_problems(sheet: Sheet, pointer: str, field: Field) -> Iterator[Problem]:
    if field.kind == "rows":
        yield from _row_problems(sheet, field)
    if field.kind == "signature" and not signs(sheet.value(pointer), sheet.form, sheet.context):
        yield Problem(pointer, "form_signed_text_changed")


def _row_problems(sheet: Sheet, field: Field) -> Iterator[Problem]:
    if not any(column.name == "id" for column in field.columns):
        return
    existing = [row.get("id") for row in held(sheet.context, field) or ()]
    seen: set[str] = set()
    for number, row in enumerate(sheet.value(field.pointer)):
        name = row.get("id")
        if name and (name in seen or name not in existing):
            yield Problem(f"{field.pointer}/{number}/id", "form_row_unknown")
        seen.add(name or "")


def _outcome_problems(sheet: Sheet, outcome: str | None) -> Iterator[Problem]:
    offered = {o.id: o for o in sheet.form.outcomes}
    if (outcome or None) not in (offered or {None}):
        yield Problem("", "form_outcome_unknown", {"outcome": str(outcome or "")[:60]})
        return
    chosen = offered.get(outcome or "")
    if chosen and chosen.requires and not sheet.holds(chosen.requires, "", None, outcome=outcome):
        said = (chosen.refusal or {}).items()
        yield Problem("", "form_check", {f"say_{lang}": words for lang, words in said})


def _strange_columns(field: Field | None, rows: Any) -> list[Problem]:
    if field is None or field.kind != "rows" or not isinstance(rows, list):
        return []
    names = {column.name for column in field.columns}
    return [
        Problem(f"{field.pointer}/{number}/{name}", "form_unknown_field")
        for number, row in enumerate(rows)
        if isinstance(row, dict | Mapping)
        for name in row
        if name not in names
    ]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _in_order(sheet: Sheet, problems: list[Problem]) -> list[Problem]:
    drawn = {pointer: number for number, (pointer, _, _) in enumerate(sheet.places)}
    return sorted(problems, key=lambda problem: drawn.get(problem.pointer, len(drawn)))
