"""The cases that a draft is tried on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import tables as tb


def begun_cases(db: sa.Connection, procedure: str, since: datetime, most: int) -> list[sa.Row[Any]]:
    """(id, number, status, started_at) of a procedure's cases begun since then, the latest first."""
    case, dossier = tb.cases.c, tb.dossiers.c
    query = sa.select(case.id, dossier.number, case.status, case.started_at)
    query = query.join_from(tb.cases, tb.dossiers, dossier.id == case.dossier)
    query = query.where(case.procedure == procedure, case.started_at >= since)
    return list(db.execute(query.order_by(case.started_at.desc(), case.id).limit(most)))


def cases_elsewhere(db: sa.Connection, procedure: str, release: str) -> list[sa.Row[Any]]:
    """(id, number, status, started_at, release) of running cases under another, in settled order."""
    case, dossier = tb.cases.c, tb.dossiers.c
    query = sa.select(case.id, dossier.number, case.status, case.started_at, case.release)
    query = query.join_from(tb.cases, tb.dossiers, dossier.id == case.dossier)
    query = query.where(case.procedure == procedure, case.release != release)
    return list(db.execute(query.where(case.status.in_(("open", "held"))).order_by(case.id)))
