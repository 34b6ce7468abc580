"""Tables to take along: rows written as they come, as CSV, JSON or an xlsx workbook."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from tempfile import TemporaryFile
from typing import IO, Any

from flask import stream_with_context
from werkzeug.wrappers import Response
from xlsxwriter import Workbook

from .display import local
from .filenames import kept_as
from .words import t

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would read as a formula at the beginning of a CSV cell."""
PORTION = 65536
BEGINNING = datetime(1980, 1, 1, tzinfo=UTC)
"""When every workbook says it was made: the same rows give the same bytes."""
Rows = Iterable[Sequence[Any]]


def download(kind: str, name: str, heads: Sequence[str], rows: Rows) -> Response:
    """The rows as a file ``name`` + ``.csv``, ``.xlsx`` or ``.json``; cells are FEEL values, None is
    empty. The same rows give the same bytes.
    """
    return {"xlsx": _xlsx, "json": _json}.get(kind, _csv)(name, heads, rows)


def _json(name: str, heads: Sequence[str], rows: Rows) -> Response:
    """An array of objects, a row a line; times in ISO 8601, decimals as text."""

    def portions() -> Iterator[str]:
        between = "[\n"
        for row in rows:
            told = dict(zip(heads, row, strict=True))
            yield between + json.dumps(told, ensure_ascii=False, default=_plain)
            between = ",\n"
        yield "\n]\n" if between == ",\n" else "[]\n"

    response = Response(stream_with_context(portions()), mimetype="application/json")
    return kept_as(response, f"{name}.json")


def _plain(cell: Any) -> str:
    return str(cell.isoformat()) if isinstance(cell, date) else f"{cell:f}"


def _csv(name: str, heads: Sequence[str], rows: Rows) -> Response:
    def portions() -> Iterator[str]:
        yield "\ufeff"  # spreadsheets take the file for UTF-8 only with it
        yield _line(heads)
        for row in rows:
            yield _line([_text(cell) for cell in row])

    response = Response(stream_with_context(portions()), mimetype="text/csv")
    return kept_as(response, f"{name}.csv")


def _line(row: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(row)
    return line.getvalue()


def _text(cell: Any) -> str:
    """A cell as text; one that would be read as a formula gets a ' before it."""
    match cell:
        case None:
            return ""
        case bool():
            return str(t("screen.yes" if cell else "screen.no"))
        case Decimal() | int() | float():
            return f"{cell:f}"
        case datetime():
            return f"{local(cell):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
    said = str(cell)
    return f"'{said}" if said.startswith(FORMULA) else said


def as_typed(cell: str) -> str:
    """What stood in a CSV cell before it was guarded against being read as a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _xlsx(name: str, heads: Sequence[str], rows: Rows) -> Response:
    kept = TemporaryFile()  # noqa: SIM115 - closed by who reads it
    book = Workbook(kept, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": BEGINNING})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "text_wrap": True})
    minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(heads) - 1, 0), 16)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, str(head), bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _write(sheet, (number, column), cell, minute)
    book.close()
    response = Response(_read(kept), mimetype=XLSX)
    return kept_as(response, f"{name}.xlsx")


def _read(kept: IO[bytes]) -> Iterator[bytes]:
    """The file in portions; closed and gone at its end."""
    with kept:
        kept.seek(0)
        while portion := kept.read(PORTION):
            yield portion


def _write(sheet: Any, at: tuple[int, int], cell: Any, minute: Any) -> None:
    match cell:
        case None | "":
            return
        case bool():
            sheet.write_string(*at, _text(cell))
        case Decimal() | int() | float():
            sheet.write_number(*at, float(cell))
        case datetime():
            sheet.write_datetime(*at, local(cell).replace(tzinfo=None), minute)
        case date():
            sheet.write_datetime(*at, datetime.combine(cell, datetime.min.time()))
        case _:
            sheet.write_string(*at, str(cell))
