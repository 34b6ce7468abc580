"""What the administration reads: people, grants, organisations, duty, settings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from engine.model import OpenTask
from storage import tables as tb

from .viewer import barred

Rows = list[sa.Row[Any]]


def people_rows(db: sa.Connection, now: datetime, words: str = "", limit: int = 500) -> Rows:
    """(id, login, name, active, must_change, roles): ``roles`` counts the grants valid now."""
    person, grant = tb.people.c, tb.grants.c
    held = sa.select(sa.func.count()).where(grant.person == person.id, _valid(now))
    query = sa.select(
        *(person.id, person.login, person.name, person.active),
        sa.func.coalesce(tb.credentials.c.must_change, False).label("must_change"),
        held.scalar_subquery().label("roles"),
    ).outerjoin(tb.credentials, tb.credentials.c.person == person.id)
    if words:
        named = person.name.contains(words, autoescape=True)
        query = query.where(named | person.login.contains(words, autoescape=True))
    return list(db.execute(query.order_by(person.active.desc(), person.login).limit(limit)))


def holders(db: sa.Connection, roles: Collection[str], now: datetime) -> Rows:
    """(id, name) of the active people who hold one of these roles now, by name."""
    person, grant = tb.people.c, tb.grants.c
    held = sa.exists().where(grant.person == person.id, grant.role.in_(roles), _valid(now))
    query = sa.select(person.id, person.name).where(person.active, held)
    return list(db.execute(query.order_by(person.name, person.id)))


def person_row(db: sa.Connection, person_id: str) -> Any:
    """(id, login, name, lang, active, must_change, failures, locked_until, changed_at)."""
    person, credential = tb.people.c, tb.credentials.c
    query = sa.select(
        *(person.id, person.login, person.name, person.lang, person.active),
        *(credential.must_change, credential.failures, credential.locked_until),
        credential.changed_at,
    ).outerjoin(tb.credentials, credential.person == person.id)
    return db.execute(query.where(person.id == person_id)).first()


def grant_rows(db: sa.Connection, person_id: str) -> Rows:
    """(id, role, org, org_name, post, post_name, valid_from, valid_until), newest first; those that
    were ended before they began are not among them."""
    grant, org, post = tb.grants.c, tb.organisations.c, tb.duty_posts.c
    query = (
        sa.select(
            *(grant.id, grant.role, grant.org, org.name.label("org_name"), grant.post),
            sa.func.coalesce(post.name, "").label("post_name"),
            *(grant.valid_from, grant.valid_until),
        )
        .join(tb.organisations, org.id == grant.org)
        .outerjoin(tb.duty_posts, post.id == grant.post)
        .where(grant.person == person_id)
        .where(grant.valid_until.is_(None) | (grant.valid_until > grant.valid_from))
    )
    return list(db.execute(query.order_by(grant.valid_from.desc(), grant.id)))


def colleagues(db: sa.Connection, task: OpenTask, now: datetime, but: str) -> Rows:
    """(id, name) of the others who may do a task now, by role and organisation."""
    asked = {"task": task.id, "role": task.role, "now": now, "but": but}
    offered = {name: told for name in ("org", "person") if (told := getattr(task, name))}
    return list(db.execute(_colleagues(*sorted(offered)), asked | offered))


@cache
def _colleagues(*offered: str) -> sa.Select[Any]:
    """``offered``: by what besides its role a task is given, ``org`` and ``person``."""
    person, grant = tb.people.c, tb.grants.c
    now = sa.bindparam("now", type_=grant.valid_from.type)
    query = (
        sa.select(person.id, person.name)
        .distinct()
        .join(tb.grants, grant.person == person.id)
        .where(grant.role == sa.bindparam("role"), _valid(now))
        .where(person.active, person.id != sa.bindparam("but"))
    )
    if "org" in offered:
        query = query.where(grant.org == sa.bindparam("org"))
    if "person" in offered:
        named = sa.bindparam("person", type_=person.id.type)
        query = query.where((person.id == named) | (grant.post == named))
    kept = sa.exists().where(tb.tasks.c.id == sa.bindparam("task"), barred(person.id))
    query = query.where(~kept.correlate(tb.people))
    return query.order_by(person.name).limit(sa.literal_column("200"))


def organisation_rows(db: sa.Connection, active_only: bool = False) -> Rows:
    """(id, name, kind, parent, parent_name, area, active), by area and name."""
    org, above = tb.organisations.c, tb.organisations.alias("above").c
    query = sa.select(
        *(org.id, org.name, org.kind, org.parent),
        sa.func.coalesce(above.name, "").label("parent_name"),
        *(org.area, org.active),
    ).outerjoin(above.id.table, above.id == org.parent)
    if active_only:
        query = query.where(org.active)
    return list(db.execute(query.order_by(org.active.desc(), org.area, org.name)))


def duty(db: sa.Connection, since: datetime) -> tuple[Rows, Rows]:
    """Duty posts (id, org, org_name, name, active, roles) and shifts ending after ``since``.

    Shifts: (id, post, person, person_name, starts_at, ends_at, handover).
    """
    post, shift = tb.duty_posts.c, tb.shifts.c
    org, person = tb.organisations.c, tb.people.c
    posts = (
        sa.select(post.id, post.org, org.name.label("org_name"), post.name, post.active, post.roles)
        .join(tb.organisations, org.id == post.org)
        .order_by(org.name, post.name)
    )
    roster = (
        sa.select(
            *(shift.id, shift.post, shift.person, person.name.label("person_name")),
            *(shift.starts_at, shift.ends_at, shift.handover),
        )
        .join(tb.people, person.id == shift.person)
        .where(shift.ends_at > since)
        .order_by(shift.starts_at, shift.id)
        .limit(500)
    )
    return list(db.execute(posts)), list(db.execute(roster))


def setting_rows(db: sa.Connection) -> Rows:
    """Every value ever set: (id, setting, layer, value, valid_from, valid_until, made_by,
    made_at, reason), the latest of each setting first."""
    setting, person = tb.settings.c, tb.people.c
    query = sa.select(
        *(setting.id, setting.setting, setting.layer, setting.value, setting.valid_from),
        setting.valid_until,
        sa.func.coalesce(person.name, setting.made_by).label("made_by"),
        *(setting.made_at, setting.reason),
    ).outerjoin(tb.people, person.id == setting.made_by)
    return list(db.execute(query.order_by(setting.setting, setting.valid_from.desc())))


def calendar_rows(db: sa.Connection, calendar: str = "CN") -> Rows:
    """Days changed by hand: (day, kind, name, made_by, made_at), latest day first."""
    day, person = tb.calendar_days.c, tb.people.c
    query = sa.select(
        *(day.day, day.kind, day.name),
        sa.func.coalesce(person.name, day.made_by).label("made_by"),
        day.made_at,
    ).outerjoin(tb.people, person.id == day.made_by)
    query = query.where(day.calendar == calendar).order_by(day.day.desc(), day.made_at.desc())
    return list(db.execute(query.limit(500)))


def _valid(now: datetime | sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    grant = tb.grants.c
    return (grant.valid_from <= now) & sa.or_(grant.valid_until.is_(None), grant.valid_until > now)
