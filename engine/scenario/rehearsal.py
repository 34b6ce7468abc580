"""A story in the making: how a case stands after its steps so far, and where one no longer fits."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from engine.diagram import read_diagram
from engine.errors import Invalid
from engine.feel import pointer_get
from engine.model import Bilingual, Data, Effect, Facts, Release
from engine.package import DIAGRAM
from engine.values import to_json

from .playing import Player, unless_refused
from .reading import KINDS, Scenario, read_scenario
from .telling import as_plain
from .verdict import Failure, Found, judge
from .virtual import Stop

NAME = "rehearsal"
UNTITLED: Bilingual = {"zh": "试走", "en": "Rehearsal"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What was found after a step, at ``at`` of the virtual clock: what it caused, how the case stood.

    ``is_refused``: the story expects that it is turned down, and it was.
    """

    at: datetime
    found: Found
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Stand:
    """How it stands: ``taken`` holds the start and each step that fits, ``stuck`` why the next does not."""

    player: Player
    taken: tuple[Taken, ...]
    stuck: Failure | None = None

    def usual(self, effect: Effect) -> Any:
        """Plain JSON of what an effect gives unless a story says otherwise; None where nothing is."""
        answers = deepcopy(self.player.case.answers)
        return to_json(answers.give(effect)) if answers.knows(effect) else None


def stand(release: Release, facts: Facts, story: Scenario, count: int) -> Stand:
    """After the start and ``count`` steps; before the first of them that cannot be taken. Pure."""
    player = Player(release, facts, story)
    taken: list[Taken] = []
    for number, step in enumerate(player.told[: count + 1]):
        case, is_refused = player.case, False
        since, sent = len(case.trace), len(case.messages)
        try:
            player.take(number)
        except Stop as stop:
            is_refused = True
            if unless_refused(step.get("expect", {}), stop.finding):
                stuck = Failure(number, *stop.finding)
                return replace(_before(release, facts, story, number), stuck=stuck)
        found = Found(case.outcome, case.trace[since:], case.messages[sent:], case.incident)
        taken.append(Taken(case.now, found, is_refused))
    return Stand(player, tuple(taken))


def _before(release: Release, facts: Facts, story: Scenario, number: int) -> Stand:
    if number:
        return stand(release, facts, story, number - 1)
    return Stand(Player(release, facts, story), ())


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """``told``: a scenario as plain JSON; ``at``: how many of its steps are taken.

    ``name``: of the scenario it was taken from, "" for none.
    """

    told: Data
    at: int = 0
    name: str = ""

    @classmethod
    def begin(cls, start: Data, **world: Any) -> Self:
        """``world``: what else the story says of its surroundings (answers, registers, waits)."""
        return cls({"title": UNTITLED, "start": start, **world, "steps": [], "expect": {}})

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """As it was kept. Raises Invalid (rehearsal_outdated) where this version cannot read it."""
        try:
            found = cls(**kept)
            found.story()
        except (TypeError, Invalid) as unread:
            why = unread.params.get("reason", "") if isinstance(unread, Invalid) else unread
            raise Invalid("rehearsal_outdated", reason=str(why)[:200]) from None
        return found

    @property
    def steps(self) -> list[Data]:
        steps: list[Data] = self.told["steps"]
        return steps

    def story(self) -> Scenario:
        """Raises Invalid (scenario_malformed)."""
        return read_scenario(json.dumps(self.told).encode(), NAME)

    def add(self, step: Data) -> Self:
        """Take this step next. What lay ahead stays if its first was the same otherwise, else it goes."""
        done, ahead = self.steps[: self.at], self.steps[self.at :]
        again = bool(ahead) and about(ahead[0]) == about(step)
        rest = ahead[1:] if again else []
        told = self._awaiting([] if again else ahead) | {"steps": [*done, step, *rest]}
        return replace(self, told=told, at=self.at + 1)

    def leave_out(self, number: int) -> Self:
        """The story without the step of that number (from 1)."""
        kept = [step for n, step in enumerate(self.steps, 1) if n != number]
        told = self._awaiting(self.steps[number - 1 : number]) | {"steps": kept}
        return replace(self, told=told, at=self.at - (number <= self.at))

    def _awaiting(self, gone: Collection[Data]) -> dict[str, Any]:
        """Whose effects a step that goes would have answered still wait for somebody to do so."""
        names = {*self.told.get("waits", ()), *(s["effect"] for s in gone if "effect" in s)}
        return {**self.told, **({"waits": sorted(names)} if names else {})}

    def go(self, count: int) -> Self:
        """Stand after so many steps, back or on."""
        return replace(self, at=max(0, min(count, len(self.steps))))

    def concluded(self, found: Stand, title: Bilingual, wanted: Collection[str]) -> dict[str, Any]:
        """The scenario that expects what was found after the steps taken.

        ``wanted``: pointers of data that shall be as they are; "clocks", "messages" for these.
        """
        start, *steps = (self.told["start"], *self.steps)[: len(found.taken)]
        start, *steps = map(_expecting, (start, *steps), found.taken)
        told = self._awaiting(self.steps[len(steps) :])
        said = {"title": title, "start": start, "steps": steps, "expect": _found(found, wanted)}
        return {**told, **said}


