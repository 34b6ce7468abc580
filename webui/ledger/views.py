"""The detention ledger as it stands now: filters, counts, one row per detention, a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from engine.access import may_read_ledger
from engine.ledger import COLUMNS, Done, Told, ledger_row
from engine.spiff import read_state
from storage import queries
from webui.admin.people import midnight
from webui.auth import only, viewer
from webui.display import local, money, readable
from webui.product import reading
from webui.tables import download
from webui.words import known, t

views = Blueprint("ledger", __name__, template_folder="templates", url_prefix="/ledger")
CODED = ("ground", "grade", "result")
DATED = ("in_at", "out_at", "first_talk_at", "early_at", "stopped", "entered_at")
PAID = ("amount_due", "amount_paid", "amount_planned")
COUNTED = ("days", "talks", "sessions", "incidents")
SIZE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One detention: its dossier, and its columns as FEEL values."""

    dossier: str
    columns: Mapping[str, Any]


@views.get("/")
@only(may_read_ledger)
def index() -> str:
    """One page of the ledger."""
    asked, page = _asked(), _page()
    rows, more = queries.ledger(reading(), viewer(), asked, page, SIZE)
    names = queries.names_of(reading())
    lines = [(line, _words(line.columns, names)) for line in _lines(rows)]
    return render_template(
        "ledger/index.html",
        columns=COLUMNS,
        numbers=(*PAID, *COUNTED),
        lines=lines,
        counts=queries.ledger_counts(reading(), viewer(), asked),
        states=queries.LEDGER_STATES,
        centres=_centres(),
        asked=asked,
        since=request.args.get("since", ""),
        until=request.args.get("until", ""),
        page=page,
        more=more,
    )


@views.get("/table.<kind>")
@only(may_read_ledger)
def table(kind: str) -> Response:
    """The whole ledger, as filtered, as a file: csv or xlsx."""
    heads = [t(f"ledger.{column}") for column in COLUMNS]
    return download("xlsx" if kind == "xlsx" else "csv", t("ledger.title"), heads, _rows())


def _rows() -> Iterator[Sequence[Any]]:
    names = queries.names_of(reading())
    page, more = 1, True
    while more:
        rows, more = queries.ledger(reading(), viewer(), _asked(), page, SIZE)
        page += 1
        for line in _lines(rows):
            said = _words(line.columns, names)
            yield [_cell(column, line.columns[column], said[column]) for column in COLUMNS]


def _cell(column: str, value: Any, said: str) -> Any:
    """Dates and numbers stay what they are; everything else as the page says it."""
    keeps = column in (*DATED, *PAID, *COUNTED)
    return value if keeps and not isinstance(value, str) else said


def _lines(rows: Sequence[Any]) -> list[Line]:
    """The columns of some detentions, worked out of their cases and journals."""
    found = queries.ledger_cases(reading(), [row.id for row in rows])
    done: dict[str, list[Done]] = {}
    for one in queries.ledger_done(reading(), [case.id for case in found]):
        values = (one.data or {}).get("values") or {}
        done.setdefault(one.stream, []).append(Done(one.verb, one.element, one.at, one.by, values))
    told: dict[str, list[Told]] = {row.id: [] for row in rows}
    for case in found:
        told[case.dossier].append(_told(case, done.get(f"case:{case.id}", ())))
    return [Line(row.id, ledger_row(row.number, told[row.id])) for row in rows]


def _told(case: queries.LedgerCase, done: Sequence[Done]) -> Told:
    if not case.state:
        return Told(case.procedure, {}, (), done)
    state = read_state(case.state)
    return Told(case.procedure, state.data, state.clocks, done)


# What was asked --------------------------------------------------------------------------------


def _asked() -> queries.LedgerAsked:
    given = request.args
    state = given.get("state", "")
    until = _day(given.get("until", ""))
    return queries.LedgerAsked(
        centre=given.get("centre", ""),
        state=state if state in queries.LEDGER_STATES else "",
        since=_instant(_day(given.get("since", ""))),
        before=_instant(until + timedelta(days=1) if until else None),
    )


def _page() -> int:
    asked = request.args.get("page", "1")
    return int(asked) if asked.isdecimal() and 1 <= int(asked) <= 2000 else 1


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _instant(day: date | None) -> datetime | None:
    return midnight(day) if day else None


def _centres() -> list[tuple[str, str]]:
    rows = queries.organisation_rows(reading())
    return [(row.id, row.name) for row in rows if row.kind == "CENTRE"]


# In words --------------------------------------------------------------------------------------


def _words(columns: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    return {column: _said(column, columns[column], names) for column in COLUMNS}


def _said(column: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None or value == []:
        return ""
    if column in CODED:
        return known(f"ledger.{column}_{value}", str(value))
    if column in PAID:
        return money(value)
    if column == "court":
        return names.get(value, str(value))
    if isinstance(value, list):
        return "；".join(_one(item) for item in value)
    return _minute(value) if isinstance(value, datetime) else readable(value)


def _one(item: Any) -> str:
    """One of several: a moment, a visit with its result, a correction with who made it."""
    if isinstance(item, Mapping):
        state = item.get("state")
        rest = known(f"ledger.visit_{state}", str(state)) if state else item.get("by") or ""
        return f"{_minute(item['at']) if item.get('at') else '-'} {rest}".strip()
    return _minute(item) if isinstance(item, datetime) else str(item)


def _minute(value: datetime) -> str:
    """Long enough to be read years later."""
    return f"{local(value):%Y-%m-%d %H:%M}"
