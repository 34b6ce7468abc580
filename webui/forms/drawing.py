"""A form as the templates need it: every word in the reader's language, every value as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template
from markupsafe import Markup

from engine.forms import Field, Form, Group, Note, Table, compact, look_up, shown
from engine.forms.signing import text_digest
from engine.model import Problem
from engine.texts import text
from webui.words import lang, pick, t

from .filetypes import ACCEPT, PICTURES
from .reading import in_cell, in_words, size_of
from .refs import Picker, file_of, seal_file, seal_text

Raw = Mapping[str, Sequence[str]]
NOTHING = re.compile(r"(?!)")
NATIVE = {
    "date": ("date", re.compile(r"(\d{4}-\d\d-\d\d)?")),
    "time": ("time", re.compile(r"(\d\d:\d\d(:\d\d)?)?")),
    "date-time": ("datetime-local", re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)?")),
}


@dataclass(frozen=True, slots=True)
class View:
    """Over what a form is drawn.

    ``basis``: how clause or citation ids are written out; ``file_href``: where a kept file is read;
    ``roles``: of the reader, for what only some may see.
    """

    context: Mapping[str, Any]
    now: datetime
    readonly: bool = False
    pickers: Mapping[str, Picker] = field(default_factory=dict)
    basis: Callable[..., str] = lambda *refs: "；".join(refs)
    file_href: Callable[[Mapping[str, Any]], str] | None = None
    roles: frozenset[str] = frozenset()

    def seals(self, drawn: Field) -> bool:
        """Whether this is health data that the reader's roles do not show."""
        return bool(drawn.health) and not self.roles & set(drawn.health)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is already here: how it travels, and how it is shown."""

    token: str
    name: str
    size: str
    href: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One control: ``at`` is its name and pointer, ``id`` where links lead."""

    at: str
    widget: str
    label: str
    values: Sequence[str]
    hidden: bool = False
    required: bool = False
    wide: bool = False
    computed: bool = False
    said: str = ""
    help: str = ""
    unit: str = ""
    each: str = ""
    basis: str = ""
    wrong: Sequence[str] = ()
    choices: Sequence[tuple[str, str]] = ()
    source: str = ""
    files: Sequence[Kept] = ()
    rows: Sequence[Sequence[Cell]] = ()
    heads: Sequence[str] = ()
    live: bool = False

    @property
    def id(self) -> str:
        return f"f{self.at}"

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def many(self) -> bool:
        """Several controls under one name: a group with a legend instead of a label."""
        return self.widget in ("radio", "checkboxes", "yes_no", "rows", "files")

    @property
    def native(self) -> str:
        """The type of the native date control; a text field where what was typed is no date yet."""
        control, shape = NATIVE.get(self.widget, ("", NOTHING))
        return control if shape.fullmatch(self.value) else ""

    @property
    def described(self) -> str:
        """The ids that describe the control: what is wrong, then what helps."""
        parts = [f"{self.id}-wrong"] * bool(self.wrong) + [f"{self.id}-help"] * bool(self.help)
        return " ".join(parts)


def render(form: Form, raw: Raw, problems: Sequence[Problem], view: View) -> Markup:
    """The body of a form (not the ``<form>`` element, not its outcome buttons).

    ``raw``: what ``engine.forms.filled`` or ``from_request`` gave. ``problems``: of Invalid.
    """
    drawing = _Drawing(form, raw, problems, view)
    drawn = render_template(
        "forms/form.html",
        items=[drawing.item(item) for item in form.items],
        problems=drawing.summary(problems),
        view=view,
        live=drawing.live,
        accept=ACCEPT,
        pictures=PICTURES,
        signing=seal_text(text_digest(form, view.context)) if drawing.signs else "",
    )
    return Markup(drawn)  # noqa: S704


