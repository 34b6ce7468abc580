"""Repairs that wait for a second person: proposals in cases that have not moved since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import tables as tb

from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposed repair, with its case and who asks for it."""

    case_id: str
    seq: int
    number: str
    parties: str
    release: str
    person: str
    name: str
    at: datetime
    reason: str


def proposals(db: sa.Connection, viewer: Viewer, limit: int = 200) -> list[ProposalRow]:
    """Of running cases in the dossiers this reader may see, the oldest first."""
    entry, later = tb.journal.c, tb.journal.alias("later")
    case, dossier = tb.cases.c, tb.dossiers.c
    ended = (later.c.kind == "input") | later.c.verb.in_(("repair_refused", "repair_proposed"))
    moved = sa.exists().where(later.c.stream == entry.stream, later.c.seq > entry.seq, ended)
    content = (tb.payload.c.stream == entry.stream) & (tb.payload.c.seq == entry.seq)
    query = (
        sa.select(
            *(case.id.label("case_id"), entry.seq, dossier.number),
            dossier.party_names.label("parties"),
            *(case.release, entry.actor.label("person"), entry.at),
            sa.func.coalesce(tb.people.c.name, entry.actor).label("name"),
            sa.func.coalesce(tb.payload.c.reason, "").label("reason"),
        )
        .select_from(tb.journal)
        .join(tb.cases, entry.stream == sa.literal("case:") + case.id)
        .join(tb.dossiers, dossier.id == case.dossier)
        .outerjoin(tb.payload, content)
        .outerjoin(tb.people, tb.people.c.id == entry.actor)
        .where(
            entry.verb == sa.literal_column("'repair_proposed'"), case.status.in_(("open", "held"))
        )
        .where(~moved, viewer.sees())
    )
    found = db.execute(query.order_by(entry.at, entry.stream).limit(limit))
    return [ProposalRow(**row._mapping) for row in found]
