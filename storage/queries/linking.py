"""Linked offices for the administration: state, last exchange, what waits and what failed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storage import tables as tb


def offices(db: sa.Connection) -> list[sa.Row[Any]]:
    """(code, name, home_name, address, valid_from, valid_until, sent_at, taken_at, waiting, failed)."""
    agency = tb.agencies.c
    query = sa.select(
        *(agency.code, agency.name),
        sa.func.coalesce(tb.organisations.c.name, "").label("home_name"),
        *(agency.address, agency.valid_from, agency.valid_until),
        _of(sa.func.max(tb.letters.c.settled_at), "sent").label("sent_at"),
        _of(sa.func.max(tb.letters.c.at), "taken").label("taken_at"),
        _of(sa.func.count(), "waiting").label("waiting"),
        _of(sa.func.count(), "failed").label("failed"),
    ).outerjoin(tb.organisations, tb.organisations.c.id == agency.home)
    return list(db.execute(query.order_by(agency.name, agency.code)))


def _of(what: sa.ColumnElement[Any], state: str) -> sa.ScalarSelect[Any]:
    letter = tb.letters.c
    query = sa.select(what).select_from(tb.letters)
    mine = query.where(letter.agency == tb.agencies.c.code, letter.state == state)
    return mine.correlate(tb.agencies).scalar_subquery()


def letters_of(db: sa.Connection, code: str, limit: int = 100) -> list[sa.Row[Any]]:
    """(id, direction, name, state, at, settled_at, due_at, attempts, failure, way, dossier, number,
    handed_at): the newest, what failed or waits first."""
    letter, message, dossier = tb.letters.c, tb.messages.c, tb.dossiers.c
    query = (
        sa.select(
            *(letter.id, letter.direction, letter.name, letter.state, letter.at),
            *(letter.settled_at, letter.due_at, letter.attempts, letter.failure, letter.way),
            sa.func.coalesce(message.dossier, "").label("dossier"),
            sa.func.coalesce(dossier.number, "").label("number"),
            sa.case((message.consumed_at.is_(None), message.handed_at)).label("handed_at"),
        )
        .outerjoin(tb.messages, message.id == letter.message)
        .outerjoin(tb.dossiers, dossier.id == message.dossier)
        .where(letter.agency == code)
    )
    first = sa.case((letter.state == "failed", 0), (letter.state == "waiting", 1), else_=2)
    return list(db.execute(query.order_by(first, letter.at.desc(), letter.id).limit(limit)))


def letters_about(db: sa.Connection, dossier: str) -> list[sa.Row[Any]]:
    """(id, name, office, state, at, settled_at, attempts, failure): what left about a dossier, the
    newest first."""
    letter, message, agency = tb.letters.c, tb.messages.c, tb.agencies.c
    query = (
        sa.select(
            *(letter.id, letter.name, agency.name.label("office"), letter.state, letter.at),
            *(letter.settled_at, letter.attempts, letter.failure),
        )
        .join(tb.messages, message.id == letter.message)
        .join(tb.agencies, agency.code == letter.agency)
        .where(message.dossier == dossier, letter.direction == "out")
    )
    return list(db.execute(query.order_by(letter.at.desc(), letter.id)))
