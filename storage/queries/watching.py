"""What stands beside a case's journal: messages with both their ends, incidents with their reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.model import Data
from storage import tables as tb

from .cases import CaseRow, _cases
from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class Carried:
    """A message between cases. ``sender``, ``receiver``: case ids, "" for outside or nobody yet."""

    id: str
    name: str
    sender: str
    receiver: str
    dossier: str
    sent_at: datetime
    handed: bool  # nobody here takes it: a clerk deals with it


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a case stood still from a moment on."""

    opened_at: datetime
    closed_at: datetime | None
    code: str
    params: Data


def carried(db: sa.Connection, cases: Sequence[str]) -> list[Carried]:
    """The messages that these cases sent or took, oldest first."""
    message, receipt = tb.messages.c, tb.receipts.c
    taken = sa.select(receipt.message).where(receipt.case_id.in_(cases))
    query = (
        sa.select(
            *(message.id, message.name, message.sender),
            sa.func.coalesce(receipt.case_id, "").label("receiver"),
            *(message.dossier, message.sent_at),
            message.handed_at.is_not(None).label("handed"),
        )
        .outerjoin(tb.receipts, receipt.message == message.id)
        .where(sa.or_(message.id.in_(taken), *map(_sent_by, cases)))
        .order_by(message.sent_at, message.id, receipt.case_id)
    )
    return [Carried(**row._mapping) for row in db.execute(query)]


def _sent_by(case_id: str) -> sa.ColumnElement[bool]:
    """Ids of messages begin with their sender's: a stretch of the primary key (";" follows ":")."""
    return (tb.messages.c.id > f"{case_id}:") & (tb.messages.c.id < f"{case_id};")


def stops(db: sa.Connection, case_id: str) -> list[Stop]:
    """The incidents of a case, settled ones included, oldest first."""
    incident = tb.incidents.c
    query = sa.select(incident.opened_at, incident.closed_at, incident.code, incident.params)
    query = query.where(incident.case_id == case_id).order_by(incident.opened_at)
    return [Stop(**row._mapping) for row in db.execute(query)]


def seen_cases(db: sa.Connection, viewer: Viewer, ids: Sequence[str]) -> dict[str, CaseRow]:
    """Those of some cases whose dossiers this reader may see, by id."""
    query: sa.Select[Any] = _cases().join(tb.dossiers, tb.dossiers.c.id == tb.cases.c.dossier)
    found = db.execute(query.where(tb.cases.c.id.in_(ids), viewer.sees()))
    return {row.id: CaseRow(**row._mapping) for row in found}
