"""What the clock does to a case: timers that fire, reminders and breaches that are noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.clocks import Rule, read_rules, reminders
from engine.model import Case, RunningClock
from engine.ports import Store

from .cases import CaseVerbs
from .desk import Act

BREACH = 100
"""Percent of a period at which it is over (C9)."""


class TurnVerbs(CaseVerbs):
    def turn(self, case_id: str) -> int:
        """Fire every timer of a case that is due now, then note its due reminders; how many."""
        return self._again(lambda: self._turn(case_id))

    def _turn(self, case_id: str) -> int:
        with self._open() as store:
            case = store.case(case_id)
            if case.status != "open":
                return 0
            fired = self._fire_due(store, case, self.clock())
        return fired + self._again(lambda: self._remind(case_id))

    def _remind(self, case_id: str) -> int:
        """Note each reminder that came since the clock was planned last; plan the next (C9).

        A breach is a note too: it never decides a legal outcome, drawn timers do where the law says so.
        """
        with self._open() as store:
            case, now, noted = store.case(case_id), self.clock(), 0
            for clock, planned in store.due_clocks(case_id):
                moments = reminders(self._rule(store, case, clock), clock.started_at, clock.due)
                for percent, moment in moments:
                    if planned <= moment <= now:
                        case = self._note(store, case, _reminder(clock, percent, moment))
                        noted += 1
                coming = [moment for _, moment in moments if moment > now]
                store.plan_clock(case_id, clock, min(coming, default=None))
        return noted

    def _rule(self, store: Store, case: Case, clock: RunningClock) -> Rule:
        return self._rules(store, case.release)[clock.rule]

    def _rules(self, store: Store, digest: str) -> Mapping[str, Rule]:
        return read_rules(self.release_of(store, digest).files["shared/rules.toml"])


def _reminder(clock: RunningClock, percent: int, moment: datetime) -> Act:
    verb = "clock_breached" if percent >= BREACH else "clock_reminded"
    data = {"rule": clock.rule, "percent": percent, "moment": moment, "due": clock.due}
    return Act(verb, place=clock.place, data=data)
