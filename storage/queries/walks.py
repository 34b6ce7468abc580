"""How the cases went that a reader sees: chosen by procedure, release, office, type, mediator, days."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from engine.figures import Figures
from storage import tables as tb
from storage.columns import END_OF_TIME
from storage.sql.walks import unpacked
from storage.tables import walks, ways

from .viewer import ALL, Viewer

BEGIN_OF_TIME = datetime(1, 1, 1, tzinfo=UTC)
AT_A_TIME = 20_000
"""Cases in memory at once while figures are added up."""
FEW = 500
"""Ids in one question."""


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
    """How many cases of a choice are told, cannot be told; of its procedure, if any, wait to be told."""

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


def added_up(db: sa.Connection, viewer: Viewer, asked: WalksAsked) -> Figures:
    """The figures of a choice: what a way tells counts for all that went it, lengths are each case's."""
    found = Figures()
    query = sa.select(walks.c.way, walks.c.lengths).select_from(_seen(viewer))
    query = query.where(*_told(viewer, asked)).execution_options(yield_per=AT_A_TIME)
    for rows in db.execute(query).partitions():
        went: dict[str, list[bytes]] = {}
        for way, lengths in rows:
            went.setdefault(way, []).append(lengths)
        for way, facts, lasted in _ways(db, list(went)):
            found.add(facts, len(went[way]))
            seconds = unpacked(went[way])
            for place, told in enumerate(lasted):
                found.last(told, seconds[place :: len(lasted)])
    return found


def _ways(db: sa.Connection, ids: Sequence[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    """(id, facts, what lasted) of each."""
    for some in _parts(ids):
        query = sa.select(ways.c.id, ways.c.facts, ways.c.lasted).where(ways.c.id.in_(some))
        for way, facts, lasted in db.execute(query).all():
            yield way, _inflated(facts), _inflated(lasted)


def walked_cases(
    db: sa.Connection, viewer: Viewer, asked: WalksAsked, fact: str, limit: int
) -> list[WalkedCase]:
    """The first so many cases in which a fact came about, by id."""
    chosen = sa.select(walks.c.way).select_from(_SEEN).where(*_told(viewer, asked)).distinct()
    every = db.execute(chosen).scalars().all()
    fitting = [way for way, facts, _ in _ways(db, every) if fact in facts]
    case = walks.c
    about = (case.case_id, case.dossier, tb.dossiers.c.number, case.org, case.begun_at)
    query = sa.select(*about).select_from(_SEEN).where(*_told(viewer, asked))
    query = query.order_by(case.case_id).limit(limit)
    found = (db.execute(query.where(case.way.in_(some))) for some in _parts(fitting))
    first = sorted((WalkedCase(*row) for rows in found for row in rows), key=lambda one: one.id)
    return first[:limit]


def walk_state(db: sa.Connection, viewer: Viewer, asked: WalksAsked) -> WalkState:
    """How complete the figures of a choice are."""
    faulty = sa.func.coalesce(sa.func.sum(sa.case((walks.c.fault != "", 1), else_=0)), 0)
    chosen = sa.select(sa.func.count(), faulty).select_from(_seen(viewer))
    chosen = chosen.where(*_chosen(viewer, asked))
    every, wrong = db.execute(chosen).one()
    return WalkState(every - wrong, wrong, _waiting(db, viewer, asked.procedure))


def untold(db: sa.Connection, viewer: Viewer) -> tuple[int, int]:
    """Of the cases that this reader sees, how many wait to be told (again), and how many cannot be."""
    faulty = sa.select(sa.func.count()).select_from(_seen(viewer))
    faulty = faulty.where(walks.c.fault != "", _visible(viewer))
    return _waiting(db, viewer), db.execute(faulty).scalar_one()


def _waiting(db: sa.Connection, viewer: Viewer, procedure: str = "") -> int:
    seen = tb.cases.join(tb.dossiers, tb.dossiers.c.id == tb.cases.c.dossier)
    query = sa.select(sa.func.count()).select_from(tb.cases if viewer.watches_all else seen)
    query = query.where(tb.UNWALKED, _visible(viewer))
    if procedure:
        query = query.where(tb.cases.c.procedure == procedure)
    return int(db.execute(query).scalar_one())


def walk_choices(db: sa.Connection, viewer: Viewer, procedure: str) -> WalkChoices:
    """What the cases of a procedure that this reader sees differ by."""
    case = walks.c
    query = sa.select(case.release, case.org, case.type, case.mediators).distinct()
    mine = query.select_from(_seen(viewer)).where(_visible(viewer), case.procedure == procedure)
    rows = list(db.execute(mine))
    return WalkChoices(
        {row.release for row in rows} - {""},
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
    query = sa.select(ways.c.variant, ways.c.path).where(ways.c.variant.in_(variants))
    found = db.execute(query.distinct())
    return {variant: path.split("\n") if path else [] for variant, path in found}


_SEEN = walks.join(tb.dossiers, tb.dossiers.c.id == walks.c.dossier)


def _seen(viewer: Viewer) -> sa.FromClause:
    """Whoever watches everything needs no dossier to be looked at."""
    return walks if viewer.watches_all else _SEEN


def _visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    return ALL if viewer.watches_all else viewer.sees()


def _told(viewer: Viewer, asked: WalksAsked) -> tuple[sa.ColumnElement[bool], ...]:
    return (walks.c.fault == "", *_chosen(viewer, asked))


def _chosen(viewer: Viewer, asked: WalksAsked) -> tuple[sa.ColumnElement[bool], ...]:
    case = walks.c
    demands = (
        (asked.org, case.org == asked.org),
        (asked.type, case.type == asked.type),
        (asked.mediator, case.mediators.contains(f" {asked.mediator} ", autoescape=True)),
    )
    wanted = (demand for given, demand in demands if given)
    which = case.release == asked.release if asked.release else case.whole
    began = (case.begun_at >= asked.since, case.begun_at < asked.before)
    return (_visible(viewer), case.procedure == asked.procedure, which, *began, *wanted)


def _inflated(lines: bytes) -> list[str]:
    text = zlib.decompress(lines).decode()
    return text.split("\n") if text else []


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[at : at + FEW] for at in range(0, len(ids), FEW))
