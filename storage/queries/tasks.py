"""The inbox: what I hold, what I may take, what I wait for, what I did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import sqlalchemy as sa

from storage import tables as tb

from .viewer import KEPT, NONE, Viewer

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
    """One page of a tab and whether more follow: first its ids, each branch off its own index."""
    page = _page(viewer, wanted)
    if page is None:
        return [], False
    ids = list(db.execute(page).scalars())
    found = db.execute(_BY_IDS, {"ids": ids[: wanted.size]})
    rows = {row.id: TaskRow(**row._mapping) for row in found}
    return [rows[id] for id in ids if id in rows], len(ids) > wanted.size


@lru_cache(maxsize=KEPT)
def _page(viewer: Viewer, wanted: Filter) -> sa.Select[Any] | None:
    order = _order(wanted)
    last = wanted.page * wanted.size + 1
    branches = [
        _narrowed(branch, wanted)
        .add_columns(order.column.label("key"))
        .order_by(order.of(order.column), tb.tasks.c.id)
        .limit(last)
        .subquery()
        for branch in _branches(viewer, wanted.tab)
    ]
    if not branches:
        return None
    found = sa.union_all(*(sa.select(one.c.id, one.c.key) for one in branches)).subquery()
    page = sa.select(found.c.id).order_by(order.of(found.c.key), found.c.id)
    return page.limit(wanted.size + 1).offset(last - wanted.size - 1)


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
    parts = [branch.limit(MANY + 1).subquery() for branch in branches]
    ids = sa.union_all(*(sa.select(one.c.id) for one in parts)).limit(MANY + 1).subquery()
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


def _rows() -> sa.Select[Any]:
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
        .select_from(tb.tasks)
        .join(tb.dossiers, dossier.id == task.dossier)
        .join(tb.cases, tb.cases.c.id == task.case_id)
        .outerjoin(holder.id.table, holder.id == task.holder)
    )


_ROWS = _rows()
_BY_IDS = _ROWS.where(tb.tasks.c.id.in_(sa.bindparam("ids", expanding=True)))


def _branches(viewer: Viewer, tab: Tab) -> list[sa.Select[Any]]:
    """Disjoint parts of a tab, each served by one index."""
    task = tb.tasks.c
    if tab == "mine":
        held = sa.select(task.id).where(tb.HELD, task.holder.in_(viewer.holders))
        named = [_offer(viewer, *offer, named=True) for offer in viewer.offers()]
        return [held, *named]
    if tab == "available":
        return [_offer(viewer, *offer, named=False) for offer in viewer.offers()]
    if tab == "done":
        return [sa.select(task.id).where(task.done_by == viewer.person, task.done_at.is_not(None))]
    return [_waited_for(viewer)]


def _offer(viewer: Viewer, role: str, given: str, org: str, named: bool) -> sa.Select[Any]:
    task = tb.tasks.c
    to_me = task.person.in_(viewer.names(role, org))
    asked = sa.select(task.id).where(task.role == role, task.org == given)
    if named:
        return asked.where(viewer.may_take(role, org), to_me, tb.NAMED)
    return asked.where(viewer.may_take(role, org), ~to_me)


def _waited_for(viewer: Viewer) -> sa.Select[Any]:
    """Open tasks of others in the cases in which this person did something."""
    task, mine = tb.tasks.c, tb.tasks.alias("did")
    worked = sa.select(mine.c.case_id).where(
        mine.c.done_by == viewer.person, mine.c.done_at.is_not(None)
    )
    takeable = [
        (task.role == role) & (task.org == given) & viewer.may_take(role, org)
        for role, given, org in viewer.offers()
    ]
    return sa.select(task.id).where(
        task.case_id.in_(worked),
        tb.OPEN,
        task.holder.not_in(viewer.holders),
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
