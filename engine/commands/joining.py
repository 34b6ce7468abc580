"""Putting somebody on record in a dossier that is open already, so that its running cases know them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.errors import Conflict, Invalid
from engine.model import Actor, Case, Party
from engine.ports import Store
from engine.spiff import read_state

from .cases import CaseVerbs, party_of, snapshot
from .desk import Act
from .visiting import LONGEST_NAME, ROLES, VisitingVerbs

KINDS = ("NATURAL", "LEGAL", "UNINCORPORATED")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who joins: ``side`` A, B or THIRD; ``kind`` NATURAL, LEGAL or UNINCORPORATED (rules 2.1)."""

    name: str
    side: str
    kind: str = "NATURAL"


class JoiningVerbs(CaseVerbs, VisitingVerbs):
    def put_on_record(
        self, actor: Actor, dossier_id: str, newcomer: Newcomer, reason: str
    ) -> Party:
        """A party more, say the creditor of an execution settlement (rules 15.2).

        Every running case of the dossier hears of it (``party_changed``). NotAllowed
        (may_not_invite); Invalid (say_why, nobody_to_record, on_record_already); Conflict
        (dossier_stopped) while one of them is stopped by an incident.
        """
        if not reason.strip():
            raise Invalid("say_why")
        name = newcomer.name.strip()
        known = newcomer.side in ROLES and newcomer.kind in KINDS
        if not (known and 0 < len(name) <= LONGEST_NAME and name.isprintable()):
            raise Invalid("nobody_to_record")
        row = {"side": newcomer.side, "name": name, "kind": newcomer.kind}
        party = party_of(dossier_id, row)
        act = Act("party_changed", actor, reason=reason.strip())
        self._again(lambda: self._join(party, act))
        return party

    def _join(self, party: Party, act: Act) -> None:
        """In one transaction, after what is due in the cases has fired in one of its own."""
        while True:
            with self._open() as store:
                self._check_works_on(store, act.actor, party.dossier)
                cases = _running(store, party.dossier)
                if any(self._fire_due(store, case, self.clock()) for case in cases):
                    continue
                self._admit(store, party, act, cases)
                return

    def _admit(self, store: Store, party: Party, act: Act, cases: list[Case]) -> None:
        same = (party.name, party.side)
        if same in {(one.name, one.side) for one in store.parties(party.dossier)}:
            raise Invalid("on_record_already", name=party.name)
        store.save_party(party)
        said = Act("put_on_record", act.actor, data={"party": party.id}, reason=act.reason)
        self._record(store, f"dossier:{party.dossier}", said)
        for case in cases:
            told = [*read_state(case.state).data.get("parties", ()), snapshot(party)]
            self._move(store, case, replace(act, data={"parties": told}))


def _running(store: Store, dossier_id: str) -> list[Case]:
    cases = [store.case(case_id) for case_id in store.cases_in(dossier_id)]
    if any(case.status == "held" for case in cases):
        raise Conflict("dossier_stopped")
    return [case for case in cases if case.status == "open"]
