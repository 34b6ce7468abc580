"""The registers a person may open, one register as a list on a day, one entry with its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from engine.errors import NotFound
from engine.forms import Field
from engine.registers import Register, holding
from storage import queries
from webui.auth import actor, only, signed
from webui.display import local
from webui.forms.reading import in_words
from webui.product import product, reading
from webui.registers import may_open_some, office_registers
from webui.tables import download
from webui.words import pick, t

views = Blueprint("records", __name__, template_folder="templates", url_prefix="/registers")
ENTRY, SINCE, UNTIL, WHY = "entry", "valid_from", "valid_until", "reason"
"""Columns of a table besides the register's own, by the key of their word."""


@views.get("/")
@only(may_open_some)
def index() -> str:
    """The registers, each with how many entries hold today."""
    mine = [one for one in office_registers().values() if one.may_read(actor())]
    counts = queries.record_counts(reading(), today())
    return render_template("records/index.html", registers=mine, counts=counts)


@views.get("/<name>")
@signed
def register(name: str) -> str:
    """The entries that hold on a day, by name."""
    told = opened(name)
    asked = _asked(told)
    page = request.args.get("page", "1")
    number = int(page) if page.isdecimal() and 1 <= int(page) <= 2000 else 1
    rows, more = queries.record_rows(reading(), asked, number)
    return render_template(
        "records/register.html",
        register=told,
        asked=asked,
        columns=listed(told),
        rows=list(in_cells(told, rows)),
        filters=[(field, choices(field)) for field in told.filters],
        states=queries.STATES,
        page=number,
        more=more,
        may_edit=told.may_edit(actor()),
    )


@views.get("/<name>/table.<kind>")
@signed
def table(name: str, kind: str) -> Response:
    """The same entries as a file: csv or xlsx."""
    told = opened(name)
    asked = _asked(told)
    names = queries.names_of(reading())
    heads = [*(pick(field.label) for field in told.fields)]
    own = [t(f"records.{key}") for key in (ENTRY, SINCE, UNTIL, WHY, "maker", "made_at")]

    def rows() -> Iterator[Sequence[Any]]:
        for row in queries.every_record(reading(), asked):
            cells = [plain(field, row.values.get(field.pointer), names) for field in told.fields]
            kept = [row.entry, row.valid_from, row.valid_until, row.reason, row.maker, row.made_at]
            yield [*cells, *kept]

    return download("xlsx" if kind == "xlsx" else "csv", pick(told.title), [*heads, *own], rows())


@views.get("/<name>/<entry>")
@signed
def entry(name: str, entry: str) -> str:
    """One entry: what holds today, every version with who recorded it, when and why."""
    told = opened(name)
    return render_template("records/entry.html", **entry_page(told, entry))


def entry_page(told: Register, entry: str, problem: str = "") -> dict[str, Any]:
    """What the page of an entry shows."""
    versions = versions_of(told, entry)
    names = queries.names_of(reading(), references(told, versions))
    return {
        "register": told,
        "versions": [(row, said(told, row.values, names)) for row in versions],
        "current": current(versions),
        "problem": problem,
        "today": today(),
        "may_edit": told.may_edit(actor()),
    }


def opened(name: str) -> Register:
    """The register, if this person may open it; NotFound (no_register) for everybody else."""
    told = office_registers().get(name)
    if told is None or not told.may_read(actor()):
        raise NotFound("no_register", name=name)
    return told


def versions_of(told: Register, entry: str) -> list[queries.RecordRow]:
    """Every version, the newest first; NotFound (no_entry)."""
    found = queries.record_versions(reading(), told.id, entry)
    if not found:
        raise NotFound("no_entry")
    return found


def current(versions: Sequence[queries.RecordRow]) -> queries.RecordRow | None:
    """The version that holds today."""
    return holding(versions, today())


def today() -> date:
    """The local day."""
    day: date = local(product().clock()).date()
    return day


# In words --------------------------------------------------------------------------------------


def listed(told: Register) -> list[Field]:
    """The fields that a list shows."""
    return [told.form.fields[pointer] for pointer in told.columns]


def in_cells(
    told: Register, rows: Sequence[queries.RecordRow]
) -> Iterator[tuple[queries.RecordRow, list[str]]]:
    """Each row with its listed fields in words."""
    names = queries.names_of(reading(), references(told, rows))
    for row in rows:
        yield row, [in_words_of(f, row.values.get(f.pointer), names) for f in listed(told)]


def said(
    told: Register, values: Mapping[str, Any], names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """(label, value in words) of every field that says something."""
    told_values = ((f, in_words_of(f, values.get(f.pointer), names)) for f in told.fields)
    return [(pick(field.label), words) for field, words in told_values if words]


def in_words_of(field: Field, value: Any, names: Mapping[str, str]) -> str:
    """A value of a field in words; people and organisations by name."""
    if field.format in ("person", "organisation") and isinstance(value, str):
        return names.get(value, value)
    return in_words(field, value, choices(field))


def plain(field: Field, value: Any, names: Mapping[str, str]) -> Any:
    """A value as a cell of a table: numbers and dates stay what they are."""
    keeps = field.kind in ("number", "integer", "money", "date", "date-time")
    return value if keeps or value is None else in_words_of(field, value, names)


def choices(field: Field) -> list[tuple[str, str]]:
    return [(choice.value, pick(choice.label)) for choice in field.choices]


def references(told: Register, rows: Sequence[queries.RecordRow]) -> set[str]:
    """The ids of people and organisations that rows name."""
    pointers = [f.pointer for f in told.fields if f.format in ("person", "organisation")]
    return {str(row.values[p]) for row in rows for p in pointers if row.values.get(p)}


def _asked(told: Register) -> queries.Asked:
    given = request.args
    chosen = {f.pointer: given.get(f.pointer, "") for f in told.filters}
    state = given.get("state", "valid")
    return queries.Asked(
        register=told.id,
        on=_day(given.get("on", "")),
        state=state if state in queries.STATES else "valid",
        words=given.get("q", "").strip()[:100],
        choices={pointer: value for pointer, value in chosen.items() if value},
    )


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return today()
