"""The inbox: what I hold, what I may take, what I wait for, what I did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import sqlalchemy as sa

from storage import tables as tb

from .viewer import KEPT, NONE, Offer, Viewer, among

Tab = Literal["mine", "available", "waiting", "done"]
TABS: tuple[Tab, ...] = ("mine", "available", "waiting", "done")
MANY = 999
"""Counts stop here: beyond it the number says nothing to a reader and costs the database."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader narrowed the list to. ``due_before`` is an instant; ``sort``: due, new, old."""

    tab: Tab = "mine"
    procedure: str = ""
    due_before: datetime | None = None
    words: str = ""
    sort: str = "due"
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of the inbox."""

    id: str
    case_id: str
    dossier: str
    number: str
    parties: str
    procedure: str
    release: str
    element: str
    role: str
    org: str
    opened_at: datetime
    holder: str
    holder_name: str
    due_at: datetime | None
    due_rule: str
    done_at: datetime | None
    how: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are in each tab, at most MANY + 1 each."""

    mine: int
    available: int
    waiting: int
    done: int


def tasks(db: sa.Connection, viewer: Viewer, wanted: Filter) -> tuple[list[TaskRow], bool]:
    """One page of a tab and whether more follow."""
    page = _page(viewer, wanted)
    if page is None:
        return [], False
    rows = [TaskRow(*row) for row in db.execute(page)]
    return rows[: wanted.size], len(rows) > wanted.size


@lru_cache(maxsize=KEPT)
def _page(viewer: Viewer, wanted: Filter) -> sa.Select[Any] | None:
    """First its ids, each branch off its own index; then what a row shows of each."""
    order = _order(wanted)
    last = wanted.page * wanted.size + 1
    branches = [
        _narrowed(branch, wanted)
        .add_columns(order.column.label("key"))
        .order_by(order.of(order.column), tb.tasks.c.id)
        .limit(_number(last))
        .subquery()
        for branch in _branches(viewer, wanted.tab, in_order=True)
    ]
    if not branches:
        return None
    found = sa.union_all(*(sa.select(one.c.id, one.c.key) for one in branches)).subquery()
    page = sa.select(found).order_by(order.of(found.c.key), found.c.id)
    page = page.limit(_number(wanted.size + 1)).offset(_number(last - wanted.size - 1))
    ids = page.subquery()
    rows = _rows(ids.join(tb.tasks, tb.tasks.c.id == ids.c.id))
    return rows.order_by(order.of(ids.c.key), ids.c.id)


def _number(number: int) -> sa.ColumnElement[int]:
    """Written out: PostgreSQL keeps no plan for a limit that it does not know."""
    return sa.literal_column(str(number), sa.Integer)


def counts(db: sa.Connection, viewer: Viewer) -> Counts:
    """The numbers on the tabs in one statement."""
    return Counts(**db.execute(_counting(viewer)).one()._mapping)


@lru_cache(maxsize=KEPT)
def _counting(viewer: Viewer) -> sa.Select[Any]:
    totals: list[Any] = [_total(_branches(viewer, tab)).label(tab) for tab in TABS]
    return sa.select(*totals)


def counts_of(db: sa.Connection, viewer: Viewer, several: Sequence[Filter]) -> list[int]:
    """How many tasks each of some lists holds, at most MANY + 1 each, in one statement."""
    if not several:
        return []
    totals = [
        _total([_narrowed(branch, wanted) for branch in _branches(viewer, wanted.tab)])
        for wanted in several
    ]
    labelled = (total.label(f"n{number}") for number, total in enumerate(totals))
    return list(db.execute(sa.select(*labelled)).one())


def _total(branches: Sequence[sa.Select[Any]]) -> sa.ColumnElement[int]:
    if not branches:
        return sa.literal(0)
    many = _number(MANY + 1)
    parts = [branch.limit(many).subquery() for branch in branches]
    ids = sa.union_all(*(sa.select(one.c.id) for one in parts)).limit(many).subquery()
    return sa.select(sa.func.count()).select_from(ids).scalar_subquery()


def task_row(db: sa.Connection, viewer: Viewer, task_id: str) -> TaskRow | None:
    """One task, open or done, if its dossier may be seen."""
    found = db.execute(_one_seen(viewer), {"task": task_id}).first()
    return TaskRow(**found._mapping) if found else None


@lru_cache(maxsize=KEPT)
def _one_seen(viewer: Viewer) -> sa.Select[Any]:
    return _ROWS.where(tb.tasks.c.id == sa.bindparam("task"), viewer.sees())


def case_tasks(db: sa.Connection, viewer: Viewer, case_id: str) -> list[TaskRow]:
    """The open tasks of a case, if its dossier may be seen, oldest first."""
    query = _ROWS.where(tb.tasks.c.case_id == case_id, tb.OPEN, viewer.sees())
    order = (tb.tasks.c.opened_at, tb.tasks.c.id)
    return [TaskRow(**row._mapping) for row in db.execute(query.order_by(*order))]


