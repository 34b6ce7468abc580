"""Dossiers as lists and pages show them, with parties, documents and files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from engine.model import Data
from storage import tables as tb

from .viewer import KEPT, Viewer


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One dossier in a list: ``open_cases`` of it still run."""

    id: str
    number: str
    kind: str
    title: str
    parties: str
    org: str
    org_name: str
    opened_at: datetime
    linked: str
    open_cases: int
    next_due_at: datetime | None
    next_due_rule: str


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party of a dossier."""

    id: str
    side: str
    name: str
    detail: Data


def dossiers(
    db: sa.Connection, viewer: Viewer, words: str = "", page: int = 1, size: int = 50
) -> tuple[list[DossierRow], bool]:
    """One page of the dossiers a reader may see, newest first, and whether more follow."""
    query = _rows().where(viewer.sees())
    if words:
        query = query.where(_named(words))
    # Ids are time-ordered (UUIDv7), so the newest come first off the primary key.
    query = query.order_by(tb.dossiers.c.id.desc()).limit(size + 1).offset((page - 1) * size)
    rows = [DossierRow(**row._mapping) for row in db.execute(query)]
    return rows[:size], len(rows) > size


def dossier_rows(db: sa.Connection, viewer: Viewer, ids: Sequence[str]) -> list[DossierRow]:
    """Those of some dossiers that this reader may see, newest first."""
    query = _rows().where(tb.dossiers.c.id.in_(ids), viewer.sees())
    found = db.execute(query.order_by(tb.dossiers.c.id.desc()))
    return [DossierRow(**row._mapping) for row in found]


def numbered_dossier(db: sa.Connection, viewer: Viewer, number: str) -> DossierRow | None:
    """The dossier of a number, if this reader may see it."""
    found = db.execute(_rows().where(tb.dossiers.c.number == number, viewer.sees())).first()
    return DossierRow(**found._mapping) if found else None


def dossier_row(db: sa.Connection, viewer: Viewer, dossier_id: str) -> DossierRow | None:
    """A dossier, if this reader may see it."""
    found = db.execute(_one_seen(viewer), {"dossier": dossier_id}).first()
    return DossierRow(**found._mapping) if found else None


def origin(db: sa.Connection, dossier_id: str) -> sa.Row[Any]:
    """(org_name, opened_at) of a dossier; the caller has checked that it may be seen."""
    return db.execute(_ORIGIN, {"dossier": dossier_id}).one()


def _origin() -> sa.Select[Any]:
    dossier, org = tb.dossiers.c, tb.organisations.c
    query = sa.select(sa.func.coalesce(org.name, "").label("org_name"), dossier.opened_at)
    joined = query.select_from(tb.dossiers).outerjoin(tb.organisations, org.id == dossier.org)
    return joined.where(dossier.id == sa.bindparam("dossier"))


_ORIGIN = _origin()


@lru_cache(maxsize=KEPT)
def _one_seen(viewer: Viewer) -> sa.Select[Any]:
    return _rows().where(tb.dossiers.c.id == sa.bindparam("dossier"), viewer.sees())


def _rows() -> sa.Select[Any]:
    dossier, case, task = tb.dossiers.c, tb.cases.c, tb.tasks.c
    running = sa.select(sa.func.count()).where(
        case.dossier == dossier.id, case.status.in_(("open", "held"))
    )
    due = sa.and_(task.dossier == dossier.id, tb.OPEN, task.due_at.is_not(None))
    next_due_at = sa.select(sa.func.min(task.due_at)).where(due)
    first = sa.select(task.due_rule).where(due).order_by(task.due_at).limit(1)
    return (
        sa.select(
            dossier.id,
            dossier.number,
            dossier.kind,
            dossier.title,
            dossier.party_names.label("parties"),
            dossier.org,
            sa.func.coalesce(tb.organisations.c.name, "").label("org_name"),
            dossier.opened_at,
            dossier.linked,
            running.scalar_subquery().label("open_cases"),
            next_due_at.scalar_subquery().label("next_due_at"),
            sa.func.coalesce(first.scalar_subquery(), "").label("next_due_rule"),
        )
        .select_from(tb.dossiers)
        .outerjoin(tb.organisations, tb.organisations.c.id == dossier.org)
    )


def _named(words: str) -> sa.ColumnElement[bool]:
    dossier, document = tb.dossiers.c, tb.documents.c
    numbered = dossier.id.in_(sa.select(document.dossier).where(document.number == words))
    return sa.or_(
        dossier.number.contains(words, autoescape=True),
        dossier.party_names.contains(words, autoescape=True),
        dossier.title.contains(words, autoescape=True),
        numbered,
    )


def party_rows(db: sa.Connection, dossier_id: str) -> list[PartyRow]:
    """The parties of a dossier in order of entry; the caller has checked that it may be seen."""
    party = tb.parties.c
    query = sa.select(party.id, party.side, party.name, party.detail)
    found = db.execute(query.where(party.dossier == dossier_id).order_by(party.position, party.id))
    return [PartyRow(**row._mapping) for row in found]


def documents(db: sa.Connection, dossier_id: str) -> list[sa.Row[Any]]:
    """(id, case_id, kind, number, digest, data, made_at) of a dossier's documents, oldest first."""
    return list(db.execute(_DOCUMENTS, {"dossier": dossier_id}))


_DOCUMENT = ("id", "case_id", "kind", "number", "digest", "data", "made_at")
_DOCUMENTS = (
    sa.select(*(tb.documents.c[name] for name in _DOCUMENT))
    .where(tb.documents.c.dossier == sa.bindparam("dossier"))
    .order_by(tb.documents.c.made_at, tb.documents.c.id)
)


def papers(db: sa.Connection, dossier_id: str) -> list[sa.Row[Any]]:
    """(document, version, letter, release, file) of all typeset versions, those of each in order."""
    paper, document = tb.papers.c, tb.documents.c
    query = sa.select(paper.document, paper.version, paper.letter, paper.release, paper.file)
    found = query.join(tb.documents, document.id == paper.document)
    return list(db.execute(found.where(document.dossier == dossier_id).order_by(paper.version)))


def attachments(db: sa.Connection, dossier_id: str) -> list[sa.Row[Any]]:
    """The files of a dossier, oldest first: digest, name, type, size, added_by with name, added_at,
    and what the scanner said (``verdict``: "" when it was never asked)."""
    file, scan, person, party = tb.attachments.c, tb.scans.c, tb.people.c, tb.parties.c
    query = (
        sa.select(
            *(file.digest, file.name, file.type, file.size, file.added_by, file.added_at),
            sa.func.coalesce(person.name, party.name, "").label("added_by_name"),
            sa.func.coalesce(scan.verdict, "").label("verdict"),
        )
        .outerjoin(tb.scans, scan.digest == file.digest)
        .outerjoin(tb.people, person.id == file.added_by)
        .outerjoin(tb.parties, party.id == file.added_by)
        .where(file.dossier == dossier_id)
    )
    return list(db.execute(query.order_by(file.added_at, file.digest)))


def attachment(db: sa.Connection, dossier_id: str, digest: str) -> Any:
    """(name, type) of a file of a dossier that the caller has checked may be seen."""
    file = tb.attachments.c
    query = sa.select(file.name, file.type)
    return db.execute(query.where(file.digest == digest, file.dossier == dossier_id)).first()
