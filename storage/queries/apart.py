"""Who is kept from what in a dossier, for readers."""

from __future__ import annotations

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
