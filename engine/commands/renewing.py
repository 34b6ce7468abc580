"""Bringing running cases to what changed outside them: calendars and settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.model import SYSTEM, Actor, Case, Data, Facts, Input, RunningClock
from engine.ports import Store
from engine.spiff import advance, read_state

from .cases import CaseVerbs
from .desk import Act

CHANGES = "setting:"
"""Streams in which changes of settings and calendars are journalled."""


class RenewVerbs(CaseVerbs):
    def acknowledge_facts(self, case_id: str, actor: Actor = SYSTEM) -> Case:
        """Bring a running case to the current facts: its clocks are computed anew.

        The entry ``facts_changed`` tells every date that moved with both values, and as its reason
        what was changed outside, by the words of whoever changed it.
        """
        return self._again(lambda: self._new_facts(case_id, actor))

    def _new_facts(self, case_id: str, actor: Actor) -> Case:
        with self._open() as store:
            case = store.case(case_id)
            facts = store.current_facts()
            if case.facts == facts.digest or case.status not in ("open", "held"):
                return case
            self._facts[facts.digest] = facts
            data = {"before": case.facts, "dates": self._dates(store, case, facts)}
            act = Act("facts_changed", actor, data=data, reason=reasons(store, case.facts))
            return self._move(store, replace(case, facts=facts.digest), act)[0]

    def _dates(self, store: Store, case: Case, facts: Facts) -> list[Data]:
        """What the periods of a case will end at under other facts, where that is another moment."""
        now = self.clock()
        cause = Input(case.id, case.seq + 1, "facts_changed", now, max(now, case.at), "", {})
        told = advance(self.release_of(store, case.release), facts, case.state or None, cause)
        after = {_key(clock): clock.due for clock in told.clocks}
        return [
            {"rule": clock.rule, "before": clock.due, "after": after[_key(clock)]}
            for clock in read_state(case.state).clocks
            if after.get(_key(clock), clock.due) != clock.due
        ]


def reasons(store: Store, since: str) -> str:
    """Why calendars and settings were changed since those facts, in the order it was done."""
    changes: list[tuple[datetime, str, str]] = []
    for stream in store.streams(CHANGES):
        for entry, payload in store.entries(stream):
            if entry.verb == "set" and payload:
                changes.append((entry.at, str(payload.data.get("facts")), payload.reason))
    changes.sort()
    seen = [number for number, (_, digest, _) in enumerate(changes) if digest == since]
    later = changes[seen[-1] + 1 :] if seen else changes
    return "；".join(_once([reason for _, _, reason in later if reason]))


def _once(said: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(said))


def _key(clock: RunningClock) -> tuple[object, ...]:
    return clock.rule, clock.place, clock.started_at
