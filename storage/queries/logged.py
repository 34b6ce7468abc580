"""Which cases go into an event log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import tables as tb

from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class LoggedCase:
    """A case with its dossier's number."""

    id: str
    dossier: str
    number: str
    procedure: str
    org: str
    started_at: datetime


def logged_cases(
    db: sa.Connection, viewer: Viewer, procedure: str = "", of: str = ""
) -> Iterator[LoggedCase]:
    """The cases that this reader may see, by id, the oldest first.

    ``procedure`` and ``of`` (a dossier's number or id, or a case's id) narrow; "" leaves them open.
    """
    case, dossier = tb.cases.c, tb.dossiers.c
    query = (
        sa.select(
            *(case.id, case.dossier, dossier.number, case.procedure, case.org, case.started_at)
        )
        .join(tb.dossiers, dossier.id == case.dossier)
        .where(viewer.sees())
        .order_by(case.id)
    )
    if procedure:
        query = query.where(case.procedure == procedure)
    if of:
        query = query.where(sa.or_(dossier.number == of, dossier.id == of, case.id == of))
    for row in db.execute(query.execution_options(yield_per=500)):
        yield LoggedCase(**row._mapping)
