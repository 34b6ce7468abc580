"""How a rehearsal stands, in words: what can happen now, and the steps that led there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.diagram import Node
from engine.errors import EngineError
from engine.model import Data, Effect, OpenTask, RunningClock, Subscription
from engine.scenario.reading import KINDS, moment, span
from engine.texts import Lang
from webui import display
from webui.audit.wording import Wording
from webui.citing import Cited, cite_on
from webui.clockcards import ClockCard, cards_under
from webui.errors import refusal
from webui.registers import role_name, rules
from webui.words import lang, pick, t

from .happened import Happened
from .trial import Trial, as_json


@dataclass(frozen=True, slots=True)
class Todo:
    """An open task: who may do it, which item of a list it is about."""

    task: OpenTask
    name: str
    who: Sequence[str]
    item: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """Something done outside that the case waits for.

    ``usual``: JSON of what it gives; ``others``: (scenario, JSON) of what it gives in scenarios.
    """

    effect: Effect
    name: str
    params: Sequence[tuple[str, str]]
    usual: str
    others: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A moment to come: a timer fires, or a period ends without that."""

    at: datetime
    name: str
    rule: str
    basis: Sequence[Cited]
    fires: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the story: ``at`` the virtual time after it, None while it lies ahead."""

    number: int
    kind: str
    name: str
    said: str
    at: datetime | None
    is_stuck: bool


class Standing:
    """Says one rehearsal."""

    def __init__(self, trial: Trial) -> None:
        self.trial, self.found, self.drawn = trial, trial.found, trial.drawn
        self.case = self.found.player.case
        self.outcome = self.case.outcome
        self.now = self.case.now
        parties = self.outcome.data.get("parties") or ()
        names = {str(one.get("id")): str(one.get("name", "")) for one in parties}
        self.wording = Wording(self.drawn, names, revealed=True)
        self.happened = Happened(trial, self.wording, names)

    @property
    def has_begun(self) -> bool:
        return self.trial.is_begun and bool(self.found.taken)

    @property
    def incident(self) -> str:
        stop = self.case.incident
        if stop is None:
            return ""
        named = (
            (key, self.step(v) if v in self.drawn.nodes else v) for key, v in stop.params.items()
        )
        place = f"{self.step(stop.place.element)} · " if stop.place else ""
        return place + refusal(EngineError(stop.code, **dict(named)))

    @property
    def stuck(self) -> str:
        return self.found.stuck.say(_lang()) if self.found.stuck else ""

    def step(self, element: str) -> str:
        return self.drawn.step(element)

    def node(self, element: str) -> Node | None:
        return self.drawn.nodes.get(element)

    # What can happen ----------------------------------------------------------------------------

    @cached_property
    def todos(self) -> list[Todo]:
        return [self._todo(task) for task in self.outcome.tasks]

    def _todo(self, task: OpenTask) -> Todo:
        own = ("", self.found.player.org)
        who = [role_name(role) for role in task.role.split()]
        who += [self.wording.said(id) for id in (task.org, task.person) if id not in own]
        called = (self._called(value) for value in task.local.values())
        item = "、".join(filter(None, called)) if task.place.item is not None else ""
        return Todo(task, self.step(task.place.element), who, item)

    def _called(self, value: Any) -> str:
        if isinstance(value, Mapping):
            return str(value.get("name", ""))
        return self.wording.said(value) if isinstance(value, str) else ""

    @cached_property
    def owed(self) -> list[Owed]:
        return [self._owed(effect) for effect in self.outcome.effects]

    def _owed(self, effect: Effect) -> Owed:
        params = [(name, self.wording.said(value)) for name, value in effect.params.items()]
        others = self.trial.results({effect.place.element, effect.operation})
        usual = as_json(self.found.usual(effect)) or next((one for _, one in others), "")
        return Owed(effect, self.step(effect.place.element), params, usual, others)

    @property
    def caught(self) -> list[tuple[str, str]]:
        """(code, name) of every error that the diagram catches."""
        found = {
            event.code: pick(node.name, node.id)
            for node in self.drawn.nodes.values()
            for event in node.events
            if event.kind == "error" and node.type in ("boundaryEvent", "startEvent")
        }
        return sorted((code, name) for code, name in found.items() if code)

    @cached_property
    def awaited(self) -> list[tuple[Subscription, str, str]]:
        """What may arrive: (subscription, name of the element, JSON of a payload)."""
        return [
            (one, self.step(one.place.element), as_json(self.trial.payload(one.kind, one.name)))
            for one in self.outcome.subscriptions
        ]

    @cached_property
    def ahead(self) -> list[Ahead]:
        """Soonest first."""
        cards = {card.clock.rule: card for card in self.cards}
        timers = [self._timer(one.place.element, one.due, cards) for one in self.outcome.timers]
        firing = {(one.rule, one.at) for one in timers}
        running = (card for card in self.cards if self._runs(card.clock))
        ends = [Ahead(one.clock.due, one.name, one.name, one.basis, False) for one in running]
        found = [*timers, *(one for one in ends if (one.rule, one.at) not in firing)]
        return sorted(found, key=lambda one: (one.at, not one.fires, one.name))

    def _runs(self, clock: RunningClock) -> bool:
        is_paused = bool(clock.pauses) and clock.pauses[-1][1] is None
        return not clock.ended_at and not is_paused and clock.due > self.now

    def _timer(self, element: str, due: datetime, cards: Mapping[str, ClockCard]) -> Ahead:
        node = self.node(element)
        ruled = next((event.clock for event in node.events if event.clock), "") if node else ""
        card, rule = cards.get(ruled), rules().get(ruled)
        basis = card.basis if card else [cite_on(ref, due) for ref in (node.basis if node else ())]
        named = card.name if card else pick(rule.name) if rule else ""
        return Ahead(due, self.step(element), named, basis, True)

    @cached_property
    def cards(self) -> list[ClockCard]:
        """Its periods, explained under the facts as they are in the story."""
        release, data = self.trial.stage.release, self.outcome.data
        if "shared/rules.toml" not in release.files:
            return []
        return cards_under(self.outcome.clocks, self.case.facts, data.get("case"), release)

    # The story so far ---------------------------------------------------------------------------

    def lines(self) -> Iterator[Line]:
        """Every step of the story, those ahead too."""
        taken, stuck = self.found.taken, self.found.stuck
        for number, step in enumerate(self.trial.tried.steps, 1):
            kind = next(kind for kind in KINDS if kind in step)
            at = taken[number].at if number < len(taken) else None
            is_stuck = bool(stuck and stuck.step == number)
            name, said = self._told(kind, step)
            if at and taken[number].is_refused:
                said = str(t("play.refused"))
            yield Line(number, kind, name, said, at, is_stuck)

    def done_at(self, element: str) -> int:
        """The number of the last step taken at an element, 0 for none."""
        steps = self.trial.tried.steps[: len(self.found.taken) - 1]
        told = [element in (step.get("task"), step.get("effect")) for step in steps]
        return max((number for number, is_here in enumerate(told, 1) if is_here), default=0)

    def _told(self, kind: str, step: Data) -> tuple[str, str]:
        """What a step is about, and how it went."""
        about = step[kind]
        match kind:
            case "task":
                return self.step(about), self.trial.way_out(about, step.get("outcome", ""))
            case "effect":
                return self.step(about), step.get("error", "")
            case "pass":
                return str(display.span(span(about))), ""
            case "to":
                return display.long_time(moment(about)), ""
            case "correct":
                changed = self.wording.changes((p, None, value) for p, value in about.items())
                return "、".join(one.label for one in changed), ""
        return (about, "") if isinstance(about, str) else ("", "")


def _lang() -> Lang:
    return "zh" if lang() == "zh" else "en"
