"""How the cases went that a reader sees: chosen by procedure, release, office, type, mediator, days."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from storage import tables as tb
from storage.columns import END_OF_TIME
from storage.tables import walks

from .viewer import Viewer

BEGIN_OF_TIME = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class WalksAsked:
    """Which cases; "" leaves a part open. They began from ``since`` on, ``before`` that moment."""

    procedure: str
    release: str = ""
    org: str = ""
    type: str = ""
    mediator: str = ""
    since: datetime = BEGIN_OF_TIME
    before: datetime = END_OF_TIME


@dataclass(frozen=True, slots=True)
class WalkState:
    """How many cases of a choice are told, cannot be told; of its procedure, wait to be told."""

    told: int
    faulty: int
    waiting: int


@dataclass(frozen=True, slots=True)
class WalkChoices:
    """What cases of a procedure can be chosen by: digests, organisations, types, people."""

    releases: Collection[str]
    orgs: Collection[str]
    types: Collection[str]
    mediators: Collection[str]


@dataclass(frozen=True, slots=True)
class WalkedCase:
    """A case behind a number."""

    id: str
    dossier: str
    number: str
    org: str
    begun_at: datetime


def walked_facts(db: sa.Connection, viewer: Viewer, asked: WalksAsked) -> Iterator[list[str]]:
    """The facts of each case, as they come off the database."""
    query = sa.select(walks.c.facts).select_from(_SEEN).where(*_told(viewer, asked))
    for facts in db.execute(query.execution_options(yield_per=1000)).scalars():
        yield _inflated(facts)


def walked_cases(
    db: sa.Connection, viewer: Viewer, asked: WalksAsked, fact: str, limit: int
) -> list[WalkedCase]:
    """The first so many cases in which a fact came about, by id."""
    case = walks.c
    about = (case.case_id, case.dossier, tb.dossiers.c.number, case.org, case.begun_at)
    query = sa.select(*about, case.facts).select_from(_SEEN).where(*_told(viewer, asked))
    found: list[WalkedCase] = []
    for *told, facts in db.execute(query.order_by(case.case_id).execution_options(yield_per=500)):
        if fact in _inflated(facts):
            found.append(WalkedCase(*told))
        if len(found) == limit:
            break
    return found


def walk_state(db: sa.Connection, viewer: Viewer, asked: WalksAsked) -> WalkState:
    """How complete the figures of a choice are."""
    faulty = sa.func.coalesce(sa.func.sum(sa.case((walks.c.fault != "", 1), else_=0)), 0)
    chosen = sa.select(sa.func.count(), faulty).select_from(_SEEN).where(*_chosen(viewer, asked))
    every, wrong = db.execute(chosen).one()
    here = tb.cases.join(tb.dossiers, tb.dossiers.c.id == tb.cases.c.dossier)
    waiting = sa.select(sa.func.count()).select_from(here).where(tb.UNWALKED, viewer.sees())
    waiting = waiting.where(tb.cases.c.procedure == asked.procedure)
    return WalkState(every - wrong, wrong, db.execute(waiting).scalar_one())


def untold(db: sa.Connection, viewer: Viewer) -> tuple[int, int]:
    """Of the cases that this reader sees, how many wait to be told (again), and how many cannot be."""
    here = tb.cases.join(tb.dossiers, tb.dossiers.c.id == tb.cases.c.dossier)
    waiting = sa.select(sa.func.count()).select_from(here).where(tb.UNWALKED, viewer.sees())
    faulty = sa.select(sa.func.count()).select_from(_SEEN).where(walks.c.fault != "", viewer.sees())
    return db.execute(waiting).scalar_one(), db.execute(faulty).scalar_one()


def walk_choices(db: sa.Connection, viewer: Viewer, procedure: str) -> WalkChoices:
    """What the cases of a procedure that this reader sees differ by."""
    case, asked = walks.c, WalksAsked(procedure)
    query = sa.select(case.release, case.org, case.type, case.mediators).distinct()
    rows = list(db.execute(query.select_from(_SEEN).where(*_chosen(viewer, asked))))
    return WalkChoices(
        {row.release for row in rows},
        {row.org for row in rows},
        {row.type for row in rows} - {""},
        {one for row in rows for one in row.mediators.split()},
    )


def walked_procedures(db: sa.Connection) -> list[str]:
    """Procedures of which there are cases to count, that with the most cases first."""
    name = walks.c.procedure
    query = sa.select(name).group_by(name).order_by(sa.func.count().desc(), name)
    return list(db.execute(query).scalars())


def paths_of(db: sa.Connection, variants: Collection[str]) -> Mapping[str, list[str]]:
    """The element ids of ways that cases went, by digest."""
    wanted = walks.c.variant.in_(variants)
    query = sa.select(walks.c.variant, sa.func.min(walks.c.path)).where(wanted)
    found = db.execute(query.group_by(walks.c.variant))
    return {variant: path.split("\n") if path else [] for variant, path in found}


_SEEN = walks.join(tb.dossiers, tb.dossiers.c.id == walks.c.dossier)


def _told(viewer: Viewer, asked: WalksAsked) -> tuple[sa.ColumnElement[bool], ...]:
    return (walks.c.fault == "", *_chosen(viewer, asked))


def _chosen(viewer: Viewer, asked: WalksAsked) -> tuple[sa.ColumnElement[bool], ...]:
    case = walks.c
    demands = (
        (asked.release, case.release == asked.release),
        (asked.org, case.org == asked.org),
        (asked.type, case.type == asked.type),
        (asked.mediator, case.mediators.contains(f" {asked.mediator} ", autoescape=True)),
    )
    wanted = (demand for given, demand in demands if given)
    began = (case.begun_at >= asked.since, case.begun_at < asked.before)
    return (viewer.sees(), case.procedure == asked.procedure, *began, *wanted)


def _inflated(facts: bytes) -> list[str]:
    return zlib.decompress(facts).decode().split("\n")
