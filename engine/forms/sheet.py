"""A form with what was given for it: parsed, conditions and computed values worked out in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from engine.errors import Invalid
from engine.feel import Expression
from engine.forms.form import CENT, Choice, Field, Form
from engine.forms.parsing import Unfit, parse
from engine.forms.raw import texts
from engine.forms.schema import MAX_ROWS
from engine.forms.signing import signed_now
from engine.model import Problem

Row = Mapping[str, Any] | None
SHAPES: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (Decimal,),
    "integer": (Decimal,),
    "money": (Decimal,),
    "boolean": (bool,),
    "date": (date,),
    "time": (time,),
    "date-time": (datetime,),
    "file": (dict,),
    "signature": (dict,),
}
"""The types of FEEL values that one control can show."""


def look_up(data: Any, pointer: str) -> Any:
    """The value at a JSON pointer, None where there is none."""
    for part in _steps(pointer):
        if type(data) is dict:  # the usual
            data = data.get(part)
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        elif isinstance(data, Mapping):
            data = data.get(part)
        else:
            return None
    return data


@lru_cache(maxsize=10_000)
def _steps(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.split("/")[1:])


def held(context: Mapping[str, Any], field: Field) -> Any:
    """What the case holds for a field; None where that is nothing this field could show."""
    value = look_up(context, field.pointer)
    if field.kind in ("rows", "files", "choices"):
        inner = (str,) if field.kind == "choices" else (dict, Mapping)
        fits = isinstance(value, list) and all(isinstance(item, inner) for item in value)
    else:
        fits = type(value) in SHAPES[field.kind]
    return value if fits else None


def _put(data: dict[str, Any], pointer: str, value: Any) -> None:
    """Sets a value in a copy of each object on the way, so that the case's own data stays as it is."""
    *way, last = _steps(pointer)
    for part in way:
        inner = data.get(part)
        data[part] = dict(inner) if isinstance(inner, Mapping) else {}
        data = data[part]
    data[last] = value


