"""Who reads, and the two predicates that every list carries: may do it, may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.access import ADMIN, OVERSIGHT
from engine.model import Actor
from storage import tables as tb

NONE = sa.literal(1) == sa.literal(0)
ALL = sa.literal(1) == sa.literal(1)
KEPT = 200
"""Statements kept per kind: a statement says nothing but who asks and how, and building one costs
more than running it."""


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

    def may_take(self, role: str, org: str) -> sa.ColumnElement[bool]:
        """Open, unclaimed and addressed to this grant by role, organisation, person or post."""
        posts = {g.post for g in self.actor.grants if (g.role, g.org) == (role, org)}
        named = sorted({"", *self.names(role, org)} | posts)
        return tb.FREE & tb.tasks.c.person.in_(named) & self._unbarred(role, org)

    def names(self, role: str, org: str) -> tuple[str, ...]:
        """The reader, and those in whose place they act under this role."""
        pair = (role, org)
        stood_for = {g.on_behalf for g in self.actor.grants if (g.role, g.org) == pair}
        return (self.person, *sorted(stood_for - {""}))

    @property
    def holders(self) -> tuple[str, ...]:
        """Whose claims are the reader's work: their own, and those of whom they stand in for."""
        return (self.person, *sorted({g.on_behalf for g in self.actor.grants} - {""}))

    def _unbarred(self, role: str, org: str) -> sa.ColumnElement[bool]:
        """Nothing keeps the reader, or everybody in whose place they read, from it."""
        held = [g.on_behalf for g in self.actor.grants if (g.role, g.org) == (role, org)]
        if "" in held:
            return ~barred((self.person,))
        return ~barred((self.person,)) & sa.or_(NONE, *(~barred((one,)) for one in held))

    def offers(self) -> tuple[tuple[str, str, str], ...]:
        """(role, organisation of the task, organisation of the grant) that tasks may carry."""
        pairs = sorted({(grant.role, grant.org) for grant in self.actor.grants})
        return tuple((role, given, org) for role, org in pairs for given in ("", org))

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
        ran = sa.exists().where(tb.cases.c.dossier == dossier.c.id, tb.cases.c.org.in_(self.orgs))
        ran = ran.correlate(dossier)
        return sa.or_(dossier.c.org.in_(self.orgs), ran, worked)

    def _mine(self) -> sa.ColumnElement[bool]:
        task = tb.tasks.c
        offered = (task.org == "") & task.role.in_(self.roles) & tb.OPEN
        own = (task.holder == self.person) | (task.done_by == self.person)
        return task.org.in_(self.orgs) | own | offered

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


def barred(people: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Whether a bar keeps one of these people (ids or columns) from the task of the row.

    The predicate of ``engine.access.barred``, on the index of bars that hold.
    """
    bar, task = tb.bars.c, tb.tasks.c
    pairs = [
        (bar.case, task.case_id),
        (bar.procedure, task.procedure),
        (bar.element, task.element),
        (bar.role, task.role),
    ]
    fits = [(ours == "") | (ours == theirs) for ours, theirs in pairs]
    holds = (bar.dossier == task.dossier) & bar.ended_at.is_(None)
    found = sa.exists().where(bar.person.in_(people), holds, *fits)
    return found.correlate(tb.tasks, tb.people)


def area_prefix(area: str) -> str:
    """What the codes within an administrative area begin with: 530100 -> 5301, 530000 -> 53."""
    while area.endswith("00"):
        area = area[:-2]
    return area