def dossier_tasks(db: sa.Connection, dossier_id: str) -> list[TaskRow]:
    """The open tasks of a dossier, soonest first; the caller has checked that it may be seen."""
    return rows_of(db, (tb.tasks.c.dossier == dossier_id) & tb.OPEN)


def rows_of(db: sa.Connection, where: sa.ColumnElement[bool]) -> list[TaskRow]:
    """Tasks, soonest first; the caller has checked that they may be seen."""
    query = _ROWS.where(where).order_by(tb.tasks.c.sort_at, tb.tasks.c.id)
    return [TaskRow(**row._mapping) for row in db.execute(query)]


def _rows(source: sa.FromClause) -> sa.Select[Any]:
    """What a row shows, in the order of TaskRow, of each task in ``source``."""
    task, dossier, holder = tb.tasks.c, tb.dossiers.c, tb.people.alias("holding").c
    return (
        sa.select(
            task.id,
            task.case_id,
            task.dossier,
            dossier.number,
            dossier.party_names.label("parties"),
            task.procedure,
            tb.cases.c.release,
            task.element,
            task.role,
            task.org,
            task.opened_at,
            task.holder,
            sa.func.coalesce(holder.name, "").label("holder_name"),
            task.due_at,
            task.due_rule,
            task.done_at,
            task.how,
        )
        .select_from(source)
        .join(tb.dossiers, dossier.id == task.dossier)
        .join(tb.cases, tb.cases.c.id == task.case_id)
        .outerjoin(holder.id.table, holder.id == task.holder)
    )


_ROWS = _rows(tb.tasks)


def _branches(viewer: Viewer, tab: Tab, in_order: bool = False) -> list[sa.Select[Any]]:
    """Disjoint parts of a tab, each served by one index, and in its order if asked."""
    task, offers = tb.tasks.c, viewer.offers()
    if in_order:
        offers = [one for offer in offers for one in offer.each()]
    if tab == "mine":
        held = sa.select(task.id).where(tb.HELD, among(task.holder, viewer.holders))
        return [held, *(_offered(viewer, one, named=True) for one in offers)]
    if tab == "available":
        return [_offered(viewer, one, named=False) for one in offers]
    if tab == "done":
        return [sa.select(task.id).where(task.done_by == viewer.person, task.done_at.is_not(None))]
    return [_waited_for(viewer)]


def _offered(viewer: Viewer, offer: Offer, named: bool) -> sa.Select[Any]:
    """Those for the reader by name, or all others that they may take."""
    task = tb.tasks.c
    for_whom = viewer.names(offer.grants) if named else offer.posts
    return sa.select(task.id).where(
        tb.NAMED if named else tb.FREE,
        task.role == offer.role,
        among(task.org, offer.orgs),
        among(task.person, for_whom),
        viewer.unbarred(offer),
    )


def _waited_for(viewer: Viewer) -> sa.Select[Any]:
    """Open tasks of others in the cases in which this person did something."""
    task, mine = tb.tasks.c, tb.tasks.alias("did")
    worked = sa.select(mine.c.case_id).where(
        mine.c.done_by == viewer.person, mine.c.done_at.is_not(None)
    )
    takeable = [viewer.may_take(offer) for offer in viewer.offers()]
    return sa.select(task.id).where(
        task.case_id.in_(worked),
        tb.OPEN,
        ~among(task.holder, viewer.holders),
        ~sa.or_(NONE, *takeable),
    )


@dataclass(frozen=True, slots=True)
class _Order:
    """By which column a tab is sorted, and which way."""

    column: sa.ColumnElement[Any]
    falling: bool = False

    def of(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        return column.desc() if self.falling else column.asc()


def _order(wanted: Filter) -> _Order:
    task = tb.tasks.c
    if wanted.tab == "done":
        return _Order(task.done_at, falling=True)
    orders = {"new": _Order(task.opened_at, falling=True), "old": _Order(task.opened_at)}
    return orders.get(wanted.sort, _Order(task.sort_at))


def _narrowed(query: sa.Select[Any], wanted: Filter) -> sa.Select[Any]:
    task = tb.tasks.c
    if wanted.procedure:
        query = query.where(task.procedure == wanted.procedure)
    if wanted.due_before is not None:
        query = query.where(task.sort_at <= wanted.due_before)
    if wanted.words:
        query = query.where(_holds(wanted.words))
    return query


def _holds(words: str) -> sa.ColumnElement[bool]:
    """The dossier's number begins with the words, or a party's name holds them."""
    dossier = tb.dossiers.alias("searched").c
    begins = dossier.number.startswith(words, autoescape=True)
    named = dossier.party_names.contains(words, autoescape=True)
    return sa.exists().where(dossier.id == tb.tasks.c.dossier, begins | named)
