"""Mending a case that stands still or holds something wrong: each with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from engine.access import may_mend
from engine.checks.onward import dead_end
from engine.errors import Conflict, Invalid, NotAllowed
from engine.facts import setting
from engine.forms import look_up
from engine.model import Actor, Case, Data, Grant, Held, Input, Outcome, Place
from engine.ports import Store
from engine.spiff import advance, place_of, read_state, standing
from engine.values import from_json
from engine.workdays import local_day

from .cases import CaseVerbs
from .desk import Act

NEEDS_SECOND = "repair_needs_second"
"""The setting by which a second person must approve what changes a case."""
CHANGING = frozenset({"relocate", "correct", "cancel"})
OVER = ("ended", "cancelled")


class RepairVerbs(CaseVerbs):
    def retry(self, actor: Actor, incident_id: str, reason: str = "") -> bool:
        """Play the held input of an incident again, as its sender sent it; True when it went through.

        An effect that failed is performed again instead. For supervisors, with a reason, and the sender.
        """
        if may_mend(actor) and not reason.strip():
            raise NotAllowed("reason_needed")
        return self._again(lambda: self._retry(actor, incident_id, reason))

    def _retry(self, actor: Actor, incident_id: str, reason: str) -> bool:
        with self._open() as store:
            held = store.incident(incident_id)
            if not may_mend(actor) and actor.person != held.actor:
                raise NotAllowed("may_not_mend")
            case = replace(store.case(held.case), status="open")
            noted = self._note(store, case, self._retried(actor, held, reason))
            store.close_incident(incident_id)
            if held.input is None or held.input.verb == "effect_failed":
                return True
            sent = next(store.entries(f"case:{held.case}", held.input.seq - 1))[0]
            absent = held.input.data.get("stands_in_for", "")
            act = Act(
                held.input.verb,
                Actor(sent.actor, sent.actor, on_behalf=sent.on_behalf),
                Grant(sent.role, case.org, on_behalf=absent) if sent.role else None,
                task=held.input.task,
                place=held.incident.place or Act("").place,
                data=held.input.data,
                received_at=held.input.received_at,
            )
            _, outcome = self._move(store, replace(noted, status="open"), act)
        return outcome.incident is None

    @staticmethod
    def _retried(actor: Actor, held: Held, reason: str) -> Act:
        return Act("retry", actor, data={"incident": held.id}, reason=reason)

    def correct(self, actor: Actor, case_id: str, values: Mapping[str, Any], reason: str) -> Case:
        """Mend case data by pointer, with a reason; a supervisor's verb. The journal keeps both values."""
        return self._mend(actor, case_id, "correct", correction_of(values), reason)

    def relocate(self, actor: Actor, case_id: str, data: Data, reason: str) -> Case:
        """Let open elements of one scope go on at another step of it; a supervisor's verb.

        ``data``: of ``relocation()``. Their tasks, timers, waits and effects end with them. Raises
        Conflict (relocate_*: nothing was changed), NotAllowed.
        """
        return self._mend(actor, case_id, "relocate", data, reason)

    def cancel(self, actor: Actor, case_id: str, reason: str) -> Case:
        """End a case here, with a reason; a supervisor's verb."""
        return self._mend(actor, case_id, "cancel", {}, reason)

    def pause_clock(self, actor: Actor, case_id: str, rule: str, reason: str) -> Case:
        """Stop a period where the law stops it (appraisal, agreed stay), with a reason."""
        return self._mend(actor, case_id, "clock_paused", {"rule": rule}, reason)

    def resume_clock(self, actor: Actor, case_id: str, rule: str, reason: str) -> Case:
        """Let a paused period run on."""
        return self._mend(actor, case_id, "clock_resumed", {"rule": rule}, reason)

    def would_mend(self, store: Store, case: Case, verb: str, data: Data) -> Outcome:
        """What a repair would come to on the case as it is; writes nothing. Raises as the repair does."""
        if case.status in OVER:
            raise Conflict("case_over")
        now = self.clock()
        cause = Input(case.id, case.seq + 1, verb, now, max(now, case.at), data=data)
        release = self.release_of(store, case.release)
        outcome = advance(release, self.facts_of(store, case.facts), case.state, cause)
        if outcome.incident:
            why = outcome.incident
            raise Conflict("cannot_mend", reason=why.code, detail=why.params)
        if verb == "relocate":
            fault = dead_end(release.files, standing(case.state), standing(outcome.state))
            if fault:
                raise Conflict("relocate_stuck", element=fault.element, path=fault.path)
        return outcome

    def needs_second(self, store: Store, case: Case) -> bool:
        """Whether a second person must approve what changes this case: its office's setting today."""
        facts, today = store.current_facts(), local_day(self.clock())
        org = store.organisation(case.org) if case.org else None
        return NEEDS_SECOND in facts.settings and bool(setting(facts, NEEDS_SECOND, org, today))

    def _mend(self, actor: Actor, case_id: str, verb: str, data: Data, reason: str) -> Case:
        act = mending(actor, verb, data, reason)

        def mend(store: Store, case: Case) -> Case:
            if verb in CHANGING and self.needs_second(store, case):
                raise NotAllowed("repair_needs_second")
            return self._mend_in(store, case, act)

        return self._again(lambda: self._upon(case_id, mend))

    def _mend_in(self, store: Store, case: Case, act: Act) -> Case:
        self.would_mend(store, case, act.verb, act.data)
        moved, outcome = self._move(
            store, case, replace(act, data=with_before(act.verb, act.data, case))
        )
        if act.verb == "cancel":
            moved = self._cancelled(store, moved)
        return self._let_go(store, moved, outcome) if act.verb != "correct" else moved

    @staticmethod
    def _let_go(store: Store, case: Case, outcome: Outcome) -> Case:
        """What was held for something that is no longer open is over; what can still come is held on."""
        waiting = {one.id for one in outcome.tasks} | {one.id for one in outcome.timers}
        waiting |= {one.id for one in outcome.effects}
        while held := store.incident_of(case.id):
            if case.status == "open" and _may_come(held, waiting):
                case = replace(case, status="held")
                store.touch_case(case)
                break
            store.close_incident(held.id)
        return case

    @staticmethod
    def _cancelled(store: Store, case: Case) -> Case:
        over = replace(case, status="cancelled")
        store.touch_case(over)
        return over


