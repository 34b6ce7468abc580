"""What proves a case: where it stands in the signed log, and its receipt."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO

from flask import send_file
from werkzeug.wrappers import Response

from engine.access import may_take_away
from engine.errors import NotFound
from engine.proofs.receipts import receipt
from storage import queries
from webui.auth import actor, signed, viewer
from webui.product import product, reading

from .views import views


@dataclass(frozen=True, slots=True)
class Proof:
    """Where a case stands in the log: its last sealed entry and how many still wait."""

    log: str
    seq: int
    position: int
    size: int
    waiting: int
    may_be_taken: bool


def proof_of(case_id: str) -> Proof:
    """For the case page; ``position`` -1: nothing of it is sealed yet."""
    store = product().looking()
    standing = store.standing(f"case:{case_id}")
    sealed = [one for one in standing if one.position >= 0]
    waiting = len(standing) - len(sealed)
    if not sealed:
        return Proof("", -1, -1, 0, waiting, may_take_away(actor()))
    log, size = store.checkpoint(above=sealed[-1].position).split("\n")[:2]
    last = sealed[-1]
    return Proof(log, last.seq, last.position, int(size), waiting, may_take_away(actor()))


@views.get("/cases/<case_id>/receipt.json")
@signed
def receipt_file(case_id: str) -> Response:
    """The receipt of a case, for any party: Conflict (not_sealed_yet)."""
    number = _number(case_id)
    content = json.dumps(
        receipt(product().looking(), f"case:{case_id}"), ensure_ascii=False, indent=1
    )
    return send_file(
        BytesIO(content.encode()),
        mimetype="application/json",
        as_attachment=True,
        download_name=f"{number}-receipt.json",
    )


def _number(case_id: str) -> str:
    """The number of the dossier of a case that this reader may see."""
    row = queries.case_row(reading(), viewer(), case_id)
    dossier = queries.dossier_row(reading(), viewer(), row.dossier) if row else None
    if dossier is None:
        raise NotFound("no_case", name=case_id)
    return dossier.number
