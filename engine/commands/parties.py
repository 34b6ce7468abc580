"""What a party does by their own door: the same tasks, their part of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.access import is_outside
from engine.errors import Conflict, NotAllowed, NotFound
from engine.forms import Form, party_form, submit
from engine.model import Actor, Case, Claimed, Data, Grant, Invitation
from engine.ports import Store
from engine.spiff import read_state

from .tasks import Done, TaskVerbs
from .visiting import THROUGH, VisitingVerbs, acting, visitor


@dataclass(frozen=True, slots=True)
class Theirs:
    """An open task in which a party has a part; ``given``: their row of a list, once they gave it."""

    case: Case
    claimed: Claimed
    whole: Form
    seen: Data
    given: Data | None = None

    @property
    def form(self) -> Form:
        """The form as the party fills it in."""
        return party_form(self.whole)

    @property
    def element(self) -> str:
        return self.claimed.task.place.element


class PartyVerbs(TaskVerbs, VisitingVerbs):
    # What is theirs ------------------------------------------------------------------------

    def their_tasks(self, store: Store, invitation: Invitation) -> Iterator[Theirs]:
        """The open tasks of the dossier in which the invited person has a part."""
        for case_id in store.cases_in(invitation.dossier):
            case = store.case(case_id)
            if case.status != "open":
                continue
            for task in read_state(case.state).tasks:
                claimed = store.open_task(task.id)
                found = self._theirs(store, case, claimed, invitation) if claimed else None
                if found:
                    yield found

    def their_task(self, store: Store, invitation: Invitation, task_id: str) -> Theirs:
        """Conflict (task_done, task_cancelled) once it is over; NotFound (no_task) if not theirs."""
        claimed = store.open_task(task_id)
        if claimed is None:
            raise self._over(store, invitation, task_id)
        found = self._theirs(store, store.case(claimed.case), claimed, invitation)
        if found is None:
            raise NotFound("no_task")
        return found

    def _theirs(
        self, store: Store, case: Case, claimed: Claimed, invitation: Invitation
    ) -> Theirs | None:
        release = self.release_of(store, case.release)
        form = self.form(release, claimed.task.place.element)
        if form.party is None or case.dossier != invitation.dossier:
            return None
        seen = self.seen_by(store, case, claimed)
        if invitation.party not in self._meant(store, case, claimed, seen):
            return None
        kept = store.drafts(claimed.task.id, invitation.party) or {}
        return Theirs(case, claimed, form, {**seen, **visitor(invitation)}, kept.get("row"))

    def _over(self, store: Store, invitation: Invitation, task_id: str) -> NotFound | Conflict:
        closed = store.closed_task(task_id)
        if closed is None or store.case(closed["case"]).dossier != invitation.dossier:
            return NotFound("no_task")
        return self._gone(store, task_id)

    # Their part ----------------------------------------------------------------------------

    def complete_as_party(
        self,
        invitation: Invitation,
        task_id: str,
        raw: Mapping[str, Sequence[str]],
        outcome: str,
        address: str = "",
    ) -> Done | None:
        """Complete a task as the party whose it is, or give one's row of a list (then None).

        The same checks and the same journal entry as for staff: the party is the actor.
        """
        with self._open() as store:
            theirs = self.their_task(store, invitation, task_id)
        actor = replace(acting(invitation), address=address, through=THROUGH)
        if theirs.whole.party and theirs.whole.party.rows:
            self._again(lambda: self._give_row(actor, invitation, task_id, raw))
            return None
        now, who = self.clock(), visitor(invitation)
        return self._complete(
            actor,
            task_id,
            lambda form, seen: submit(party_form(form), raw, {**seen, **who}, now, outcome),
        )

    def _give_row(
        self,
        actor: Actor,
        invitation: Invitation,
        task_id: str,
        raw: Mapping[str, Sequence[str]],
    ) -> None:
        now = self.clock()
        with self._open() as store:
            theirs = self.their_task(store, invitation, task_id)
            filled = submit(theirs.form, raw, theirs.seen, now, "")
            self.refuse_strangers(store, theirs.form, filled)
            row = {name.rpartition("/")[2]: value for name, value in filled.values.items()}
            rows = theirs.whole.party.rows if theirs.whole.party else ""
            data = {"rows": rows, "row": row, **_behalf(actor)}
            offered = (theirs.claimed, actor.grants[0])
            self._note(store, theirs.case, self._act("give_row", actor, offered, data))
            store.keep_draft(task_id, invitation.party, {"row": row}, now)

    def rows_given(self, store: Store, case: Case, claimed: Claimed) -> list[Data]:
        """The rows that parties gave of a task's list, for staff who complete it."""
        part = self.form(self.release_of(store, case.release), claimed.task.place.element).party
        if part is None or not part.rows:
            return []
        kept = (store.drafts(claimed.task.id, one.id) for one in store.parties(case.dossier))
        return [draft["row"] for draft in kept if draft and "row" in draft]

    # The same verbs, another door ----------------------------------------------------------

    def _offered(self, store: Store, actor: Actor, task_id: str) -> tuple[Claimed, Grant]:
        """A party's task is theirs whoever of staff holds it; nothing else is."""
        if not is_outside(actor):
            return super()._offered(store, actor, task_id)
        if actor.through != THROUGH:
            raise NotAllowed("not_candidate")
        claimed = self._still_open(store, task_id)
        case = store.case(claimed.case)
        seen = self.seen_by(store, case, claimed)
        if (actor.on_behalf or actor.person) not in self._meant(store, case, claimed, seen):
            raise NotFound("no_task")
        return claimed, actor.grants[0]

    def _meant(self, store: Store, case: Case, claimed: Claimed, seen: Data) -> list[str]:
        """The parties whose task, or whose part of a task, this is."""
        form = self.form(self.release_of(store, case.release), claimed.task.place.element)
        if form.party is None:
            return []
        if form.party.who is None:
            return [one["id"] for one in self.represented(store, case, claimed, seen)]
        found = form.party.who.evaluate(seen, self.clock())
        each = found if isinstance(found, list) else [found]
        return [one["id"] if isinstance(one, dict) else one for one in each if one]

    def _for_party(
        self, store: Store, case: Case, claimed: Claimed, acting: tuple[Actor, Data]
    ) -> tuple[Actor, Data]:
        if is_outside(acting[0]):
            return acting[0], _behalf(acting[0])
        return super()._for_party(store, case, claimed, acting)

    @staticmethod
    def _name(store: Store, person_id: str) -> str:
        return store.outsider(person_id) or TaskVerbs._name(store, person_id)


def _behalf(actor: Actor) -> Data:
    party = actor.on_behalf or actor.person
    return {"behalf": {"party": party, "through": actor.through}}
