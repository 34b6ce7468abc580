"""The detention ledger: which dossiers it lists for a reader, with their cases and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.ledger import PROCEDURES
from storage import tables as tb

from .viewer import Viewer

LEDGER_STATES = ("before", "inside", "out")
"""Detention being prepared; in custody; out again."""
_OPEN = ("open", "held")


@dataclass(frozen=True, slots=True)
class LedgerAsked:
    """A centre ("" for all), a state ("" for all), and the days of admission (of opening before it)."""

    centre: str = ""
    state: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class LedgerCase:
    """A case of a listed dossier with its stored state."""

    id: str
    dossier: str
    procedure: str
    state: bytes


def ledger(
    db: sa.Connection, viewer: Viewer, asked: LedgerAsked, page: int = 1, size: int = 50
) -> tuple[Sequence[sa.Row[Any]], bool]:
    """(id, number) of one page of detentions this reader may see, newest first; whether more follow."""
    listed = _listed(viewer, asked)
    query = sa.select(listed.c.id, listed.c.number)
    if asked.state:
        query = query.where(listed.c.state == asked.state)
    query = query.order_by(listed.c.id.desc()).limit(size + 1).offset((page - 1) * size)
    rows: list[sa.Row[Any]] = list(db.execute(query))
    return rows[:size], len(rows) > size


def ledger_counts(db: sa.Connection, viewer: Viewer, asked: LedgerAsked) -> dict[str, int]:
    """How many detentions are in each state, by the same centre and days."""
    listed = _listed(viewer, asked)
    query = sa.select(listed.c.state, sa.func.count()).group_by(listed.c.state)
    found = {row[0]: row[1] for row in db.execute(query)}
    return {state: found.get(state, 0) for state in LEDGER_STATES}


def ledger_cases(db: sa.Connection, dossiers: Sequence[str]) -> list[LedgerCase]:
    """The cases of listed dossiers, oldest first."""
    case = tb.cases.c
    query = sa.select(case.id, case.dossier, case.procedure, case.state)
    found = db.execute(query.where(case.dossier.in_(dossiers)).order_by(case.id))
    return [LedgerCase(**row._mapping) for row in found]


def ledger_done(db: sa.Connection, cases: Sequence[str]) -> list[sa.Row[Any]]:
    """(stream, verb, element, at, by, data) of what was completed or corrected in cases."""
    entry, content, person = tb.journal.c, tb.payload.c, tb.people.c
    query = (
        sa.select(
            *(entry.stream, entry.verb, entry.element, entry.at),
            sa.func.coalesce(person.name, entry.actor).label("by"),
            content.data,
        )
        .join(tb.payload, (content.stream == entry.stream) & (content.seq == entry.seq))
        .outerjoin(tb.people, person.id == entry.actor)
        .where(
            entry.stream.in_([f"case:{case_id}" for case_id in cases]),
            entry.verb.in_(("complete", "correct")),
        )
    )
    return list(db.execute(query.order_by(entry.at)))


def _listed(viewer: Viewer, asked: LedgerAsked) -> sa.Subquery:
    dossier = tb.dossiers.c
    query = sa.select(dossier.id, dossier.number, _state().label("state"))
    query = query.where(dossier.kind == "detention", viewer.sees(), _has(PROCEDURES))
    if asked.centre:
        query = query.where(_has(PROCEDURES[1:], tb.cases.c.org == asked.centre))
    since = sa.func.coalesce(_admitted_at(), dossier.opened_at)
    if asked.since:
        query = query.where(since >= asked.since)
    if asked.before:
        query = query.where(since < asked.before)
    return query.subquery()


def _state() -> sa.Case[Any]:
    """Leaving decides; the work on the conflict may go on a little after it."""
    running = tb.cases.c.status.in_(_OPEN)
    _, work, leaving = ((procedure,) for procedure in PROCEDURES)
    return sa.case(
        (_has(leaving, running), "inside"),
        (_has(leaving), "out"),
        (_has(work, running), "inside"),
        (_has(work), "out"),
        else_="before",
    )


def _has(procedures: Sequence[str], *more: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    case = tb.cases.c
    mine = (case.dossier == tb.dossiers.c.id) & case.procedure.in_(procedures)
    return sa.exists().where(mine, *more).correlate(tb.dossiers)


def _admitted_at() -> sa.ScalarSelect[Any]:
    """When the work in custody began: its case is opened by the admission."""
    case = tb.cases.c
    began = sa.select(sa.func.min(case.started_at)).where(
        case.dossier == tb.dossiers.c.id, case.procedure.in_(PROCEDURES[1:])
    )
    return began.correlate(tb.dossiers).scalar_subquery()
