"""A party rates a mediation that is over, once, or complains: both open the procedure `complaint`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.errors import Conflict, Invalid, NotFound
from engine.forms import Form, party_form, submit
from engine.model import Case, Data, Grant, Invitation
from engine.ports import Store
from engine.spiff import read_state

from .cases import opening, starting_roles
from .desk import Act
from .tasks import TaskVerbs
from .visiting import THROUGH, VisitingVerbs, acting, visitor

PROCEDURE = "complaint"
RATED = "mediation"
NOTED = "party_opinion"


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom an opinion is about: the mediator of a case and their organisation."""

    case: Case
    person: str
    name: str
    unit: str


class OpinionVerbs(TaskVerbs, VisitingVerbs):
    def ratable(self, store: Store, invitation: Invitation) -> list[Concerned]:
        """The mediations of the dossier that are over and that this person has not rated yet."""
        said = {data.get("case") for data in self._said(store, invitation, "RATING")}
        found = self.mediations(store, invitation)
        return [one for one in found if one.case.status == "ended" and one.case.id not in said]

    def mediations(self, store: Store, invitation: Invitation) -> list[Concerned]:
        """The mediations of the dossier that have or had a mediator."""
        cases = map(store.case, store.cases_in(invitation.dossier))
        found = [_concerned(store, case) for case in cases if case.procedure == RATED]
        return [one for one in found if one]

    def opinion_form(
        self, store: Store, invitation: Invitation, kind: str, about: Concerned
    ) -> tuple[Form, Data]:
        """The start form of `complaint` as this party fills it in, and what it sees."""
        form = self.form(store.current_release(PROCEDURE), "start")
        number = store.dossier(invitation.dossier).number
        told = {"kind": kind, "person": about.person, "person_name": about.name}
        told |= {"unit": about.unit, "number": number}
        who = visitor(invitation)["visitor"]
        return party_form(form), {"visitor": {**who, **told}}

    def give_opinion(
        self,
        invitation: Invitation,
        of: tuple[str, str],
        raw: Mapping[str, Sequence[str]],
        address: str = "",
    ) -> Case:
        """``of``: RATING or COMPLAINT, and the mediation. Conflict (rated_already); Invalid.

        A dossier of its own, kept by the office that opened the dispute; the party is the actor.
        """
        kind, case_id = of
        actor = replace(acting(invitation), address=address, through=THROUGH)
        with self._open() as store:
            about = self._about(store, invitation, kind, case_id)
            form, seen = self.opinion_form(store, invitation, kind, about)
            filled = self.refuse_strangers(store, form, submit(form, raw, seen, self.clock(), ""))
            release, facts = self._latest(store, PROCEDURE)
            office = self._office(store, about.case, starting_roles(release))
            dossier, parties = self._open_dossier(
                store, actor, (PROCEDURE, office.org), filled.values
            )
            case = self._new_case(dossier, release, facts, office.org)
            area = store.organisation(office.org).area
            values = {**filled.values, **opening(case, office, parties, area)}
            act = Act("start", actor, actor.grants[0], data={"values": values})
            started, outcome = self._move(store, case, act)
            if outcome.incident:
                raise Invalid("cannot_start", reason=outcome.incident.code)
            noted = {"kind": kind, "case": about.case.id, "opened": started.id}
            note = Act(NOTED, actor, actor.grants[0], data=noted)
            self._record(store, f"dossier:{invitation.dossier}", note)
        return started

    def _about(self, store: Store, invitation: Invitation, kind: str, case_id: str) -> Concerned:
        found = self.mediations(store, invitation)
        about = next((one for one in found if one.case.id == case_id), None)
        if about is None or kind not in ("RATING", "COMPLAINT"):
            raise NotFound("no_case", name=case_id)
        if kind == "RATING" and about.case.status != "ended":
            raise Conflict("rate_when_over")
        if kind == "RATING" and about.case.id not in {
            one.case.id for one in self.ratable(store, invitation)
        }:
            raise Conflict("rated_already")
        return about

    @staticmethod
    def _said(store: Store, invitation: Invitation, kind: str) -> list[Data]:
        return [
            payload.data
            for entry, payload in store.entries(f"dossier:{invitation.dossier}")
            if payload and entry.verb == NOTED and entry.actor == invitation.person
            if payload.data.get("kind") == kind
        ]

    @staticmethod
    def _office(store: Store, case: Case, roles: frozenset[str]) -> Grant:
        """Where the opinion is received: the office that began the mediation, under its role there."""
        role = read_state(case.state).data.get("case", {}).get("role", "")
        if role not in roles:
            raise Conflict("nobody_receives", procedure=PROCEDURE)
        return Grant(role, case.org)


def _concerned(store: Store, case: Case) -> Concerned | None:
    data = read_state(case.state).data
    person = (data.get("mediator") or {}).get("person")
    unit = (data.get("referral") or {}).get("org")
    if not person or not unit:
        return None
    return Concerned(case, person, store.person(person).name, unit)
