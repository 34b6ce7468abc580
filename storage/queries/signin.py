"""Who is signed in, with the grants valid at this moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import DUTY, ON_DUTY, PERSONAL
from engine.model import Actor, Grant
from storage import tables as tb

from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A living session: whose, its anti-forgery token, and what the person may do now."""

    id_hash: str
    person: str
    login: str
    name: str
    lang: str
    csrf: str
    must_change: bool
    seen_at: datetime
    ends_at: datetime
    viewer: Viewer
    org_names: tuple[tuple[str, str], ...] = ()  # (organisation, name)

    @property
    def actor(self) -> Actor:
        return self.viewer.actor


def nobody_yet(db: sa.Connection) -> bool:
    """Whether this installation has no person at all: then the first administrator is made."""
    return db.execute(sa.select(tb.people.c.id).limit(1)).first() is None


def _session() -> sa.Select[Any]:
    """Of the cookie ``id_hash``, unless it has ended, idled out, or its person is not active."""
    session, person, credential = tb.sessions.c, tb.people.c, tb.credentials.c
    now = sa.bindparam("now", type_=session.ends_at.type)
    return (
        sa.select(
            *(session.id_hash, session.person, session.csrf, session.seen_at, session.ends_at),
            *(person.login, person.name, person.lang, credential.must_change),
        )
        .join(tb.people, person.id == session.person)
        .join(tb.credentials, credential.person == session.person)
        .where(session.id_hash == sa.bindparam("id_hash"), person.active)
        .where(session.idle_until > now, session.ends_at > now)
    )


def _written(roles: Collection[str]) -> list[sa.ColumnElement[str]]:
    """Written out: a list that is bound is spelled anew at every request, and this one never changes."""
    return [sa.literal_column(f"'{role}'") for role in sorted(roles)]


def _grants(person: sa.ScalarSelect[str]) -> sa.CompoundSelect[Any]:
    """Of a person, valid ``now``; a shift adds its post, an absence the work of who is absent.

    What belongs to whoever is on duty is theirs; while nobody is, it is everybody's of that role.
    """
    grant, org, shift, post = tb.grants.c, tb.organisations.c, tb.shifts.c, tb.duty_posts.c
    absence = tb.substitutions.c
    now = sa.bindparam("now", type_=grant.valid_from.type)
    own_one = grant.person == person
    valid = (
        (grant.valid_from <= now)
        & sa.or_(grant.valid_until.is_(None), grant.valid_until > now)
        & org.active
    )
    own = (
        sa.select(
            *(grant.role, grant.org, grant.post, org.area, org.name.label("org_name")),
            tb.NOBODY.label("on_behalf"),
        )
        .join(tb.organisations, org.id == grant.org)
        .where(own_one, valid)
    )
    on_duty = (
        sa.select(grant.role, grant.org, post.id, org.area, org.name, tb.NOBODY)
        .join(tb.organisations, org.id == grant.org)
        .join(tb.duty_posts, (post.org == grant.org) & post.active)
        .join(tb.shifts, (shift.post == post.id) & (shift.person == person))
        .where(own_one, valid, grant.post == tb.NOBODY, shift.starts_at <= now, shift.ends_at > now)
    )
    serving = _serving(own_one & valid, now)
    standing_in = (
        sa.select(grant.role, grant.org, grant.post, org.area, org.name, grant.person)
        .join(tb.organisations, org.id == grant.org)
        .join(tb.substitutions, absence.person == grant.person)
        .where(valid, absence.substitute == person, grant.role.not_in(_written(PERSONAL)))
        .where(absence.starts_at <= now, absence.ends_at > now)
    )
    return sa.union(own, on_duty, serving, standing_in)


def _serving(held: sa.ColumnElement[bool], now: sa.BindParameter[Any]) -> sa.Select[Any]:
    """Grants on duty: of whoever is on shift for their role, of everybody of it while nobody is."""
    grant, org, shift = tb.grants.c, tb.organisations.c, tb.shifts.c
    kept = sa.exists().where(_kept_by(grant), shift.starts_at <= now, shift.ends_at > now)
    mine = kept.where(shift.person == grant.person)
    return (
        sa.select(grant.role, grant.org, sa.literal(DUTY), org.area, org.name, tb.NOBODY)
        .join(tb.organisations, org.id == grant.org)
        .where(held, grant.role.in_(_written(ON_DUTY)))
        .where(mine.correlate(tb.grants) | ~kept.correlate(tb.grants))
    )


def _kept_by(grant: Any) -> sa.ColumnElement[bool]:
    """A shift at an active post of the grant's organisation that keeps its role."""
    shift, post = tb.shifts.c, tb.duty_posts.c
    listed = (" " + post.roles + " ").like("% " + grant.role + " %")
    return sa.and_(shift.post == post.id, post.org == grant.org, post.active, listed)


def _signed_in() -> sa.Select[Any]:
    """The session, once for each grant of its person, their own first; once where there is none."""
    session = tb.sessions.c
    theirs = sa.select(session.person).where(session.id_hash == sa.bindparam("id_hash")).cte("who")
    held = _grants(sa.select(theirs.c.person).scalar_subquery()).subquery("held")
    query = _session().add_columns(held).outerjoin(held, sa.true())
    return query.order_by(held.c.on_behalf, held.c.role, held.c.org, held.c.post)


_SIGNED_IN = _signed_in()
_TOLD = tuple(_session().selected_columns.keys())


def signed_in(db: sa.Connection, id_hash: str, now: datetime, address: str) -> SignedIn | None:
    """The session of a cookie, unless it has ended, idled out, or its person is not active."""
    rows = list(db.execute(_SIGNED_IN, {"id_hash": id_hash, "now": now}))
    if not rows:
        return None
    held = [row for row in rows if row.role is not None]
    grants = tuple(Grant(row.role, row.org, row.post, row.on_behalf) for row in held)
    found = {name: getattr(rows[0], name) for name in _TOLD}
    actor = Actor(found["person"], found["name"], grants, address=address)
    areas = tuple(sorted({(row.org, row.area) for row in held}))
    names = tuple(sorted({(row.org, row.org_name) for row in held}))
    return SignedIn(**found, viewer=Viewer(actor, areas), org_names=names)
