"""What people do with tasks: claim, release, delegate, draft, complete."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.access import grant_for
from engine.behalf import check_behalf, represented
from engine.books import BOOKS
from engine.errors import Conflict, NotAllowed, NotFound
from engine.facts import for_case
from engine.forms import Form, Submitted, accept, submit
from engine.model import Actor, Case, Claimed, Data, Grant, Person
from engine.ports import Store
from engine.registers import FACTS, as_fact, read_by
from engine.spiff import read_state
from engine.workdays import local_day

from .apart import ApartVerbs
from .desk import Act
from .papers import PaperVerbs
from .signing import SigningVerbs

Fill = Callable[[Form, Data], Submitted]
"""How what was typed becomes values: (form, what the form sees) -> submitted."""


@dataclass(frozen=True, slots=True)
class Done:
    """What completing gave: the case now, and whether the input was held by an incident."""

    case: Case
    held: bool


class TaskVerbs(PaperVerbs, ApartVerbs, SigningVerbs):
    def claim(self, actor: Actor, task_id: str) -> Claimed:
        """Take a task for oneself. Conflict ``held_by_other`` names who holds it and since when."""
        return self._again(lambda: self._claim(actor, task_id))

    def _claim(self, actor: Actor, task_id: str) -> Claimed:
        with self._open() as store:
            claimed, grant = self._offered(store, actor, task_id)
            if claimed.holder == actor.person:
                return claimed
            case = store.case(claimed.case)
            self._note(store, case, self._act("claim", actor, (claimed, grant), {}))
            store.hold_task(task_id, actor.person, self.clock())
        return claimed

    def release(self, actor: Actor, task_id: str, reason: str = "") -> None:
        """Give a claimed task back to all its candidates; drafts stay with their writer."""
        self._again(lambda: self._release(actor, task_id, reason))

    def _release(self, actor: Actor, task_id: str, reason: str) -> None:
        with self._open() as store:
            claimed = self._still_open(store, task_id)
            if claimed.holder != actor.person:
                raise Conflict("not_held", task=task_id)
            case = store.case(claimed.case)
            act = self._act("release", actor, (claimed, grant_for(actor, claimed.task)), {})
            self._note(store, case, replace(act, reason=reason))
            store.hold_task(task_id, "", None)

    def delegate(self, actor: Actor, task_id: str, person_id: str, reason: str) -> None:
        """Hand a claimed task to a colleague who may do it too, with a reason."""
        self._again(lambda: self._delegate(actor, task_id, person_id, reason))

    def _delegate(self, actor: Actor, task_id: str, person_id: str, reason: str) -> None:
        if not reason.strip():
            raise NotAllowed("reason_needed")
        with self._open() as store:
            claimed, grant = self._offered(store, actor, task_id)
            colleague = store.person(person_id)
            self._check_colleague(store, colleague, claimed)
            case = store.case(claimed.case)
            act = self._act("delegate", actor, (claimed, grant), {"to": colleague.id})
            self._note(store, case, replace(act, reason=reason))
            store.hold_task(task_id, colleague.id, self.clock())

    def _check_colleague(self, store: Store, colleague: Person, claimed: Claimed) -> None:
        try:
            self.permitted(store, Actor(colleague.id, colleague.name, colleague.grants), claimed)
        except NotAllowed as refused:
            if refused.code != "not_candidate":
                raise
            raise NotAllowed("colleague_may_not", name=colleague.name) from refused

    def keep_draft(self, actor: Actor, task_id: str, values: Data) -> None:
        """Keep what was typed so far; never part of the case's data."""
        with self._open() as store:
            self._offered(store, actor, task_id)
            store.keep_draft(task_id, actor.person, values, self.clock())

    def complete(
        self, actor: Actor, task_id: str, raw: Mapping[str, Sequence[str]], outcome: str
    ) -> Done:
        """Complete a task with what a browser sent: field names (pointers) to strings.

        Whoever does not hold it yet claims it in the same transaction. Raises Invalid with
        problems by field, Conflict when the task is gone (who, when) or held by another,
        NotAllowed. An input that cannot be played is held, not lost: ``Done.held``.
        """
        now = self.clock()

        def fill(form: Form, seen: Data) -> Submitted:
            return submit(form, raw, seen, now, outcome)

        return self._complete(actor, task_id, fill, claims=True)

    def answer(
        self, actor: Actor, task_id: str, values: Mapping[str, Any], outcome: str = ""
    ) -> Done:
        """Complete a task with plain JSON values by pointer, through the same checks."""
        now = self.clock()
        return self._complete(
            actor, task_id, lambda form, seen: accept(form, values, seen, now, outcome)
        )

    def _complete(self, actor: Actor, task_id: str, fill: Fill, claims: bool = False) -> Done:
        while True:
            done = self._again(lambda: self._try_complete(actor, task_id, fill, claims))
            if done:
                return done

    def _try_complete(self, actor: Actor, task_id: str, fill: Fill, claims: bool) -> Done | None:
        """None when timers were due before: they are saved first, then the input is judged again."""
        with self._open() as store:
            claimed, grant = self._offered(store, actor, task_id)
            case = store.case(claimed.case)
            state, now = read_state(case.state), self.clock()
            is_due = any(timer.due <= now for timer in state.timers)
            if is_due and self._fire_due(store, case, now):
                return None
            claims = claims and claimed.holder != actor.person
            if claims:
                case = self._noted(store, case, self._act("claim", actor, (claimed, grant), {}))
            form = self.form(self.release_of(store, case.release), claimed.task.place.element)
            seen = self._seen(store, case, claimed, state.data)
            filled = self.refuse_strangers(store, form, fill(form, seen))
            self.keep_signed(store, case, actor, filled)
            actor, behalf = self._for_party(store, case, claimed, (actor, seen))
            data = {"values": filled.values, "outcome": filled.outcome, **behalf}
            act = self._act("complete", actor, (claimed, grant), data)
            self.check_papers(store, case, act, form.fields)
            moved, outcome = self._move(store, case, act, state)
            if not outcome.incident:
                store.drop_drafts(task_id)
            elif claims:
                store.hold_task(task_id, actor.person, now)
        return Done(moved, outcome.incident is not None)

    def represented(self, store: Store, case: Case, claimed: Claimed, seen: Data) -> list[Data]:
        """The parties for whom staff complete this task, as the case knows them; [] if it is staff's."""
        release = self.release_of(store, case.release)
        return represented(release, claimed.task.place.element, seen, self.clock())

    def _for_party(
        self, store: Store, case: Case, claimed: Claimed, acting: tuple[Actor, Data]
    ) -> tuple[Actor, Data]:
        """The actor as the entry names them and what the payload adds: nothing on staff's own tasks."""
        actor, seen = acting
        parties = self.represented(store, case, claimed, seen)
        if not parties:
            return actor, {}
        check_behalf(parties, actor)
        return actor, {"behalf": {"party": actor.on_behalf, "through": actor.through}}

    # Shared --------------------------------------------------------------------------------

    def seen_by(self, store: Store, case: Case, claimed: Claimed) -> Data:
        """What a task's form sees: the case's context with today's settings, the item on top."""
        return self._seen(store, case, claimed, read_state(case.state).data)

    def _seen(self, store: Store, case: Case, claimed: Claimed, data: Data) -> Data:
        today = local_day(self.clock())
        settings = for_case(self.facts_of(store, case.facts), data.get("case"), today).settings
        rosters = self._rosters(store, case, claimed, today)
        return {**data, "settings": settings, **rosters, **claimed.task.local}

    def _rosters(self, store: Store, case: Case, claimed: Claimed, today: date) -> Data:
        """The registers of the office and the books of the dossier that the form reads, as of today."""
        form = self.form(self.release_of(store, case.release), claimed.task.place.element)
        held = {
            name: BOOKS[name](store, case.dossier)
            if name in BOOKS
            else list(map(as_fact, store.records_on(name, today)))
            for name in read_by(form)
        }
        return {FACTS: held} if held else {}

    def _offered(self, store: Store, actor: Actor, task_id: str) -> tuple[Claimed, Grant]:
        """The open task and the grant under which the actor may touch it, or the exact refusal."""
        claimed = self._still_open(store, task_id)
        grant = self.permitted(store, actor, claimed)
        if claimed.holder not in ("", actor.person, grant.on_behalf):
            raise Conflict(
                "held_by_other", who=self._name(store, claimed.holder), at=claimed.held_at
            )
        return claimed, grant

    def _still_open(self, store: Store, task_id: str) -> Claimed:
        claimed = store.open_task(task_id)
        if claimed is None:
            raise self._gone(store, task_id)
        return claimed

    def _gone(self, store: Store, task_id: str) -> NotFound | Conflict:
        closed = store.closed_task(task_id)
        if closed is None:
            return NotFound("no_task")
        if not closed["by"]:
            return Conflict("task_cancelled", at=closed["at"])
        return Conflict("task_done", who=self._name(store, closed["by"]), at=closed["at"])

    @staticmethod
    def _act(verb: str, actor: Actor, offered: tuple[Claimed, Grant | None], data: Data) -> Act:
        """A substitute acts on behalf of the absent person; for a party, the payload names both."""
        claimed, grant = offered
        if grant and grant.on_behalf:
            data = {**data, "stands_in_for": grant.on_behalf}
            actor = replace(actor, on_behalf=actor.on_behalf or grant.on_behalf)
        return Act(verb, actor, grant, claimed.task.id, claimed.task.place, data)
