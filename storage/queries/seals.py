"""The seal ledger and the register of seals, as far as a reader may see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.access import SEAL_ADMIN, sees_all
from storage.tables import organisations, people, seal_uses, seals

from .viewer import Viewer

USE_STATES = ("", "good", "refused", "recheck")
"""All; sealed; refused or failed; sealed documents to be looked at again."""


@dataclass(frozen=True, slots=True)
class SealsAsked:
    """Which lines of the ledger: of a state, of a seal ("" for all)."""

    state: str = ""
    seal: str = ""


def seal_rows(db: sa.Connection, viewer: Viewer) -> Sequence[sa.Row[Any]]:
    """Every seal this reader may see with ``owner_name``, by owner and age."""
    query = sa.select(seals, organisations.c.name.label("owner_name")).join(
        organisations, organisations.c.id == seals.c.owner
    )
    return list(db.execute(query.where(_mine(viewer)).order_by(seals.c.owner, seals.c.id)))


def use_rows(
    db: sa.Connection, viewer: Viewer, asked: SealsAsked, page: int = 1, size: int = 50
) -> tuple[Sequence[sa.Row[Any]], bool]:
    """One page of the ledger, the newest first, with ``seal_name`` and ``who``; whether more follow."""
    query = _uses(viewer, asked).limit(size + 1).offset((page - 1) * size)
    rows = list(db.execute(query))
    return rows[:size], len(rows) > size


def every_use(db: sa.Connection, viewer: Viewer, asked: SealsAsked) -> Iterator[sa.Row[Any]]:
    """The whole ledger as asked, for a file."""
    yield from db.execute(_uses(viewer, asked))


def signings(db: sa.Connection, file: str) -> list[sa.Row[Any]]:
    """What was signed and sealed on a typeset file, in order, with ``seal_name`` and ``who``."""
    found: list[sa.Row[Any]] = []
    while row := db.execute(
        _lines().where(seal_uses.c.holds == file, seal_uses.c.result == "OK")
    ).first():
        found.append(row)
        file = row.digest
    return found


def _lines() -> sa.Select[Any]:
    return (
        sa.select(seal_uses, seals.c.name.label("seal_name"), people.c.name.label("who"))
        .join(seals, seals.c.id == seal_uses.c.seal)
        .outerjoin(people, people.c.id == seal_uses.c.person)
    )


def _uses(viewer: Viewer, asked: SealsAsked) -> sa.Select[Any]:
    query = _lines().where(_mine(viewer))
    if asked.seal:
        query = query.where(seal_uses.c.seal == asked.seal)
    good = seal_uses.c.result == "OK"
    if asked.state:
        wanted = {
            "good": good,
            "refused": ~good,
            "recheck": good & seal_uses.c.recheck_at.is_not(None),
        }
        query = query.where(wanted[asked.state])
    return query.order_by(seal_uses.c.begun_at.desc(), seal_uses.c.id.desc())


def _mine(viewer: Viewer) -> sa.ColumnElement[bool]:
    if sees_all(viewer.actor):
        return sa.true()
    orgs = sorted({grant.org for grant in viewer.actor.grants if grant.role == SEAL_ADMIN})
    return seals.c.owner.in_(orgs)
