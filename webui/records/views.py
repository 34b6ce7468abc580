"""The registers a person may open, one register as a list on a day, one entry with its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request
from werkzeug.wrappers import Response

from engine.errors import NotFound
from engine.registers import Register, holding
from storage import queries
from webui.auth import actor, only, signed
from webui.display import local
from webui.dossiers.reading import note_reading
from webui.dossiers.views import seen
from webui.entries import choices, in_cells, listed, names_among, plain, said
from webui.product import product, reading
from webui.registers import may_open_some, office_registers, registers
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
        rows=in_cells(told, rows, dossier_id()),
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
    names = names_among(told, None, dossier_id())
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
    names = names_among(told, versions, dossier_id())
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
    told = registers().get(name)
    if told is None or not told.may_read(actor()):
        raise NotFound("no_register", name=name)
    if told.home == "dossier":
        g.dossier = seen(request.values.get("dossier", ""))
        note_reading(dossier_id())
    return told


@views.url_defaults
def _keep_dossier(_: str, values: dict[str, Any]) -> None:
    """Pages of a register of a dossier lead to pages of the same dossier."""
    if dossier_id():
        values.setdefault("dossier", dossier_id())


@views.context_processor
def _name_dossier() -> dict[str, Any]:
    return {"dossier": g.get("dossier")}


def dossier_id() -> str:
    """The dossier whose register is shown; "" for a register of the office."""
    found = g.get("dossier")
    return found.id if found else ""


def form_context() -> dict[str, Any]:
    """What the form of an entry sees: in a dossier its parties."""
    if not dossier_id():
        return {}
    rows = queries.party_rows(reading(), dossier_id())
    return {"parties": [{"id": row.id, "name": row.name} for row in rows]}


def versions_of(told: Register, entry: str) -> list[queries.RecordRow]:
    """Every version, the newest first; NotFound (no_entry)."""
    found = queries.record_versions(reading(), told.id, entry)
    if not found or found[0].dossier != dossier_id():
        raise NotFound("no_entry")
    return found


def current(versions: Sequence[queries.RecordRow]) -> queries.RecordRow | None:
    """The version that holds today."""
    return holding(versions, today())


def today() -> date:
    """The local day."""
    day: date = local(product().clock()).date()
    return day


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
        dossier=dossier_id(),
    )


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return today()
