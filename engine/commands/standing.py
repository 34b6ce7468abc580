"""Who stands in for whom, for how long and why; it ends by itself."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from uuid6 import uuid7

from engine.access import PERSONAL, lacks_office, may_mend
from engine.errors import Conflict, Invalid, NotAllowed
from engine.model import Actor, Person, Substitution
from engine.ports import Store

from .desk import Act, Desk

Period = tuple[datetime, datetime]
"""From when until before when."""


class StandingVerbs(Desk):
    def name_substitute(
        self, actor: Actor, who: tuple[str, str], period: Period, reason: str
    ) -> Substitution:
        """(absent person, substitute): named by the absent person, or by a supervisor.

        Somebody of the same organisation where the person names them; a judge's only by a judge,
        a doctor's by a doctor. Invalid, NotAllowed (may_not_substitute), Conflict (already_substituted).
        """
        absent_id, substitute_id = who
        if absent_id != actor.person and not may_mend(actor):
            raise NotAllowed("may_not_substitute")
        if not reason.strip():
            raise Invalid("say_why")
        starts_at, ends_at = period
        if ends_at <= max(starts_at, self.clock()):
            raise Invalid("ends_before_start")
        with self._open() as store:
            absent, substitute = store.person(absent_id), store.person(substitute_id)
            _check_pair(absent, substitute, decided=may_mend(actor))
            _check_free(store, (absent, substitute), period)
            named = Substitution(
                id=str(uuid7()),
                person=absent_id,
                substitute=substitute_id,
                starts_at=starts_at,
                ends_at=ends_at,
                reason=reason.strip(),
                made_by=actor.person,
                made_at=self.clock(),
            )
            store.save_substitution(named)
            self._tell_both(store, actor, "substitute", named, named.reason)
        return named

    def end_substitution(self, actor: Actor, substitution_id: str, reason: str) -> None:
        """The absent person is back before the time: said by them or by a supervisor."""
        if not reason.strip():
            raise Invalid("say_why")
        with self._open() as store:
            named, now = store.substitution(substitution_id), self.clock()
            if named.person != actor.person and not may_mend(actor):
                raise NotAllowed("may_not_substitute")
            if named.ends_at <= now:
                raise Conflict("substitution_over")
            over = replace(
                named,
                starts_at=min(named.starts_at, now),
                ends_at=now,
                end_reason=reason.strip(),
            )
            store.save_substitution(over)
            self._tell_both(store, actor, "substitute_ended", over, over.end_reason)

    def _tell_both(
        self, store: Store, actor: Actor, verb: str, named: Substitution, reason: str
    ) -> None:
        act = Act(verb, actor, data=asdict(named), reason=reason)
        for person in (named.person, named.substitute):
            self._record(store, f"person:{person}", act)


def _check_pair(absent: Person, substitute: Person, decided: bool) -> None:
    if absent.id == substitute.id or not substitute.active:
        raise Invalid("choose_substitute")
    work = [grant for grant in absent.grants if grant.role not in PERSONAL]
    if not work:
        raise Invalid("nothing_to_stand_in_for", name=absent.name)
    near = {grant.org for grant in substitute.grants} & {grant.org for grant in work}
    if not near and not decided:
        raise Invalid("substitute_elsewhere", name=substitute.name)
    roles = {grant.role for grant in substitute.grants}
    missing = lacks_office({grant.role for grant in work}, roles)
    if missing:
        raise Invalid("substitute_lacks_office", name=substitute.name)


def _check_free(store: Store, pair: tuple[Person, Person], period: Period) -> None:
    """One substitute at a time, and not one who is away then."""
    absent, substitute = pair
    starts_at, ends_at = period
    for who, code in ((absent, "already_substituted"), (substitute, "substitute_away")):
        for other in store.substitutions(who.id, starts_at):
            if other.starts_at < ends_at:
                raise Conflict(code, name=who.name)
