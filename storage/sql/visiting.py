"""Invitations of parties and agents, and the browsers let in by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

import sqlalchemy as sa

from engine.model import Invitation, Visit
from storage.tables import invitations, parties, visits

from .transaction import Transaction

INVITATION = tuple(field.name for field in fields(Invitation))
VISIT = tuple(field.name for field in fields(Visit))


class VisitingRows(Transaction):
    def save_invitation(self, invitation: Invitation) -> None:
        self.upsert(invitations, [asdict(invitation)])

    def invitation(self, invitation_id: str) -> Invitation:
        """Raises NotFound (no_invitation)."""
        return self._invitation(invitations.c.id == invitation_id)

    def invitation_by_link(self, link: str) -> Invitation:
        """Raises NotFound (no_invitation)."""
        return self._invitation(invitations.c.link == link)

    def _invitation(self, where: sa.ColumnElement[bool]) -> Invitation:
        query = sa.select(*(invitations.c[name] for name in INVITATION))
        return Invitation(**self.found(query.where(where), "no_invitation")._mapping)

    def invitations(self, dossier_id: str) -> Sequence[Invitation]:
        """The newest first."""
        query = sa.select(*(invitations.c[name] for name in INVITATION)).where(
            invitations.c.dossier == dossier_id
        )
        rows = self.run(query.order_by(invitations.c.id.desc()))
        return [Invitation(**row._mapping) for row in rows]

    def outsider(self, person: str) -> str:
        """The name of a party or invited agent; "" where the id is none."""
        for table in (parties, invitations):
            name = self.run(sa.select(table.c.name).where(table.c.id == person)).scalar()
            if name:
                return str(name)
        return ""

    def visit(self, id_hash: str) -> Visit | None:
        query = sa.select(*(visits.c[name] for name in VISIT))
        row = self.run(query.where(visits.c.id_hash == id_hash)).first()
        return Visit(**row._mapping) if row else None

    def save_visit(self, visit: Visit) -> None:
        """With it those that have ended are forgotten."""
        self.run(sa.delete(visits).where(visits.c.ends_at <= self.now()))
        self.upsert(visits, [asdict(visit)])

    def end_visits(self, invitation_id: str) -> None:
        self.run(sa.delete(visits).where(visits.c.invitation == invitation_id))
