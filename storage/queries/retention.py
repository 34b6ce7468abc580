"""Holds, lists to destroy, certificates and what is ripe, for those who may see the dossiers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import tables as tb

from .viewer import Viewer

Rows = list[sa.Row[Any]]
SIZE = 25


def ripe_dossiers(
    db: sa.Connection, viewer: Viewer, opened_before: datetime, page: int = 1
) -> tuple[Rows, bool]:
    """Dossiers opened before then and not destroyed, the oldest first; whether more follow."""
    dossier = tb.dossiers.c
    gone = sa.exists().where(tb.certificates.c.dossier == dossier.id)
    query = (
        sa.select(dossier.id, dossier.number, dossier.title, dossier.org)
        .where(dossier.opened_at < opened_before, ~gone, viewer.sees())
        .order_by(dossier.opened_at, dossier.id)
    )
    return _page(db, query, page)


def marks_of(db: sa.Connection, dossier_id: str) -> tuple[str, bool]:
    """The certificate under which a dossier was destroyed (""), and whether a hold placed in it holds.

    The caller has checked that the dossier may be seen.
    """
    issued = sa.select(tb.certificates.c.number).where(tb.certificates.c.dossier == dossier_id)
    holds = (tb.holds.c.dossier == dossier_id) & tb.holds.c.ended_at.is_(None)
    asked = sa.select(issued.scalar_subquery(), sa.exists().where(holds))
    number, is_held = db.execute(asked).one()
    return number or "", bool(is_held)


def hold_rows(
    db: sa.Connection, viewer: Viewer, dossier_id: str = "", page: int = 1
) -> tuple[Rows, bool]:
    """Holds with the number of the dossier they were placed in: those that hold first."""
    hold, dossier = tb.holds.c, tb.dossiers.c
    query = (
        sa.select(tb.holds, dossier.number)
        .join(tb.dossiers, dossier.id == hold.dossier)
        .where(viewer.sees())
        .order_by(hold.ended_at.is_not(None), hold.made_at.desc(), hold.id)
    )
    return _page(db, query.where(hold.dossier == dossier_id) if dossier_id else query, page)


def destruction_rows(db: sa.Connection, viewer: Viewer, page: int = 1) -> tuple[Rows, bool]:
    """Lists that name a dossier the reader sees, the newest first, with how many and how many are gone."""
    listed, one, issued = tb.destructions.c, tb.doomed.c, tb.certificates.c
    of = one.destruction == listed.id
    seen = sa.exists().where(of, tb.dossiers.c.id == one.dossier, viewer.sees())
    query = sa.select(
        tb.destructions,
        _number_of(sa.select(sa.func.count()).select_from(tb.doomed).where(of), "dossiers"),
        _number_of(
            sa.select(sa.func.count())
            .select_from(tb.certificates)
            .where(issued.destruction == listed.id),
            "destroyed",
        ),
    ).where(seen)
    return _page(db, query.order_by(listed.proposed_at.desc(), listed.id), page)


def doomed_rows(db: sa.Connection, viewer: Viewer, destruction_id: str) -> Rows:
    """The dossiers of a list that the reader sees, each with its certificate ("" until then)."""
    one, dossier, issued = tb.doomed.c, tb.dossiers.c, tb.certificates.c
    query = (
        sa.select(
            *(one.dossier, one.rule, one.due_at, dossier.number, dossier.title),
            sa.func.coalesce(issued.number, "").label("certificate"),
        )
        .join(tb.dossiers, dossier.id == one.dossier)
        .outerjoin(tb.certificates, issued.dossier == one.dossier)
        .where(one.destruction == destruction_id, viewer.sees())
    )
    return list(db.execute(query.order_by(dossier.number)))


def certificate_rows(
    db: sa.Connection, viewer: Viewer, number: str = "", page: int = 1
) -> tuple[Rows, bool]:
    """Certificates of dossiers the reader sees, the newest first, with dossier and list."""
    issued, dossier, listed = tb.certificates.c, tb.dossiers.c, tb.destructions
    query = (
        sa.select(
            tb.certificates,
            dossier.number.label("dossier_number"),
            listed.c.number.label("list_number"),
        )
        .join(tb.dossiers, dossier.id == issued.dossier)
        .join(listed, listed.c.id == issued.destruction)
        .where(viewer.sees())
        .order_by(issued.made_at.desc(), issued.number)
    )
    return _page(db, query.where(issued.number == number) if number else query, page)


def _number_of(query: sa.Select[Any], name: str) -> sa.Label[Any]:
    return query.scalar_subquery().label(name)


def _page(db: sa.Connection, query: sa.Select[Any], page: int) -> tuple[Rows, bool]:
    rows = list(db.execute(query.limit(SIZE + 1).offset((page - 1) * SIZE)))
    return rows[:SIZE], len(rows) > SIZE
