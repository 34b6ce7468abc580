"""A case or a dossier to take away: a zip that streams, with reports to read and two verifiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from werkzeug.wrappers import Response

from engine.access import may_take_away
from engine.errors import NotFound
from engine.proofs.takeaway import take_away, take_away_dossier
from storage import queries
from webui.auth import actor, only, viewer
from webui.dossiers.views import seen
from webui.filenames import kept_as
from webui.product import fresh, product, reading
from webui.sealing import log_keys

from .reporting import reports
from .views import views

PAGE = Path(__file__).parents[1] / "static" / "vendor" / "verify.html"


@views.get("/cases/<case_id>/case.zip")
@only(may_take_away)
def take_away_case(case_id: str) -> Response:
    """All of a case with its proofs; that somebody took it is journalled."""
    row = queries.case_row(reading(), viewer(), case_id)
    if row is None:
        raise NotFound("no_case", name=case_id)
    return _sent(row.dossier, case_id)


@views.get("/dossiers/<dossier_id>/dossier.zip")
@only(may_take_away)
def take_away_all(dossier_id: str) -> Response:
    """All of a dossier: its own journal and every case, each proved."""
    return _sent(dossier_id, "")


def _sent(dossier_id: str, case_id: str) -> Response:
    number = seen(dossier_id).number
    fresh()
    product().engine.note_taken(actor(), dossier_id, case_id)
    product().engine.seal(log_keys(product().config))
    portions = taken(viewer(), dossier_id, case_id)
    name = f"{number}-{case_id[:8]}.zip" if case_id else f"{number}.zip"
    return kept_as(Response(portions, mimetype="application/zip"), name)


def taken(
    reader: queries.Viewer, dossier_id: str, case_id: str = "", health: bool = False
) -> Iterator[bytes]:
    """The zip of a dossier, or of one case in it, in portions.

    Beside what is proved lie reports in both languages, without health data, and the page that
    verifies offline. Raises Conflict (not_sealed_yet), NotFound before the first portion.
    """
    dossier = queries.dossier_row(reading(), reader, dossier_id)
    if dossier is None:
        raise NotFound("no_dossier", name=dossier_id)
    cases = queries.dossier_cases(reading(), dossier_id)
    told = [one for one in cases if case_id in ("", one.id)]
    beside = {PAGE.name: PAGE.read_bytes(), **reports(dossier, told, reader)}
    portions = _portions((dossier_id, case_id), health, beside)
    next(portions)
    return portions


def _portions(of: tuple[str, str], health: bool, beside: Mapping[str, bytes]) -> Iterator[bytes]:
    """Over a reading of its own, which outlives the request. Nothing refuses after the first, empty one."""
    dossier, case = of
    with product().read() as db:
        store, blobs = product().store_on(db), product().blobs
        if case:
            portions = take_away(store, blobs, case, health, beside)
        else:
            portions = take_away_dossier(store, blobs, dossier, health, beside)
        yield b""
        yield from portions
