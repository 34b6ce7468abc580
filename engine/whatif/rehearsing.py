"""Plays a recorded case on another release beside its own, and says where the two part.

As long as each recorded input gives on the draft what the journal says it gave then, only the draft
is played. From where the two part, a draft's timers fire by a virtual clock before each recorded
input, inputs find their element by place, and effects get what came back then. The product's own step
does all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.errors import EngineError
from engine.model import (
    Data,
    Entry,
    Facts,
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

from .calling import Calling, ids_of
from .fitting import Both, Fit, Forms
from .verdict import Parted, Rehearsed, Verdict

SHOWN = frozenset({"entered", "fired"})
"""What of the trace makes a path."""
Step = tuple[str, str, int | None]  # element, scope, multi-instance item


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
        return _Playing(inputs, self.draft, self.read, self._forms_of).run()

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
        forms_of: Callable[[str], Forms],
    ) -> None:
        first = inputs[0][0]
        self.inputs, self.read, self.forms_of = inputs, read, forms_of
        self.was = NOTHING
        self.went: list[Step] = []
        every = [forms_of(digest) for digest in sorted({one.release for one, _ in inputs})]
        moves = (payload.data.get("names", {}) for one, payload in inputs if one.verb == "move")
        self.calling = Calling(moves, every[0].drawn.keys())
        answers = Answers(self._results(), "", first.received_at)
        self.case = VirtualCase(draft, read[1](first.facts), first.received_at, answers)
        known = (id for one in every for id in (*one.known, *ids_of(one.alike)))
        self.case.awaited = {*known, *self.calling.known}  # only what is new answers by itself
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
                self.calling.moved += entry.verb == "move"
                if entry.verb != "fire":
                    self._until(entry.received_at)
                    self.before = entry
                    self._follow(entry, payload.data)
                self.was = play_again(entry, payload, self.was.state or None, self.read)
                self.went += self._steps(self.was.trace, entry)
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
        forms = self.forms_of(entry.release)
        return forms.fit((element, element), data, seen, facts, entry.received_at)

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
        old, new = self.went, [_step(one.place) for one in self.case.trace if one.what in SHOWN]
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
            effect = _at(self.case.outcome.effects, self._place(entry))
            if effect is None:
                return  # not asked for on this way, or answered by its operation
            task = effect.id
        elif entry.verb == "start":
            data = self._fitting(("start", "start"), entry, data, {})
        elif entry.verb == "relocate":
            data = self.calling.relocated(data, self.forms_of(entry.release).alike)
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
            params = {"element": self._place(entry).element, "reason": code, "detail": {}}
            raise Parted("other" if self.first else "stuck", "whatif_stuck", **params) from stop

    def _completed(self, entry: Entry, data: Data) -> tuple[str, Data]:
        place = self._place(entry)
        task = _at(self.case.outcome.tasks, place)
        if task is None:
            raise Parted("other" if self.first else "stuck", "whatif_unmet", element=place.element)
        return task.id, self._fitting((entry.element, place.element), entry, data, task.local)

    def _fitting(self, both: Both, entry: Entry, data: Data, local: Data) -> Data:
        seen = {**self.case.outcome.data, **local}
        forms = self.forms_of(entry.release)
        fit = forms.fit(both, data, seen, self.case.facts, entry.received_at)
        if fit.problems:
            raise Parted("input", "whatif_input", element=both[1], problems=fit.problems)
        return fit.data

    def _clocks(self) -> Rehearsed | None:
        """A period that is late only on the draft, or does not run there at all."""
        for code, old, new in (
            ("whatif_clock_late", self._late(self.was), self._late(self.case.outcome, True)),
            ("whatif_clock_lost", _rules(self.case.outcome), _rules(self.was)),
        ):
            worse = sorted(new - old)
            if worse:
                return self._found("clock", code, rule=worse[0][0], element=worse[0][1])
        return None

    # As the draft calls it ------------------------------------------------------------------

    def _place(self, entry: Entry) -> Place:
        """Where an entry acted."""
        told = entry.place
        where = (told.get("scope", ""), told.get("item"), told.get("occurrence", 0))
        return self._called(Place(entry.element, *where), entry)

    def _called(self, place: Place, entry: Entry) -> Place:
        return self.calling.place(place, self.forms_of(entry.release).alike)

    def _steps(self, trace: Iterable[Passed], entry: Entry) -> list[Step]:
        return [_step(self._called(one.place, entry)) for one in trace if one.what in SHOWN]

    def _late(self, outcome: Outcome, on_draft: bool = False) -> set[tuple[str, str]]:
        late = [one for one in outcome.clocks if (one.ended_at or self.case.now) > one.due]
        last = self.inputs[-1][0]
        places = (one.place if on_draft else self._called(one.place, last) for one in late)
        return {(one.rule, place.element) for one, place in zip(late, places, strict=True)}

    def _results(self) -> dict[str, Any]:
        """What came back for operations whose element the draft no longer has."""
        found: dict[str, Any] = {}
        for entry, payload in self.inputs:
            self.calling.moved += entry.verb == "move"
            forms = self.forms_of(entry.release)
            is_gone = self._place(entry).element not in forms.drawn
            if entry.verb == "effect_returned" and entry.element in forms.known and is_gone:
                operation = forms.known[entry.element].operation
                found[operation] = to_json(payload.data.get("result"))
        self.calling.moved = 0
        return found


def _at(waiting: Iterable[Any], place: Place) -> Any:
    """What waits where something was done; of several rounds the same one, else the first."""
    found = [one for one in waiting if _step(one.place) == _step(place)]
    exact = [one for one in found if one.place == place]
    return next(iter([*exact, *found]), None)


def _step(place: Place) -> Step:
    return place.element, place.scope, place.item


def _first(steps: Iterable[Step], differing: Counter[Step]) -> str:
    return next((one[0] for one in steps if one in differing), "")


def _rules(outcome: Outcome) -> set[tuple[str, str]]:
    return {(one.rule, "") for one in outcome.clocks}
