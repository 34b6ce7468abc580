"""A repair that needs a second person: proposed with a reason, then approved or refused by another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.errors import Conflict, Invalid, NotAllowed
from engine.model import Actor, Case, Data
from engine.ports import Store

from .repair import CHANGING, RepairVerbs, mending


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants to do to a case as it stands; ``seq``: its entry in the case's journal."""

    seq: int
    person: str
    made_at: datetime
    verb: str
    data: Data
    reason: str


class ProposingVerbs(RepairVerbs):
    def propose_repair(
        self, actor: Actor, case_id: str, verb: str, data: Data, reason: str
    ) -> Proposal:
        """Write down a repair that could be done now; it lapses as soon as the case moves."""
        if verb not in CHANGING:
            raise Invalid("unknown_verb", verb=verb)
        wanted = mending(actor, verb, data, reason)
        act = replace(wanted, verb="repair_proposed", data={"verb": verb, "data": data})

        def propose(store: Store, case: Case) -> Proposal:
            self.would_mend(store, case, verb, data)
            noted = self._note(store, case, act)
            return Proposal(noted.seq, actor.person, noted.at, verb, data, act.reason)

        return self._again(lambda: self._upon(case_id, propose))

    def approve_repair(self, actor: Actor, case_id: str, seq: int) -> Case:
        """Do what was proposed: by somebody else, on the case as it stood then.

        Raises NotAllowed (may_not_mend, repair_own), Conflict (repair_lapsed, and as the repair does).
        """

        def approve(store: Store, case: Case) -> Case:
            found = self._proposed(store, case, seq)
            if found.person == actor.person:
                raise NotAllowed("repair_own")
            proposed = {"by": found.person, "seq": found.seq, "at": found.made_at}
            data = {**found.data, "proposed": proposed}
            return self._mend_in(store, case, mending(actor, found.verb, data, found.reason))

        return self._again(lambda: self._upon(case_id, approve))

    def refuse_repair(self, actor: Actor, case_id: str, seq: int, reason: str) -> None:
        """It is not done, and why; the proposer may take it back so, too."""
        act = mending(actor, "repair_refused", {"proposal": seq}, reason)

        def refuse(store: Store, case: Case) -> None:
            self._proposed(store, case, seq)
            self._note(store, case, act)

        self._again(lambda: self._upon(case_id, refuse))

    def proposal_of(self, store: Store, case_id: str) -> Proposal | None:
        """The repair that waits for a second person, if the case has not moved since."""
        found: Proposal | None = None
        for entry, payload in store.entries(f"case:{case_id}"):
            if entry.kind == "input" or entry.verb == "repair_refused":
                found = None
            elif entry.verb == "repair_proposed" and payload is not None and payload.data:
                said: dict[str, Any] = dict(payload.data)
                told = (said["verb"], said["data"], payload.reason)
                found = Proposal(entry.seq, entry.actor, entry.at, *told)
        return found

    def _proposed(self, store: Store, case: Case, seq: int) -> Proposal:
        found = self.proposal_of(store, case.id)
        if found is None or found.seq != seq:
            raise Conflict("repair_lapsed")
        return found
