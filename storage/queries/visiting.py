"""What the parties' page and its keepers read: mediators to choose from, invitations of a dossier."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import tables as tb


def mediators(db: sa.Connection, now: datetime) -> list[sa.Row[Any]]:
    """(person, name, org, org_name) of the active mediators, by organisation."""
    person, grant, org = tb.people.c, tb.grants.c, tb.organisations.c
    valid = (grant.valid_from <= now) & (grant.valid_until.is_(None) | (grant.valid_until > now))
    query = (
        sa.select(person.id.label("person"), person.name, grant.org, org.name.label("org_name"))
        .join(tb.grants, grant.person == person.id)
        .join(tb.organisations, org.id == grant.org)
        .where(grant.role == "MEDIATOR", valid, person.active)
    )
    return list(db.execute(query.order_by(org.name, person.name)))


def invitation_rows(db: sa.Connection, dossier: str) -> list[sa.Row[Any]]:
    """Who was asked in to a dossier that the caller has checked may be seen, the newest first."""
    asked, person = tb.invitations.c, tb.people.c
    query = (
        sa.select(
            *(asked.id, asked.party, asked.name, asked.role, asked.made_at, asked.expires_at),
            *(asked.revoked_at, asked.failures, asked.locked_until),
            sa.func.coalesce(person.name, asked.made_by).label("made_by"),
        )
        .outerjoin(tb.people, person.id == asked.made_by)
        .where(asked.dossier == dossier)
    )
    return list(db.execute(query.order_by(asked.id.desc())))


def waiting_at(db: sa.Connection, procedure: str, element: str, limit: int) -> list[str]:
    """The dossiers with an open task at an element of a procedure, the newest first."""
    task = tb.tasks.c
    here = (task.procedure == procedure) & (task.element == element)
    query = sa.select(task.dossier).where(here, tb.OPEN).distinct()
    return list(db.execute(query.order_by(task.dossier.desc()).limit(limit)).scalars())
