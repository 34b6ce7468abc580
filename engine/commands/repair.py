"""Mending a case that stands still or holds something wrong: each with a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.access import may_mend
from engine.errors import Conflict, Invalid, NotAllowed
from engine.forms import look_up
from engine.model import Actor, Case, Data, Grant, Held
from engine.ports import Store
from engine.spiff import read_state
from engine.values import from_json

from .cases import CaseVerbs
from .desk import Act


class RepairVerbs(CaseVerbs):
    def retry(self, actor: Actor, incident_id: str, reason: str = "") -> bool:
        """Play the held input of an incident again, as its sender sent it; True when it went through.

        An effect that failed is performed again instead. For supervisors and the sender.
        """
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

    def correct(self, actor: Actor, case_id: str, values: dict[str, Any], reason: str) -> Case:
        """Mend case data by pointer, with a reason; a supervisor's verb. The journal keeps both values."""
        data = {"values": {pointer: from_json(value) for pointer, value in values.items()}}
        if not data["values"]:
            raise Invalid("nothing_corrected")
        return self._mend(actor, case_id, "correct", data, reason)

    def cancel(self, actor: Actor, case_id: str, reason: str) -> Case:
        """End a case here, with a reason; a supervisor's verb."""
        return self._mend(actor, case_id, "cancel", {}, reason)

    def pause_clock(self, actor: Actor, case_id: str, rule: str, reason: str) -> Case:
        """Stop a period where the law stops it (appraisal, agreed stay), with a reason."""
        return self._mend(actor, case_id, "clock_paused", {"rule": rule}, reason)

    def resume_clock(self, actor: Actor, case_id: str, rule: str, reason: str) -> Case:
        """Let a paused period run on."""
        return self._mend(actor, case_id, "clock_resumed", {"rule": rule}, reason)

    def _mend(self, actor: Actor, case_id: str, verb: str, data: Data, reason: str) -> Case:
        if not may_mend(actor):
            raise NotAllowed("may_not_mend")
        if not reason.strip():
            raise NotAllowed("reason_needed")
        return self._again(
            lambda: self._mend_once(Act(verb, actor, data=data, reason=reason), case_id)
        )

    def _mend_once(self, act: Act, case_id: str) -> Case:
        def mend(store: Store, case: Case) -> Case:
            if case.status in ("ended", "cancelled"):
                raise Conflict("case_over")
            moved, outcome = self._move(store, case, _with_before(act, case))
            if outcome.incident:
                raise Conflict("cannot_mend", reason=outcome.incident.code)
            return self._cancelled(store, moved) if act.verb == "cancel" else moved

        return self._upon(case_id, mend)

    @staticmethod
    def _cancelled(store: Store, case: Case) -> Case:
        over = replace(case, status="cancelled")
        store.touch_case(over)
        return over


def _with_before(act: Act, case: Case) -> Act:
    """A correction also tells what stood there."""
    if act.verb != "correct":
        return act
    stood = read_state(case.state).data
    before = {pointer: look_up(stood, pointer) for pointer in act.data["values"]}
    return replace(act, data={**act.data, "before": before})