class Sheet:
    """``data`` is the case as it would be with what was given; hidden fields are null in it."""

    def __init__(
        self, form: Form, given: Mapping[str, Any], context: Mapping[str, Any], now: datetime
    ) -> None:
        self.form, self.context, self.now = form, context, now
        self.data: dict[str, Any] = dict(context)
        self.problems: list[Problem] = []
        self.visible: set[str] = set()
        for pointer, field in form.fields.items():
            _put(self.data, pointer, self._parsed(field, given.get(pointer), pointer))
        for field in form.sequence:
            if field.is_plain and (not field.rows or field.rows in self.visible):
                self.visible.update(pointer for pointer, _ in self._where(field))
                continue
            for pointer, row in self._where(field):
                self._settle(field, pointer, row)
        hidden = [problem for problem in self.problems if problem.pointer not in self.visible]
        self.problems = [problem for problem in self.problems if problem not in hidden]

    def value(self, pointer: str) -> Any:
        return look_up(self.data, pointer)

    def empty(self, pointer: str) -> bool:
        value = self.value(pointer)
        return value is None or value == []

    def put(self, pointer: str, value: Any) -> None:
        """Sets the value of a field; in a row, of that row's own copy."""
        rows, _, name = pointer.rpartition("/")
        holder = look_up(self.data, rows)
        if rows.rpartition("/")[0] in self.form.fields and isinstance(holder, dict):
            holder[name] = value
        else:
            _put(self.data, pointer, value)

    @cached_property
    def places(self) -> Sequence[tuple[str, Field, Row]]:
        """Every field with its concrete pointer, in the order drawn; columns with their row."""
        return [
            (pointer, part, row)
            for field in self.form.fields.values()
            for part in (field, *field.columns)
            for pointer, row in self._where(part)
        ]

    @cached_property
    def ruled(self) -> Sequence[tuple[str, Field, Row]]:
        """Of ``places`` those that may have to hold more than a value of their kind."""
        return [
            (pointer, part, row)
            for field in self.form.fields.values()
            for part in (field, *field.columns)
            if not part.is_plain
            for pointer, row in self._where(part)
        ]

    def holds(
        self, expression: Expression | None, pointer: str, row: Row, outcome: str | None = None
    ) -> bool:
        """Whether a condition is true; null and false are not, and no condition is not."""
        extra = {"outcome": outcome}
        return expression is not None and self.evaluate(expression, pointer, row, extra) is True

    def evaluate(
        self, expression: Expression, pointer: str, row: Row, extra: Mapping[str, Any] | None = None
    ) -> Any:
        """The value of an expression here; null and a problem where it cannot be worked out."""
        scope = {**self.data, **(extra or {}), **({"row": row} if row is not None else {})}
        try:
            return expression.evaluate(scope, self.now)
        except Invalid as refused:
            self.problems.append(Problem(pointer, "form_expression_failed", {"code": refused.code}))
            return None

    def choices(self, field: Field, row: Row) -> tuple[Choice, ...]:
        """What ``options`` gives: texts, or contexts with id and name (maybe in two languages)."""
        if field.options is None:
            return field.choices
        found = self.evaluate(field.options, field.pointer, row)
        return tuple(_choice(item) for item in found or ()) if isinstance(found, list) else ()

    def values(self) -> dict[str, Any]:
        """What is written to the case: what is shown, and null only where something was cleared."""
        written = {}
        for pointer, field in self.form.fields.items():
            if pointer not in self.visible:
                continue
            value = self._kept(field) if field.kind == "rows" else self.value(pointer)
            if field.kind in ("choices", "files", "rows"):
                value = value or []
            if value is not None or look_up(self.context, pointer) is not None:
                written[pointer] = value
        return written

    def _kept(self, field: Field) -> list[dict[str, Any]]:
        """The rows, each with what the case knows of it beyond this form's columns."""
        known = {r["id"]: r for r in held(self.context, field) or () if r.get("id")}
        rows: list[dict[str, Any]] = self.value(field.pointer) or []
        kept = [{**known.get(row.get("id"), {}), **row} for row in rows]
        return [{key: value for key, value in row.items() if value is not None} for row in kept]

    def _parsed(self, field: Field, given: Any, pointer: str) -> Any:
        if field.kind == "rows":
            return self._rows(field, given if isinstance(given, list) else [], pointer)
        existing = None if field.rows else held(self.context, field)
        if existing is not None and given in (existing, texts(field, existing)[0]):
            return existing  # left as it was: a control may show less of it, as minutes for seconds
        try:
            value = parse(field, "" if given is None else given)
            return signed_now(value, self.now) if field.kind == "signature" else value
        except Unfit as unfit:
            self.problems.append(unfit.at(pointer))
            return None

    def _rows(self, field: Field, given: list[Any], pointer: str) -> list[dict[str, Any]]:
        limit = int(field.schema.get("maxItems", MAX_ROWS))
        if len(given) > limit or not all(isinstance(row, dict | Mapping) for row in given):
            self.problems.append(Problem(pointer, "form_too_many", {"limit": str(limit)}))
            return []
        return [
            {
                column.name: self._parsed(
                    column, row.get(column.name), f"{pointer}/{n}/{column.name}"
                )
                for column in field.columns
            }
            for n, row in enumerate(given)
        ]

    def _where(self, field: Field) -> list[tuple[str, Row]]:
        if not field.rows:
            return [(field.pointer, None)]
        rows = look_up(self.data, field.rows) or ()
        return [(f"{field.rows}/{n}/{field.name}", row) for n, row in enumerate(rows)]

    def _settle(self, field: Field, pointer: str, row: Row) -> None:
        if row is not None and field.rows not in self.visible:
            return
        if field.shows and not all(self.holds(show, pointer, row) for show in field.shows):
            self.put(pointer, None)
            return
        self.visible.add(pointer)
        if field.compute:
            self.put(pointer, self._computed(field, pointer, row))

    def _computed(self, field: Field, pointer: str, row: Row) -> Any:
        self.problems = [problem for problem in self.problems if problem.pointer != pointer]
        value = self.evaluate(field.compute, pointer, row) if field.compute else None
        if field.kind == "money" and isinstance(value, Decimal):
            value = value.quantize(CENT)
        try:
            return None if value is None else parse(field, value)
        except Unfit as unfit:
            self.problems.append(unfit.at(pointer))
            return None


def _choice(item: Any) -> Choice:
    if not isinstance(item, Mapping):
        return Choice(str(item), {"zh": str(item), "en": str(item)})
    said = item.get("name", item.get("label", item.get("id")))
    words = dict(said) if isinstance(said, Mapping) else {"zh": str(said), "en": str(said)}
    return Choice(str(item.get("id", item.get("value", ""))), words)