def about(step: Data) -> tuple[Any, ...]:
    """What a step is about, whatever is given in it: its kind and whom or what it names."""
    kind = next(kind for kind in KINDS if kind in step)
    named = step[kind] if isinstance(step[kind], str) and kind not in ("pass", "to") else None
    return kind, named, step.get("scope"), step.get("item")


def _expecting(step: Data, taken: Taken) -> dict[str, Any]:
    """A step with what it expects as far as that is so, and the incident it led to."""
    stop, expect = taken.found.incident, step.get("expect", {})
    holds = taken.is_refused or judge(expect, taken.found) is None
    so = {**(expect if holds else {}), **({"incident": stop.code} if stop else {})}
    bare = {key: value for key, value in step.items() if key != "expect"}
    return {**bare, "expect": so} if so else bare


def _found(found: Stand, wanted: Collection[str]) -> dict[str, Any]:
    outcome, case = found.player.case.outcome, found.player.case
    expect: dict[str, Any] = {"ended": _end(found) or True} if outcome.ended else {"ended": False}
    if not outcome.ended:
        expect["open"] = sorted({task.place.element for task in outcome.tasks})
    if outcome.effects:
        expect["effects"] = sorted({effect.operation for effect in outcome.effects})
    if case.incident:
        expect["incident"] = case.incident.code
    if "messages" in wanted:
        expect["messages"] = [message.name for message in case.messages]
    running = [clock for clock in outcome.clocks if not clock.ended_at]
    if "clocks" in wanted and running:
        expect["clocks"] = {one.rule: as_plain(one.due) for one in running}
    data = {p: as_plain(v) for p, v in written(found).items() if p in wanted}
    return {**expect, **({"data": data} if data else {})}


def _end(found: Stand) -> str:
    """The end event that was reached last; "" where the case ended otherwise."""
    diagram = read_diagram(found.player.case.release.files[DIAGRAM])
    reached = [line.place.element for line in found.player.case.trace if line.what == "done"]
    ends = [id for id in reached if id in diagram.nodes and diagram.nodes[id].type == "endEvent"]
    return ends[-1] if ends else ""


def written(found: Stand) -> Mapping[str, Any]:
    """What the case holds now where steps wrote something, in the order in which they first did; not
    what it knows of itself.
    """
    lines = (line.detail for line in found.player.case.trace if line.what == "wrote")
    pointers = dict.fromkeys(p for detail in lines for p in detail if p != "/case")
    data = found.player.case.outcome.data
    return {p: value for p in pointers if (value := pointer_get(data, p)) is not None}
