"""The clocks of a case: started, paused, resumed, extended and ended by elements or by inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, Protocol

from engine.clocks import Rule, compute
from engine.diagram import ClockMark
from engine.errors import Conflict, Invalid
from engine.facts import for_case
from engine.model import Facts, Place, RunningClock
from engine.workdays import day_end, local_day

from .tokens import Token

CHINA = timezone(timedelta(hours=8))
Change = Callable[[RunningClock], RunningClock]
ANYWHERE = Place("")


class Judge(Protocol):
    """What marks need of a running step."""

    now: datetime

    def evaluate(self, token: Token, expression: str) -> Any: ...
    def place(self, token: Token) -> Place: ...


class Periods:
    """All clocks of a case, at most one per rule, element and multi-instance item."""

    def __init__(self, rules: Mapping[str, Rule], facts: Facts) -> None:
        self.rules = rules
        self.facts = facts
        self.case: Any = None  # the case's own data: whose settings the lengths come from
        self.clocks: list[RunningClock] = []
        self.keeps_items_apart = True  # since STEP 2
        self.is_changed = False

    def mark(self, run: Judge, token: Token, moment: str) -> None:
        """Do what an element's marks say for one of its moments."""
        for mark in token.task_spec.node.clocks:
            if moment in (mark.starts, mark.pauses, mark.resumes, mark.ends, mark.extends):
                rule = self.named(run, token, mark.rule)
                if rule:
                    self._apply(run, token, replace(mark, rule=rule), moment)

    def named(self, run: Judge, token: Token, text: str) -> str:
        """The rule a mark or timer speaks of: an id, else what the FEEL text names; "" for none."""
        return text if text in self.rules else str(run.evaluate(token, text) or "")

    def _apply(self, run: Judge, token: Token, mark: ClockMark, moment: str) -> None:
        place = run.place(token)
        if mark.starts == moment:
            self._begin(run, token, mark)
        if mark.pauses == moment:
            self.pause(mark.rule, run.now, place)
        if mark.resumes == moment:
            self.resume(mark.rule, run.now, place)
        if mark.extends == moment:
            self.extend(mark.rule, until_of(run.evaluate(token, mark.until), mark.rule), place)
        if mark.ends == moment:
            self.end(mark.rule, self._ended_at(run, token, mark), place)

    def begin(self, run: Judge, token: Token, mark: ClockMark) -> None:
        """Start the clock of one mark, if it names one."""
        rule = self.named(run, token, mark.rule)
        if rule:
            self._begin(run, token, replace(mark, rule=rule))

    def _begin(self, run: Judge, token: Token, mark: ClockMark) -> None:
        since = moment_of(run.evaluate(token, mark.from_)) if mark.from_ else run.now
        if since is not None:
            self.start(mark.rule, run.place(token), since)

    @staticmethod
    def _ended_at(run: Judge, token: Token, mark: ClockMark) -> datetime:
        """Now, or the earlier day on which it was done: posted in time is in time (C3)."""
        if not mark.until or mark.extends == mark.ends:
            return run.now
        return min(until_of(run.evaluate(token, mark.until), mark.rule), run.now)

    def start(self, rule: str, place: Place, since: datetime) -> None:
        """Start a rule's clock; one that the same element started before gives way to it."""
        same = (rule, place.scope, place.element, place.item)
        kept = [one for one in self.clocks if _key(one) != same]
        self.clocks = [*kept, self._computed(RunningClock(rule, place, since, since))]
        self.is_changed = True

    def pause(self, rule: str, at: datetime, place: Place = ANYWHERE) -> None:
        self._change(rule, lambda one: one if is_paused(one) else _paused(one, at), place)

    def resume(self, rule: str, at: datetime, place: Place = ANYWHERE) -> None:
        self._change(rule, lambda one: _resumed(one, at) if is_paused(one) else one, place)

    def extend(self, rule: str, until: datetime, place: Place = ANYWHERE) -> None:
        """Let the running clocks of a rule end at ``until``; Conflict if none runs."""
        if not self.running(rule, place):
            raise Conflict("clock_not_running", rule=rule)
        self._change(rule, lambda one: replace(one, extended_to=until), place)

    def end(self, rule: str, at: datetime, place: Place = ANYWHERE) -> None:
        self._change(rule, lambda one: replace(one, ended_at=at), place)

    def end_all(self, at: datetime) -> None:
        for rule in sorted({one.rule for one in self.clocks}):
            self.end(rule, at)

    def recompute(self) -> None:
        """Compute every running clock again under the facts of this step."""
        for rule in sorted({one.rule for one in self.clocks}):
            self._change(rule, lambda one: one)

    def running(self, rule: str, place: Place = ANYWHERE) -> list[RunningClock]:
        """The running clocks of a rule that an element at ``place`` means."""
        return [one for one in self.clocks if self._is_meant(one, rule, place)]

    def _is_meant(self, clock: RunningClock, rule: str, place: Place) -> bool:
        """Inside a multi-instance activity no element means the clock of another item."""
        if clock.rule != rule or clock.ended_at is not None:
            return False
        beside = clock.place.scope == place.scope and None not in (clock.place.item, place.item)
        return not (self.keeps_items_apart and beside and clock.place.item != place.item)

    def due(self, rule: str, place: Place = ANYWHERE) -> datetime | None:
        """When the latest running clock of a rule ends; None if none runs or it is paused."""
        found = [one for one in self.running(rule, place) if not is_paused(one)]
        return found[-1].due if found else None

    def _change(self, rule: str, change: Change, place: Place = ANYWHERE) -> None:
        self.clocks = [
            self._computed(change(one)) if self._is_meant(one, rule, place) else one
            for one in self.clocks
        ]
        self.is_changed = True

    def _computed(self, clock: RunningClock) -> RunningClock:
        if clock.ended_at is not None:
            return clock
        rule = self.rules.get(clock.rule)
        if rule is None:
            raise Invalid("unknown_clock_rule", rule=clock.rule)
        facts = for_case(self.facts, self.case, local_day(clock.started_at))
        due = compute(rule, clock.started_at, facts, clock.pauses, clock.extended_to)
        return replace(clock, due=due.due_at.astimezone(UTC), provisional=due.provisional)


def is_paused(clock: RunningClock) -> bool:
    return bool(clock.pauses) and clock.pauses[-1][1] is None


def _paused(clock: RunningClock, at: datetime) -> RunningClock:
    return replace(clock, pauses=(*clock.pauses, (at, None)))


def _resumed(clock: RunningClock, at: datetime) -> RunningClock:
    return replace(clock, pauses=(*clock.pauses[:-1], (clock.pauses[-1][0], at)))


def _key(clock: RunningClock) -> tuple[str, str, str, int | None]:
    return clock.rule, clock.place.scope, clock.place.element, clock.place.item


def moment_of(value: Any) -> datetime | None:
    """A FEEL date (its first instant, +08:00) or date-time as aware UTC; None for anything else."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=CHINA)).astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), CHINA).astimezone(UTC)
    return None


def until_of(value: Any, rule: str) -> datetime:
    """Through the end of a FEEL date, or until a date-time, as aware UTC; Invalid (clock_no_end)."""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    until = day_end(value).astimezone(UTC) if is_day else moment_of(value)
    if until is None:
        raise Invalid("clock_no_end", rule=rule)
    return until
