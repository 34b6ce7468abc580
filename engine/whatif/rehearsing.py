"""Plays a recorded case on another release beside its own, and says where the two part.

As long as each recorded input gives on the draft what the journal says it gave then, only the draft
is played. From where the two part, a draft's timers fire by a virtual clock before each recorded
input, inputs find their element by place, and effects get what came back then. The product's own step
does all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from engine.errors import EngineError
from engine.model import (
    Data,
    Effect,
    Entry,
    Facts,
    OpenTask,
    Outcome,
    Passed,
    Payload,
    Place,
    Release,
)
from engine.replay import Chain, ReadFacts, ReadRelease, input_of, play_again, state_digest
from engine.scenario.answers import Answers
from engine.scenario.virtual import NOTHING, Stop, VirtualCase
from engine.spiff import advance
from engine.values import to_json

from .fitting import Fit, Forms

Verdict = Literal["same", "other", "stuck", "clock", "input", "erased"]
SHOWN = frozenset({"entered", "fired"})
"""What of the trace makes a path."""
Step = tuple[str, str, int | None]  # element, scope, multi-instance item


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a case would have done. ``code`` and ``params``: why, of the first difference.

    ``seq``, ``at``: the recorded input after which it shows.
    """

    verdict: Verdict
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    seq: int = -1
    at: datetime | None = None


class Parted(Exception):
    """The draft cannot take the next recorded input."""

    def __init__(self, verdict: Verdict, code: str, **params: Any) -> None:
        super().__init__(code)
        self.told = (verdict, code, params)


class Rehearsal:
    """A draft that cases are played on; ``read`` gives releases and facts by digest."""

    def __init__(self, draft: Release, read: tuple[ReadRelease, ReadFacts]) -> None:
        self.draft, self.read = draft, read
        self._forms: dict[str, Forms] = {}

    def play(self, chain: Chain) -> Rehearsed:
        """The verdict on one case. Pure."""
        entries = list(chain)
        if any(payload is None or payload.certificate for _, payload in entries):
            return Rehearsed("erased", "whatif_erased")
        inputs = [(one, payload) for one, payload in entries if payload and one.kind == "input"]
        if not inputs:
            return Rehearsed("erased", "whatif_empty")
        return _Playing(inputs, self.draft, self.read, self._forms_of(inputs[0][0].release)).run()

    def _forms_of(self, old: str) -> Forms:
        if old not in self._forms:
            self._forms[old] = Forms(self.read[0](old), self.draft)
        return self._forms[old]


def rehearse(chain: Chain, draft: Release, read: tuple[ReadRelease, ReadFacts]) -> Rehearsed:
    """The verdict on one case alone."""
    return Rehearsal(draft, read).play(chain)