def with_before(verb: str, data: Data, case: Case) -> Data:
    """A correction also tells what stood there."""
    if verb != "correct":
        return data
    stood = read_state(case.state).data
    return {**data, "before": {pointer: look_up(stood, pointer) for pointer in data["values"]}}


def _may_come(held: Held, waiting: set[str]) -> bool:
    return held.input is not None and held.input.task in {"", *waiting}


def mending(actor: Actor, verb: str, data: Data, reason: str) -> Act:
    """A supervisor's act with its reason; NotAllowed (may_not_mend, reason_needed)."""
    if not may_mend(actor):
        raise NotAllowed("may_not_mend")
    if not reason.strip():
        raise NotAllowed("reason_needed")
    place = place_of(data["from"][0]) if data.get("from") else Place("")
    return Act(verb, actor, place=place, data=data, reason=reason.strip())


def correction_of(values: Mapping[str, Any]) -> Data:
    """The data of a ``correct``: plain JSON values by pointer. Invalid (nothing_corrected)."""
    if not values:
        raise Invalid("nothing_corrected")
    return {"values": {pointer: from_json(value) for pointer, value in values.items()}}


def relocation(places: Sequence[Place], to: str) -> Data:
    """The data of a ``relocate``: what stands at these places goes on at an element of their scope."""
    return {"from": [from_json(asdict(place)) for place in places], "to": to}
