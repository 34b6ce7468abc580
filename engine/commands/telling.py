"""A word of a party to a case that waits for it: taken back, not performed, objected to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from engine.errors import Conflict, Invalid, NotFound
from engine.model import Case, Data, Invitation, Place
from engine.ports import Store
from engine.spiff import read_state
from engine.workdays import CHINA

from .cases import CaseVerbs
from .desk import Act
from .visiting import THROUGH, VisitingVerbs, acting


@dataclass(frozen=True, slots=True)
class Said:
    """What a party wrote, on which day; ``sues``: of one who leaves a mediation."""

    invitation: Invitation
    reason: str
    sues: bool
    day: date


def _leaves(said: Said) -> Data:
    """Consent or application is taken back."""
    told = {"by": said.invitation.party, "sues": said.sues}
    return {**told, "reason": said.reason, "statement": said.reason}


def _misses(said: Said) -> Data:
    """The other side did not perform."""
    return {"by": said.invitation.name, "note": said.reason, "facts": said.reason}


def _objects(said: Said) -> Data:
    """S2 §372: a party, or a third party with an interest; the clerk asks a third since when they know."""
    kind = "THIRD" if said.invitation.role == "THIRD" else "PARTY"
    told = {"kind": kind, "by": said.invitation.name}
    return {**told, "grounds": said.reason, "filed_on": said.day}


WORDS: Mapping[tuple[str, str], Callable[[Said], Data]] = {
    ("mediation", "withdrawn"): _leaves,
    ("confirmation", "application_withdrawn"): _leaves,
    ("performance", "performance_missed"): _misses,
    ("performance", "objection_filed"): _objects,
    ("follow_up", "default_reported"): _misses,
}
"""By procedure and message: what a party's word carries."""
FOR_THIRDS = frozenset({"objection_filed", "default_reported"})
"""What somebody who is no party may say as well: S2 §372; a creditor recorded as a third."""


class TellingVerbs(CaseVerbs, VisitingVerbs):
    def may_tell(self, store: Store, invitation: Invitation) -> Iterator[tuple[Case, str]]:
        """The words that the invited person may say now: open cases that wait for such a message."""
        cases = [store.case(case_id) for case_id in store.cases_in(invitation.dossier)]
        for (procedure, name), _ in WORDS.items():
            for case in cases:
                here = case.status == "open" and case.procedure == procedure
                if here and _may_say(store, invitation, name) and _waiting(case, name):
                    yield case, name

    def tell_case(
        self, invitation: Invitation, to: tuple[str, str], said: tuple[str, bool], address: str = ""
    ) -> None:
        """``to``: case and message; ``said``: what was written, and whether they sue.

        NotFound (no_case), Conflict (not_waiting_for), Invalid (say_why).
        """
        case_id, name = to
        reason, sues = said
        if not reason.strip():
            raise Invalid("say_why")
        actor = replace(acting(invitation), address=address, through=THROUGH)
        day = self.clock().astimezone(CHINA).date()

        def hear(store: Store, case: Case) -> None:
            payload = WORDS.get((case.procedure, name))
            mine = case.dossier == invitation.dossier and _may_say(store, invitation, name)
            if payload is None or not mine:
                raise NotFound("no_case", name=case_id)
            waiting = _waiting(case, name)
            if not waiting:
                raise Conflict("not_waiting_for", name=name)
            key, place = waiting[0]
            told = payload(Said(invitation, reason, sues, day))
            data = {"name": name, "key": key, "payload": told, "id": ""}
            act = Act("message", actor, actor.grants[0], place=place, data=data, reason=reason)
            self._move(store, case, act)

        self._again(lambda: self._upon(case_id, hear))


def _waiting(case: Case, name: str) -> list[tuple[str, Place]]:
    found = [one for one in read_state(case.state).subscriptions if one.name == name]
    return [(one.key, Place(one.place.element)) for one in found]


def _may_say(store: Store, invitation: Invitation, name: str) -> bool:
    if name in FOR_THIRDS:
        return True
    sides = {one.id: one.side for one in store.parties(invitation.dossier)}
    return sides.get(invitation.party, "THIRD") != "THIRD"
