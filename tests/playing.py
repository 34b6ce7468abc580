"""A case that is played on the pure step, without a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine.model import Facts, Input, Outcome, Passed, Release
from engine.spiff import advance
from tests.builders import BEGIN, process, release

FACTS = Facts("facts-0", {"CN": {"off": [], "on": [], "known_until": "2030-12-31"}})


class Played:
    """A case on the pure step: remembers every input, so it can be played again."""

    def __init__(self, of: Release, facts: Facts = FACTS, case: str = "case-1") -> None:
        self.release = of
        self.facts = facts
        self.case = case
        self.now = BEGIN
        self.inputs: list[Input] = []
        self.state: bytes | None = None
        self.trace: list[Passed] = []
        self.last: Outcome

    def send(self, verb: str, task: str = "", **data: Any) -> Played:
        cause = Input(self.case, len(self.inputs), verb, self.now, self.now, task, data)
        self.last = advance(self.release, self.facts, self.state, cause)
        if self.last.incident is None:
            self.inputs.append(cause)
            self.state = self.last.state
            self.trace += self.last.trace
        return self

    def start(self, **values: Any) -> Played:
        return self.send("start", values={f"/{key}": feel(value) for key, value in values.items()})

    def do(
        self, element_id: str, outcome: str = "", item: int | None = None, **values: Any
    ) -> Played:
        """Complete the open task of an element; values by top-level name."""
        typed = {f"/{key}": feel(value) for key, value in values.items()}
        return self.send("complete", self.task(element_id, item), values=typed, outcome=outcome)

    def task(self, element_id: str, item: int | None = None) -> str:
        return next(
            task.id
            for task in self.last.tasks
            if task.place.element == element_id and item in (None, task.place.item)
        )

    def wait(self, **length: float) -> Played:
        """Let time pass and fire what has come due, in order."""
        until = self.now + timedelta(**length)
        while due := [one for one in self.last.timers if one.due <= until]:
            first = min(due, key=lambda one: (one.due, one.id))
            self.now = max(self.now, first.due)
            self.send("fire", first.id)
        self.now = until
        return self

    def hear(self, name: str, key: str = "", **payload: Any) -> Played:
        return self.send("message", name=name, key=key, payload=feel(payload))

    def effect(self, result: Any = None) -> Played:
        return self.send("effect_returned", self.last.effects[0].id, result=feel(result))

    def break_effect(self, error: str, reason: str = "") -> Played:
        return self.send("effect_failed", self.last.effects[0].id, error=error, reason=reason)

    @property
    def open(self) -> list[str]:
        """The elements at which somebody must do something."""
        return [task.place.element for task in self.last.tasks]

    @property
    def data(self) -> Any:
        return plain(self.last.data)

    def passed(self, what: str = "done") -> list[str]:
        return [one.place.element for one in self.trace if one.what == what]

    def again(self) -> Played:
        """The same inputs from the beginning."""
        other = Played(self.release, self.facts, self.case)
        for cause in self.inputs:
            other.last = advance(other.release, other.facts, other.state, cause)
            other.state = other.last.state
            other.inputs.append(replace(cause))
            other.trace += other.last.trace
        return other


def played(flows: str, *parts: str, root: str = "", **values: Any) -> Played:
    """A case of a small process, started."""
    return Played(release(process(flows, *parts, root=root))).start(**values)


def feel(value: Any) -> Any:
    """Python values as FEEL values: numbers become Decimal."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {key: feel(one) for key, one in value.items()}
    return [feel(one) for one in value] if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """FEEL values as Python values: whole Decimals become int."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value
