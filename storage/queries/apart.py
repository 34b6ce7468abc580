"""Who is kept from what in a dossier, and who stands in for whom, for readers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage import tables as tb


def bar_rows(db: sa.Connection, dossier_id: str) -> list[sa.Row[Any]]:
    """The bars of a dossier, with ``person_name`` and ``made_by_name``; the latest first.

    The caller has checked that the dossier may be seen.
    """
    bar, person, maker = tb.bars.c, tb.people.c, tb.people.alias("maker").c
    query = (
        sa.select(
            tb.bars,
            sa.func.coalesce(person.name, bar.person).label("person_name"),
            sa.func.coalesce(maker.name, bar.made_by).label("made_by_name"),
        )
        .outerjoin(tb.people, person.id == bar.person)
        .outerjoin(maker.id.table, maker.id == bar.made_by)
        .where(bar.dossier == dossier_id)
    )
    return list(db.execute(query.order_by(bar.made_at.desc(), bar.id)))


REMEMBERED = timedelta(days=90)
"""How long a substitution that is over stays on the list."""


def substitution_rows(db: sa.Connection, person: str, now: datetime) -> list[sa.Row[Any]]:
    """Those that run, will run or are lately over, with names; ``person``: of or by them, "" all."""
    row, absent = tb.substitutions.c, tb.people.alias("absent").c
    other, maker = tb.people.alias("other").c, tb.people.alias("maker").c
    query = (
        sa.select(
            tb.substitutions,
            absent.name.label("person_name"),
            other.name.label("substitute_name"),
            sa.func.coalesce(maker.name, row.made_by).label("made_by_name"),
        )
        .join(absent.id.table, absent.id == row.person)
        .join(other.id.table, other.id == row.substitute)
        .outerjoin(maker.id.table, maker.id == row.made_by)
        .where(row.ends_at > now - REMEMBERED)
    )
    if person:
        query = query.where((row.person == person) | (row.substitute == person))
    return list(db.execute(query.order_by(row.ends_at.desc(), row.id).limit(200)))