class _Playing:
    def __init__(
        self,
        inputs: Sequence[tuple[Entry, Payload]],
        draft: Release,
        read: tuple[ReadRelease, ReadFacts],
        forms: Forms,
    ) -> None:
        first = inputs[0][0]
        self.inputs, self.read, self.forms = inputs, read, forms
        self.was = NOTHING
        self.went: list[Passed] = []
        answers = Answers(_results(inputs, forms), "", first.received_at)
        self.case = VirtualCase(draft, read[1](first.facts), first.received_at, answers)
        self.case.awaited = forms.known.keys()  # only what is new answers by itself
        self.first: Rehearsed | None = None
        self.before = first

    def run(self) -> Rehearsed:
        alike = self._as_recorded()
        if alike == len(self.inputs) and not self._is_due(self.inputs[-1][0].received_at):
            return Rehearsed("same")
        for entry, payload in self.inputs[:alike]:
            self.was = play_again(entry, payload, self.was.state or None, self.read)
        try:
            for entry, payload in self.inputs[alike:]:
                if entry.verb != "fire":
                    self._until(entry.received_at)
                    self.before = entry
                    self._follow(entry, payload.data)
                self.was = play_again(entry, payload, self.was.state or None, self.read)
                self.went += self.was.trace
            self._until(self.inputs[-1][0].received_at)
        except Parted as parted:
            verdict, code, params = parted.told
            if self.first is None or verdict != "other":
                return self._found(verdict, code, **params)
        return self.first or self._clocks() or Rehearsed("same")

    # As long as the draft does what was done ------------------------------------------------

    def _as_recorded(self) -> int:
        """How many inputs give on the draft exactly what the journal says they gave."""
        for number, (entry, payload) in enumerate(self.inputs):
            outcome = self._same(entry, payload)
            if outcome is None:
                return number
            self.case.outcome, self.case.seq = outcome, entry.seq
            self.case.now = max(self.case.now, entry.received_at)
            self.before = self.before if entry.verb == "fire" else entry
        return len(self.inputs)

    def _same(self, entry: Entry, payload: Payload) -> Outcome | None:
        """What the draft makes of an input; None where it is anything but what was recorded."""
        if entry.verb == "move" or (entry.verb != "fire" and self._is_due(entry.received_at)):
            return None
        facts = self.read[1](entry.facts)
        cause = input_of(entry, payload)
        if entry.verb in ("start", "complete"):
            fit = self._fit(entry, payload.data, facts)
            if fit.problems:
                return None
            cause = replace(cause, data=fit.data)
        try:
            outcome = advance(
                self.case.release, facts, self.case.outcome.state or None, cause, entry.step
            )
        except EngineError:
            return None
        is_same = outcome.incident is None and state_digest(payload.salt, outcome) == entry.state
        return outcome if is_same else None

    def _fit(self, entry: Entry, data: Data, facts: Facts) -> Fit:
        tasks = {one.id: one for one in self.case.outcome.tasks}
        task = tasks.get(entry.place.get("task", ""))
        seen = {**self.case.outcome.data, **(task.local if task else {})}
        element = "start" if entry.verb == "start" else entry.element
        return self.forms.fit(element, data, seen, facts, entry.received_at)

    def _is_due(self, moment: datetime) -> bool:
        return any(timer.due <= moment for timer in self.case.outcome.timers)

    # From where the two part ----------------------------------------------------------------

    def _found(self, verdict: Verdict, code: str, **params: Any) -> Rehearsed:
        return Rehearsed(verdict, code, params, self.before.seq, self.before.received_at)

    def _until(self, moment: datetime) -> None:
        """Let the draft's timers fire, and compare the ways since the last recorded input."""
        try:
            self.case.pass_until(moment)
        except Stop as stop:
            code, params = stop.finding
            raise Parted("stuck", code, **params) from stop
        self._stands()
        old, new = _steps(self.went), _steps(self.case.trace)
        gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
        if self.first is None and (gone or come):
            told = {"gone": _first(old, gone), "come": _first(new, come)}
            code = (
                "whatif_other" if all(told.values()) else "whatif_gone" if gone else "whatif_come"
            )
            self.first = self._found("other", code, **{k: v for k, v in told.items() if v})
        self.went, self.case.trace = [], []

    def _stands(self) -> None:
        why = self.case.incident
        if why:
            element = why.place.element if why.place else ""
            inner = {"reason": why.code, "detail": dict(why.params)}
            raise Parted("stuck", "whatif_stuck", element=element, **inner)

    def _follow(self, entry: Entry, data: Data) -> None:
        """Give the draft what the case was given."""
        self.case.facts = self.read[1](entry.facts)
        task = ""
        if entry.verb == "complete":
            task, data = self._completed(entry, data)
        elif entry.verb.startswith("effect_"):
            effect = _at(self.case.outcome.effects, entry)
            if effect is None:
                return  # not asked for on this way, or answered by its operation
            task = effect.id
        elif entry.verb == "start":
            data = self._fitting("start", entry, data, {})
        elif entry.verb == "move":
            return
        self._send(entry, data, task)

    def _send(self, entry: Entry, data: Data, task: str) -> None:
        try:
            self.case.send(entry.verb, data, task, entry.received_at)
            self._stands()
            self.case.settle()
        except Stop as stop:
            code = str(stop.finding[1].get("code", stop.finding[0]))
            params = {"element": entry.element, "reason": code, "detail": {}}
            raise Parted("other" if self.first else "stuck", "whatif_stuck", **params) from stop

    def _completed(self, entry: Entry, data: Data) -> tuple[str, Data]:
        task = _at(self.case.outcome.tasks, entry)
        if task is None:
            raise Parted("other" if self.first else "stuck", "whatif_unmet", element=entry.element)
        return task.id, self._fitting(entry.element, entry, data, task.local)

    def _fitting(self, element: str, entry: Entry, data: Data, local: Data) -> Data:
        seen = {**self.case.outcome.data, **local}
        fit = self.forms.fit(element, data, seen, self.case.facts, entry.received_at)
        if fit.problems:
            raise Parted("input", "whatif_input", element=element, problems=fit.problems)
        return fit.data

    def _clocks(self) -> Rehearsed | None:
        """A period that is late only on the draft, or does not run there at all."""
        now = self.case.now
        for code, old, new in (
            ("whatif_clock_late", _late(self.was, now), _late(self.case.outcome, now)),
            ("whatif_clock_lost", _rules(self.case.outcome), _rules(self.was)),
        ):
            worse = sorted(new - old)
            if worse:
                return self._found("clock", code, rule=worse[0][0], element=worse[0][1])
        return None


def _results(inputs: Iterable[tuple[Entry, Payload]], forms: Forms) -> dict[str, Any]:
    """What came back for operations whose element the draft no longer has."""
    return {
        forms.known[entry.element].operation: to_json(payload.data.get("result"))
        for entry, payload in inputs
        if entry.verb == "effect_returned"
        and entry.element in forms.known
        and entry.element not in forms.drawn
    }


def _at(waiting: Iterable[Any], entry: Entry) -> Any:
    """What waits where an entry acted; of several rounds the same one, else the first."""
    place = entry.place
    found: list[OpenTask | Effect] = [
        one
        for one in waiting
        if (one.place.element, one.place.scope, one.place.item)
        == (entry.element, place.get("scope", ""), place.get("item"))
    ]
    exact = [one for one in found if one.place.occurrence == place.get("occurrence", 0)]
    return next(iter([*exact, *found]), None)


def _steps(trace: Iterable[Passed]) -> list[Step]:
    return [_step(one.place) for one in trace if one.what in SHOWN]


def _step(place: Place) -> Step:
    return place.element, place.scope, place.item


def _first(steps: Iterable[Step], differing: Counter[Step]) -> str:
    return next((one[0] for one in steps if one in differing), "")


def _late(outcome: Outcome, now: datetime) -> set[tuple[str, str]]:
    return {
        (one.rule, one.place.element) for one in outcome.clocks if (one.ended_at or now) > one.due
    }


def _rules(outcome: Outcome) -> set[tuple[str, str]]:
    return {(one.rule, "") for one in outcome.clocks}