class _Drawing:
    def __init__(self, form: Form, raw: Raw, problems: Sequence[Problem], view: View) -> None:
        self.form, self.view = form, view
        self.raw = compact(form, {**_first_rows(form), **raw}, keep_empty=True)
        self.shown = shown(form, self.raw, view.context, view.now)
        self.live = not view.readonly and any(
            f.shows or f.compute or f.require or f.options for f in form.sequence
        )
        self.signs = not view.readonly and any(f.kind == "signature" for f in form.sequence)
        self.wrong: dict[str, list[str]] = {}
        for problem in problems:
            self.wrong.setdefault(problem.pointer, []).append(sentence(problem))

    def item(self, item: Any) -> dict[str, Any]:
        match item:
            case Group():
                cells = [self.cell(self.form.fields[p], p) for p in item.pointers]
                return {
                    "kind": "group",
                    "label": pick(item.label),
                    "help": pick(item.help),
                    "basis": self.view.basis(*item.basis),
                    "cells": cells,
                    "hidden": all(cell.hidden for cell in cells),
                }
            case Table():
                return self._table(item)
            case Note():
                hidden = item.show is not None and not self._holds(item.show)
                return {"kind": "note", "text": pick(item.text), "hidden": hidden}
        return {"kind": "field", "cell": self.cell(self.form.fields[item], item)}

    def _holds(self, expression: Any) -> bool:
        return expression.evaluate(self.shown.data, self.view.now) is True

    def _table(self, table: Table) -> dict[str, Any]:
        found = table.rows.evaluate(self.shown.data, self.view.now)
        rows = found if isinstance(found, list) else [found] if isinstance(found, Mapping) else []
        return {
            "kind": "table",
            "label": pick(table.label),
            "hidden": table.show is not None and not self._holds(table.show),
            "heads": [pick(column.label) for column in table.columns],
            "rows": [
                [in_cell(row.get(column.key), column) for column in table.columns]
                for row in rows
                if isinstance(row, Mapping)
            ],
        }

    def cell(self, drawn: Field, at: str) -> Cell:
        sealed = self.view.seals(drawn)
        values = [""] if sealed else self.raw.get(at, [""])
        computed = sealed or drawn.compute is not None
        visible = at in self.shown.visible
        choices = self._choices(drawn, at, values)
        return Cell(
            at=at,
            widget=drawn.widget,
            label=pick(drawn.label),
            values=values,
            hidden=not visible or drawn.widget == "hidden",
            required=at in self.shown.required,
            wide=drawn.widget in ("long", "rows", "files", "checkboxes", "file", "signature"),
            computed=computed,
            said=self._said(drawn, at, choices),
            help=pick(drawn.help),
            unit=pick(drawn.unit),
            each=pick(drawn.each or drawn.label),
            basis=self.view.basis(*drawn.basis),
            wrong=self.wrong.get(at, ()),
            choices=choices,
            source=self._picker(drawn).source,
            files=self._files(drawn, values),
            rows=self._rows(drawn) if drawn.kind == "rows" else (),
            heads=[pick(c.label) for c in drawn.columns if c.widget != "hidden"],
            live=drawn.options is not None,
        )

    def _rows(self, drawn: Field) -> list[list[Cell]]:
        start = f"{drawn.pointer}/"
        numbers = {
            name[len(start) :].partition("/")[0] for name in self.raw if name.startswith(start)
        }
        return [
            [self.cell(column, f"{start}{number}/{column.name}") for column in drawn.columns]
            for number in sorted(int(number) for number in numbers if number.isdigit())
        ]

    def _picker(self, drawn: Field) -> Picker:
        return self.view.pickers.get(drawn.format, Picker(()))

    def _choices(self, drawn: Field, at: str, values: Sequence[str]) -> list[tuple[str, str]]:
        """What can be chosen; what was chosen before stays on offer, so that nothing is lost."""
        if drawn.widget == "yes_no":
            return [("true", t("forms.yes")), ("false", t("forms.no"))]
        if drawn.widget == "picker":
            return self._picked_from(drawn, at, values)
        found = self.shown.choices.get(at, drawn.choices)
        return [(choice.value, pick(choice.label)) for choice in found]

    def _picked_from(self, drawn: Field, at: str, values: Sequence[str]) -> list[tuple[str, str]]:
        """The records of the register, only those that ``options`` names where it names any."""
        told = self._picker(drawn).choices
        named = {choice.value for choice in self.shown.choices.get(at, ())}
        named |= set(values) if named else set()
        offered = [(id, name) for id, name in told if not named or id in named]
        return offered + [(v, v) for v in values if v and v not in dict(offered)]

    def _said(self, drawn: Field, at: str, choices: Sequence[tuple[str, str]]) -> str:
        """The value in words, for computed fields and for reading."""
        if self.view.seals(drawn):
            return str(t("forms.sealed"))
        if not drawn.compute and not self.view.readonly:
            return ""
        return in_words(drawn, look_up(self.shown.data, at), choices)

    def _files(self, drawn: Field, values: Sequence[str]) -> list[Kept]:
        if drawn.kind not in ("file", "files", "signature"):
            return []
        found = [(value, file_of(value)) for value in values]
        return [
            Kept(
                token=seal_file(value),
                name=str(one["name"]),
                size=size_of(int(one["size"])),
                href=self.view.file_href(one) if self.view.file_href else "",
            )
            for value, one in found
            if one
        ]

    def summary(self, problems: Sequence[Problem]) -> list[tuple[str, str, str]]:
        """(id to link to, label, sentence) of every problem, in the order drawn."""
        return [
            (f"f{p.pointer}" if p.pointer else "", self._label(p.pointer), sentence(p))
            for p in problems
        ]

    def _label(self, pointer: str) -> str:
        """The field's label; for a column with the label and number of its row before it."""
        if pointer in self.form.fields:
            return pick(self.form.fields[pointer].label)
        rows = next((one for one in self.form.fields if pointer.startswith(f"{one}/")), "")
        tail = pointer[len(rows) + 1 :]
        number, _, name = tail.partition("/")
        if not rows or not number.isdigit():
            return ""
        held = self.form.fields[rows]
        columns = {c.name: pick(c.label) for c in held.columns}
        row = t("forms.row", label=pick(held.each or held.label), number=int(number) + 1)
        return f"{row} {columns.get(name, '')}".strip()


def sentence(problem: Problem) -> str:
    """What is wrong at a field, to this reader."""
    return text(problem.code, "en" if lang() == "en" else "zh", problem.params)


def _first_rows(form: Form) -> dict[str, list[str]]:
    """Where at least one row is needed, an empty one stands ready."""
    return {
        f"{pointer}/0/{column.name}": [""]
        for pointer, field in form.fields.items()
        if field.schema.get("minItems", 0) and not field.compute
        for column in field.columns
    }
