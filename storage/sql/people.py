"""People with what they may do and how they sign in, and organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

import sqlalchemy as sa
from uuid6 import uuid7

from engine.model import Credential, Grant, Organisation, Person, Session
from storage.tables import credentials, grants, organisations, people, sessions

from .transaction import Transaction

ORGANISATION = tuple(field.name for field in fields(Organisation))
CREDENTIAL = tuple(field.name for field in fields(Credential))
SESSION = tuple(field.name for field in fields(Session))


class PeopleRows(Transaction):
    def person(self, person_id: str) -> Person:
        """With the grants valid now; raises NotFound (no_person)."""
        return self._person(people.c.id == person_id, person_id)

    def person_by_login(self, login: str) -> Person:
        """Raises NotFound (no_person)."""
        return self._person(people.c.login == login, login)

    def _person(self, where: sa.ColumnElement[bool], name: str) -> Person:
        row = self.found(sa.select(people).where(where), "no_person", name=name)
        held = self.run(self._valid(row.id).order_by(grants.c.valid_from, grants.c.id))
        given = tuple(dict.fromkeys(Grant(grant.role, grant.org, grant.post) for grant in held))
        return Person(row.id, row.login, row.name, given, row.active, row.lang)

    def _valid(self, person_id: str) -> sa.Select[tuple[object, ...]]:
        now = self.now()
        return sa.select(grants).where(
            grants.c.person == person_id,
            grants.c.valid_from <= now,
            grants.c.valid_until.is_(None) | (grants.c.valid_until > now),
        )

    def save_person(self, person: Person) -> None:
        """Grants that are no longer listed end now, new ones begin now.

        Raises Conflict (already_there) when somebody else has this login.
        """
        row = asdict(person)
        wanted = {(g["role"], g["org"], g["post"]) for g in row.pop("grants")}
        self.upsert(people, [row])
        held = {(g.role, g.org, g.post): g.id for g in self.run(self._valid(person.id))}
        now = self.now()
        ended = [id for grant, id in held.items() if grant not in wanted]
        if ended:
            self.run(sa.update(grants).where(grants.c.id.in_(ended)), {"valid_until": now})
        self._grant(person.id, sorted(wanted - held.keys()), (now, None))

    def grant(
        self, person_id: str, grant: Grant, valid_from: datetime, valid_until: datetime | None
    ) -> None:
        """A role for a time that begins or ends later (leave, secondment)."""
        self._grant(person_id, [(grant.role, grant.org, grant.post)], (valid_from, valid_until))

    def end_grant(self, person_id: str, grant: Grant) -> bool:
        """A role ends now, one that begins later never begins; whether there was such a one."""
        now, held = self.now(), grants.c
        named = (held.person == person_id) & (held.role == grant.role) & (held.org == grant.org)
        lasts = held.valid_until.is_(None) | (
            (held.valid_until > now) & (held.valid_until > held.valid_from)
        )
        now_or_never = sa.literal(now, held.valid_from.type)
        ends = sa.case((held.valid_from > now, held.valid_from), else_=now_or_never)
        ending = sa.update(grants).where(named, held.post == grant.post, lasts)
        return bool(self.run(ending.values(valid_until=ends)).rowcount)

    def _grant(
        self,
        person_id: str,
        added: Sequence[tuple[str, str, str]],
        valid: tuple[datetime, datetime | None],
    ) -> None:
        rows = [
            {
                "id": str(uuid7()),
                "person": person_id,
                "role": role,
                "org": org,
                "post": post,
                "valid_from": valid[0],
                "valid_until": valid[1],
            }
            for role, org, post in added
        ]
        if rows:
            self.run(sa.insert(grants), rows)

    def organisation(self, org_id: str) -> Organisation:
        """Raises NotFound (no_organisation)."""
        query = sa.select(*(organisations.c[name] for name in ORGANISATION))
        row = self.found(query.where(organisations.c.id == org_id), "no_organisation", name=org_id)
        return Organisation(**row._mapping)

    def save_organisation(self, organisation: Organisation) -> None:
        self.upsert(organisations, [asdict(organisation)])

    # Signing in -----------------------------------------------------------------------------

    def credential(self, person_id: str) -> Credential | None:
        query = sa.select(*(credentials.c[name] for name in CREDENTIAL))
        row = self.run(query.where(credentials.c.person == person_id)).first()
        return Credential(**row._mapping) if row else None

    def save_credential(self, credential: Credential) -> None:
        self.upsert(credentials, [asdict(credential)])

    def session(self, id_hash: str) -> Session | None:
        query = sa.select(*(sessions.c[name] for name in SESSION))
        row = self.run(query.where(sessions.c.id_hash == id_hash)).first()
        return Session(**row._mapping) if row else None

    def save_session(self, session: Session) -> None:
        self.upsert(sessions, [asdict(session)])

    def end_session(self, id_hash: str) -> None:
        self.run(sa.delete(sessions).where(sessions.c.id_hash == id_hash))

    def end_sessions(self, person_id: str) -> None:
        """Sign a person out everywhere (password reset, left the service)."""
        self.run(sa.delete(sessions).where(sessions.c.person == person_id))

    def sweep_sessions(self) -> int:
        """Forget those that have ended; how many."""
        return self.run(sa.delete(sessions).where(sessions.c.ends_at <= self.now())).rowcount
