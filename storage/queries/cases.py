"""Cases, their journal as a time line, what stands still and what nobody could receive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from engine.model import Data
from engine.model.linked import OFFICE
from storage import tables as tb

from .viewer import KEPT, Viewer


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case without its state. ``clocks``: plain JSON of the running clocks."""

    id: str
    dossier: str
    procedure: str
    release: str
    org: str
    org_name: str
    started_at: datetime
    at: datetime
    seq: int
    status: str
    clocks: Any


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line of a time line: who did what where."""

    stream: str
    seq: int
    kind: str
    verb: str
    actor: str
    actor_name: str
    behalf_name: str
    absent_name: str  # of whom the actor stood in for
    role: str
    received_at: datetime
    at: datetime
    element: str
    release: str
    reason: str
    data: Data | None
    certificate: str


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """Why a case stands still, with where and since when."""

    id: str
    case_id: str
    dossier: str
    number: str
    parties: str
    procedure: str
    release: str
    code: str
    params: Data
    place: Data | None
    opened_at: datetime
    held: Data | None
    actor_name: str
    attempts: int


@dataclass(frozen=True, slots=True)
class HandOverRow:
    """A message that no procedure here can receive; a clerk deals with it and says how."""

    id: str
    name: str
    key: str
    payload: Data
    dossier: str
    number: str
    parties: str
    sent_at: datetime
    handed_at: datetime
    closed_at: datetime | None
    closed_by: str
    close_reason: str
    office: str  # the linked office it came from, "" none
    why: Data  # {"code", ...}: why it reached no case; {} unknown


def case_row(db: sa.Connection, viewer: Viewer, case_id: str) -> CaseRow | None:
    """A case, if its dossier may be seen."""
    query = _cases().join(tb.dossiers, tb.dossiers.c.id == tb.cases.c.dossier)
    found = db.execute(query.where(tb.cases.c.id == case_id, viewer.sees())).first()
    return CaseRow(**found._mapping) if found else None


def dossier_cases(db: sa.Connection, dossier_id: str) -> list[CaseRow]:
    """The cases of a dossier, oldest first; the caller has checked that it may be seen."""
    query = _cases().where(tb.cases.c.dossier == dossier_id).order_by(tb.cases.c.id)
    return [CaseRow(**row._mapping) for row in db.execute(query)]


def _cases() -> sa.Select[Any]:
    case = tb.cases.c
    return (
        sa.select(
            *(case.id, case.dossier, case.procedure, case.release, case.org),
            sa.func.coalesce(tb.organisations.c.name, "").label("org_name"),
            *(case.started_at, case.at, case.seq, case.status, case.clocks),
        )
        .select_from(tb.cases)
        .outerjoin(tb.organisations, tb.organisations.c.id == case.org)
    )


def recent_entries(
    db: sa.Connection, streams: Sequence[str], limit: int, verbs: Sequence[str] = ()
) -> list[EntryRow]:
    """The newest journal entries of some streams, with their payload unless it was erased."""
    query = _RECENT.where(tb.journal.c.verb.in_(verbs)) if verbs else _RECENT
    found = db.execute(query, {"streams": list(streams), "limit": limit})
    return [EntryRow(**row._mapping) for row in found]


def _recent() -> sa.Select[Any]:
    entry, content, person = tb.journal.c, tb.payload.c, tb.people.c
    absent, outside = tb.people.alias("absent").c, tb.parties.alias("outside").c
    agent, office = tb.invitations.c, tb.agencies.c
    is_office = entry.actor == sa.literal(OFFICE).concat(office.code)
    return (
        sa.select(
            *(entry.stream, entry.seq, entry.kind, entry.verb, entry.actor),
            sa.func.coalesce(person.name, outside.name, agent.name, office.name, "").label(
                "actor_name"
            ),
            sa.func.coalesce(tb.parties.c.name, "").label("behalf_name"),
            sa.func.coalesce(absent.name, "").label("absent_name"),
            *(entry.role, entry.received_at, entry.at, entry.element),
            entry.release,
            sa.func.coalesce(content.reason, "").label("reason"),
            content.data,
            sa.func.coalesce(content.certificate, "").label("certificate"),
        )
        .outerjoin(tb.payload, (content.stream == entry.stream) & (content.seq == entry.seq))
        .outerjoin(tb.people, person.id == entry.actor)
        .outerjoin(outside.id.table, outside.id == entry.actor)
        .outerjoin(tb.invitations, agent.id == entry.actor)
        .outerjoin(tb.agencies, is_office)
        .outerjoin(tb.parties, tb.parties.c.id == entry.on_behalf)
        .outerjoin(absent.id.table, absent.id == entry.on_behalf)
        .where(entry.stream.in_(sa.bindparam("streams", expanding=True)))
        .order_by(_when(entry).desc(), entry.stream, entry.seq.desc())
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


def _when(entry: Any) -> sa.ColumnElement[Any]:
    """The time of an entry in a few streams: an expression, lest the index of all times be walked."""
    return sa.func.coalesce(entry.at, entry.received_at)


_RECENT = _recent()


def open_incident_count(db: sa.Connection, viewer: Viewer) -> int:
    """How many incidents are open in the dossiers this reader may see, at most 100."""
    some = _visible_incidents(viewer).with_only_columns(tb.incidents.c.id).limit(100).subquery()
    return db.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()


def incidents(
    db: sa.Connection, viewer: Viewer, case_id: str = "", limit: int = 200
) -> list[IncidentRow]:
    """Open incidents in the dossiers this reader may see, oldest first; ``case_id``: of that case."""
    incident, dossier, person = tb.incidents.c, tb.dossiers.c, tb.people.c
    query = _visible_incidents(viewer).with_only_columns(
        *(incident.id, incident.case_id, tb.cases.c.dossier, dossier.number),
        dossier.party_names.label("parties"),
        *(tb.cases.c.procedure, tb.cases.c.release, incident.code, incident.params),
        *(incident.place, incident.opened_at, incident.input.label("held")),
        sa.func.coalesce(person.name, incident.actor).label("actor_name"),
        incident.attempts,
    )
    query = query.outerjoin(tb.people, person.id == incident.actor)
    if case_id:
        query = query.where(incident.case_id == case_id)
    found = db.execute(query.order_by(incident.opened_at, incident.id).limit(limit))
    return [IncidentRow(**row._mapping) for row in found]


def _visible_incidents(viewer: Viewer) -> sa.Select[Any]:
    incident = tb.incidents.c
    return (
        sa.select(incident.id)
        .select_from(tb.incidents)
        .outerjoin(tb.cases, tb.cases.c.id == incident.case_id)  # outer: incidents come first
        .outerjoin(tb.dossiers, tb.dossiers.c.id == tb.cases.c.dossier)
        .where(incident.closed_at.is_(None), viewer.sees())
    )


def hand_overs(
    db: sa.Connection, viewer: Viewer, closed: bool = False, limit: int = 200
) -> list[HandOverRow]:
    """Hand-over items of the dossiers this reader may see; open ones oldest first.

    What a linked office sent for no known dossier is seen by the organisation that works on it.
    """
    message, dossier = tb.messages.c, tb.dossiers.c
    letter, agency = tb.letters.alias("letter"), tb.agencies.alias("agency")
    strange = (message.dossier == "") & agency.c.home.in_(viewer.orgs)
    query = (
        sa.select(
            *(message.id, message.name, message.key, message.payload, message.dossier),
            sa.func.coalesce(dossier.number, "").label("number"),
            sa.func.coalesce(dossier.party_names, "").label("parties"),
            *(message.sent_at, message.handed_at),
            *(message.closed_at, message.closed_by, message.close_reason),
            sa.func.coalesce(agency.c.name, "").label("office"),
            letter.c.failure.label("why"),
        )
        .outerjoin(tb.dossiers, dossier.id == message.dossier)
        .outerjoin(letter, (letter.c.id == message.id) & (letter.c.direction == "in"))
        .outerjoin(agency, agency.c.code == letter.c.agency)
        .where(message.handed_at.is_not(None), viewer.sees() | strange)
    )
    done = message.closed_at.is_not(None)
    query = query.where(done if closed else ~done & message.consumed_at.is_(None))
    order = message.closed_at.desc() if closed else message.handed_at
    found = db.execute(query.order_by(order).limit(limit))
    return [HandOverRow(**{**row._mapping, "why": row.why or {}}) for row in found]


@dataclass(frozen=True, slots=True)
class Behind:
    """Running cases whose facts are not the present ones: how many, and the first of them."""

    total: int
    some: tuple[str, ...]


def cases_behind(db: sa.Connection, facts: str, limit: int = 1) -> Behind:
    """Running cases that still count by an earlier calendar or earlier settings."""
    case = tb.cases.c
    behind = (case.facts != facts) & case.status.in_(("open", "held"))
    total = db.execute(sa.select(sa.func.count()).select_from(tb.cases).where(behind)).scalar_one()
    some = db.execute(sa.select(case.id).where(behind).order_by(case.id).limit(limit)).scalars()
    return Behind(total, tuple(some))


def _latest() -> sa.Select[Any]:
    made, later = tb.publications.c, tb.publications.alias("later").c
    newer = sa.exists().where(later.procedure == made.procedure, later.version > made.version)
    query = sa.select(made.procedure, made.release.label("digest"), made.version).where(~newer)
    return query.order_by(made.procedure)


_LATEST = _latest()


def published(db: sa.Connection) -> list[sa.Row[Any]]:
    """(procedure, digest, version) of the latest version of every procedure."""
    return list(db.execute(_LATEST))


def unread(db: sa.Connection, viewer: Viewer, dossier: str, since: datetime) -> str:
    """On what ground a reader sees a dossier, "" where their reading is noted since then.

    ``work``: they or their office have or had work there; else ``oversight``.
    """
    noted, works = db.execute(_reading(viewer), {"dossier": dossier, "since": since}).one()
    return "" if noted else "work" if works else "oversight"


@lru_cache(maxsize=KEPT)
def _reading(viewer: Viewer) -> sa.Select[bool, bool]:
    entry, dossier = tb.journal.c, sa.bindparam("dossier", type_=tb.dossiers.c.id.type)
    since = sa.bindparam("since", type_=entry.at.type)
    noted = sa.exists().where(
        entry.stream == sa.literal("dossier:").concat(dossier),
        entry.verb == "read",
        entry.actor == viewer.person,
        entry.at >= since,
    )
    works = sa.exists().where(tb.dossiers.c.id == dossier, viewer.works_on())
    return sa.select(noted, works)
