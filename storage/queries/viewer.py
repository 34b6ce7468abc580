"""Who reads, and the two predicates that every list carries: may do it, may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.access import ADMIN, OVERSIGHT
from engine.model import Actor, Grant
from storage import tables as tb

NONE = sa.literal(1) == sa.literal(0)
ALL = sa.literal(1) == sa.literal(1)
KEPT = 200
"""Statements kept per kind: a statement says nothing but who asks and how, and building one costs
more than running it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Tasks of a role, for these organisations ("" for any), that these grants let their holder do."""

    role: str
    orgs: tuple[str, ...]
    grants: tuple[Grant, ...]

    @property
    def posts(self) -> tuple[str, ...]:
        """Whom else than by name a task may be for: everybody, or whoever has one of these posts."""
        return tuple(sorted({"", *(grant.post for grant in self.grants)}))

    def each(self) -> list[Offer]:
        """The same for each organisation, as an index has them in order."""
        return [Offer(self.role, (org,), self.grants) for org in self.orgs]


@dataclass(frozen=True, slots=True)
class Viewer:
    """A reader: the actor, and per organisation its area code (oversight reads by area)."""

    actor: Actor
    areas: tuple[tuple[str, str], ...] = ()  # (organisation, area)

    @property
    def person(self) -> str:
        return self.actor.person

    @property
    def orgs(self) -> tuple[str, ...]:
        return tuple(sorted({grant.org for grant in self.actor.grants}))

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(sorted(self.actor.roles))

    @property
    def holders(self) -> tuple[str, ...]:
        """Whose claims are the reader's work: their own, and those of whom they stand in for."""
        return self.names(self.actor.grants)

    def names(self, grants: Sequence[Grant]) -> tuple[str, ...]:
        """The reader, and those in whose place they act under these grants."""
        return (self.person, *sorted({grant.on_behalf for grant in grants} - {""}))

    def offers(self) -> list[Offer]:
        """Per role what is for any organisation and for each own one; no task is in two of them."""
        found: dict[tuple[str, tuple[Grant, ...]], list[str]] = {}
        for role in self.roles:
            held = [grant for grant in self.actor.grants if grant.role == role]
            for org in ("", *sorted({grant.org for grant in held})):
                under = tuple(grant for grant in held if org in ("", grant.org))
                found.setdefault((role, under), []).append(org)
        return [Offer(role, tuple(orgs), under) for (role, under), orgs in found.items()]

    def may_take(self, offer: Offer) -> sa.ColumnElement[bool]:
        """Addressed to this role in one of these organisations, to everybody or to the reader."""
        task, whom = tb.tasks.c, {*offer.posts, *self.names(offer.grants)}
        addressed = (task.role == offer.role) & among(task.org, offer.orgs)
        return tb.FREE & addressed & among(task.person, sorted(whom)) & self.unbarred(offer)

    def unbarred(self, offer: Offer) -> sa.ColumnElement[bool]:
        """Nothing keeps the reader, or everybody in whose place they read, from it."""
        held = [grant.on_behalf for grant in offer.grants]
        if "" in held:
            return ~barred(self.person)
        return ~barred(self.person) & sa.or_(NONE, *(~barred(one) for one in held))

    def sees(self, dossier: sa.FromClause = tb.dossiers) -> sa.ColumnElement[bool]:
        """Whether a dossier is seen: by oversight of its area, or by having worked in it.

        An organisation that has or had a task in it, opened it or runs a case of it sees it; so
        does a person who holds or did a task there, and a candidate of a task for any organisation.
        """
        return sa.or_(self._watched(dossier), self.works_on(dossier))

    def works_on(self, dossier: sa.FromClause = tb.dossiers) -> sa.ColumnElement[bool]:
        """Whether a dossier is seen for the work that the reader or their organisation has there."""
        worked = sa.exists().where(tb.tasks.c.dossier == dossier.c.id, self._mine())
        worked = worked.correlate(dossier)
        ran = sa.exists().where(
            tb.cases.c.dossier == dossier.c.id, among(tb.cases.c.org, self.orgs)
        )
        ran = ran.correlate(dossier)
        return sa.or_(among(dossier.c.org, self.orgs), ran, worked)

    def _mine(self) -> sa.ColumnElement[bool]:
        task = tb.tasks.c
        offered = (task.org == tb.NOBODY) & among(task.role, self.roles) & tb.OPEN
        own = (task.holder == self.person) | (task.done_by == self.person)
        return among(task.org, self.orgs) | own | offered

    @property
    def watches_all(self) -> bool:
        """Administrators, and oversight given by an organisation without an area."""
        return ADMIN in self.actor.roles or "" in self._prefixes()

    def _prefixes(self) -> set[str]:
        given = {grant.org for grant in self.actor.grants if grant.role in OVERSIGHT}
        return {area_prefix(area) for org, area in self.areas if org in given}

    def _watched(self, dossier: sa.FromClause) -> sa.ColumnElement[bool]:
        """Auditors and supervisors: the area of the organisation that gave the role; no area, all."""
        if self.watches_all:
            return ALL
        prefixes = self._prefixes()
        within_org = tb.organisations.alias("within").c
        within = [within_org.area.startswith(prefix) for prefix in sorted(prefixes)]
        if not within:
            return NONE
        return dossier.c.org.in_(sa.select(within_org.id).where(sa.or_(*within)))


def among(column: sa.ColumnElement[str], values: Sequence[str]) -> sa.ColumnElement[bool]:
    """``in_`` for a few values: a list that is bound whole is spelled anew at every run."""
    given = [sa.literal(value) if value else tb.NOBODY for value in values]
    return column == given[0] if len(given) == 1 else column.in_(given)


def barred(person: Any) -> sa.ColumnElement[bool]:
    """Whether a bar keeps this person (an id or a column) from the task of the row.

    The predicate of ``engine.access.barred``, on the index of bars that hold.
    """
    bar, task = tb.bars.c, tb.tasks.c
    pairs = [
        (bar.case, task.case_id),
        (bar.procedure, task.procedure),
        (bar.element, task.element),
        (bar.role, task.role),
    ]
    fits = [(ours == tb.NOBODY) | (ours == theirs) for ours, theirs in pairs]
    holds = (bar.dossier == task.dossier) & bar.ended_at.is_(None)
    found = sa.exists().where(bar.person == person, holds, *fits)
    return found.correlate(tb.tasks, tb.people)


def area_prefix(area: str) -> str:
    """What the codes within an administrative area begin with: 530100 -> 5301, 530000 -> 53."""
    while area.endswith("00"):
        area = area[:-2]
    return area
