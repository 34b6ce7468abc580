"""Duty posts as those who work there see them: who is on duty, what is open, what was handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage import tables as tb

from .tasks import TaskRow, rows_of

Rows = list[sa.Row[Any]]
SEEN_BACK, SEEN_AHEAD = timedelta(days=1), timedelta(days=3)


def posts_at(db: sa.Connection, orgs: Sequence[str]) -> Rows:
    """Active duty posts (id, org, org_name, name, roles) of some organisations."""
    post, org = tb.duty_posts.c, tb.organisations.c
    query = (
        sa.select(post.id, post.org, org.name.label("org_name"), post.name, post.roles)
        .join(tb.organisations, org.id == post.org)
        .where(post.active, post.org.in_(list(orgs)))
    )
    return list(db.execute(query.order_by(org.name, post.name)))


def shifts_at(db: sa.Connection, posts: Sequence[str], now: datetime) -> Rows:
    """Shifts (id, post, person, person_name, starts_at, ends_at, handover) around now."""
    shift, person = tb.shifts.c, tb.people.c
    query = (
        sa.select(
            *(shift.id, shift.post, shift.person, person.name.label("person_name")),
            *(shift.starts_at, shift.ends_at, shift.handover),
        )
        .join(tb.people, person.id == shift.person)
        .where(shift.post.in_(list(posts)), shift.ends_at > now - SEEN_BACK)
        .where(shift.starts_at < now + SEEN_AHEAD)
    )
    return list(db.execute(query.order_by(shift.starts_at, shift.id)))


def open_at(db: sa.Connection, post: Any) -> list[TaskRow]:
    """The open tasks of a post, soonest first; the caller works at its organisation."""
    task = tb.tasks.c
    roles = task.role.in_(post.roles.split()) & (task.org == post.org)
    return rows_of(db, tb.OPEN & ((task.person == post.id) | roles))


def handovers_at(db: sa.Connection, posts: Sequence[str]) -> Rows:
    """The latest handovers (id, post, given_by, giver, given_at, note, count, taker, taken_at)."""
    given, giver, taker = tb.handovers.c, tb.people.alias("giver").c, tb.people.alias("taker").c
    query = (
        sa.select(
            tb.handovers,
            giver.name.label("giver"),
            sa.func.coalesce(taker.name, "").label("taker"),
        )
        .join(giver.id.table, giver.id == given.given_by)
        .outerjoin(taker.id.table, taker.id == given.taken_by)
        .where(given.post.in_(list(posts)))
    )
    return list(db.execute(query.order_by(given.given_at.desc(), given.id).limit(30)))
