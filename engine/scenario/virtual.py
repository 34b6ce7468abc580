"""A case without a store: inputs on the pure step, a virtual clock, an outside world that answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.errors import EngineError
from engine.model import Data, Effect, Facts, Incident, Input, Message, Outcome, Passed, Release
from engine.spiff import advance
from engine.workdays import CHINA

from .answers import Outside

CASE = "00000000-0000-7000-8000-000000000001"
MOST_INPUTS = 10_000
"""A case that takes more inputs than this runs in circles."""


NOTHING = Outcome(b"", (), (), (), (), (), (), {}, False, ())
"""How a case stands before its first input."""


class Stop(Exception):
    """It cannot go on: carries the code and parameters of the reason."""

    def __init__(self, finding: str, **params: Any) -> None:
        super().__init__(finding)
        self.finding: tuple[str, Data] = (finding, params)


class VirtualCase:
    """One case in memory. ``awaited``: operations or elements whose effects somebody else answers."""

    def __init__(self, release: Release, facts: Facts, now: datetime, answers: Outside) -> None:
        self.release = release
        self.facts = facts
        self.now = now
        self.answers = answers
        self.awaited: Collection[str] = ()
        self.seq = -1
        self.outcome = NOTHING
        self.incident: Incident | None = None
        self.held: Input | None = None
        self.trace: list[Passed] = []
        self.messages: list[Message] = []

    def open(self, values: Data, arrived: Data | None = None, **itself: str) -> None:
        """The start input: what was typed, who it is about, the case ``itself`` (org, area, role).

        ``arrived``: the start event and payload of the message that begins the case.
        """
        rows = values.get("/parties") or []
        parties = [{"side": "A", **row, "id": f"party-{n}"} for n, row in enumerate(rows, 1)]
        case = {
            "id": CASE,
            "dossier": "dossier-1",
            "procedure": self.release.procedure,
            "started_at": self.now.astimezone(CHINA),
            **itself,
        }
        values = {**values, "/parties": parties, "/case": case}
        self.send("start", {"values": values, **(arrived or {})})

    def send(self, verb: str, data: Data, task: str = "", at: datetime | None = None) -> None:
        """One input, received now or at ``at`` (a timer's due time). Stop when it is refused."""
        self.seq += 1
        if self.seq > MOST_INPUTS:
            raise Stop("scenario_endless", most=MOST_INPUTS)
        received_at = at or self.now
        self._play(Input(CASE, self.seq, verb, received_at, max(received_at, self.now), task, data))

    def retry(self) -> None:
        """Play the held input again, as received now."""
        if self.held is None:
            raise Stop("scenario_nothing_held")
        self._play(replace(self.held, received_at=self.now, at=self.now))

    def _play(self, cause: Input) -> None:
        try:
            outcome = advance(self.release, self.facts, self.outcome.state or None, cause)
        except EngineError as error:
            raise Stop("scenario_step_refused", code=error.code, reason=str(error)) from error
        self.incident, self.held = outcome.incident, cause if outcome.incident else None
        if outcome.incident is None:
            self.outcome = outcome
            self.trace += outcome.trace
            self.messages += outcome.messages

    def pass_until(self, until: datetime) -> None:
        """Every timer due on the way fires first, at its due time, as its own input."""
        while self.incident is None:
            due = [timer for timer in self.outcome.timers if timer.due <= until]
            if not due:
                break
            timer = min(due, key=lambda t: (t.due, t.id))
            self.now = max(self.now, timer.due)
            self.send("fire", {}, timer.id, timer.due)
            self.settle()
        self.now = max(self.now, until)

    def settle(self) -> None:
        """Answer every effect that is not awaited from somebody else."""
        while self.incident is None:
            effect = next((e for e in self.outcome.effects if self._is_answered(e)), None)
            if effect is None:
                break
            self.send("effect_returned", {"result": self.answers.give(effect)}, effect.id)

    def _is_answered(self, effect: Effect) -> bool:
        is_awaited = {effect.place.element, effect.operation} & set(self.awaited)
        return not is_awaited and self.answers.knows(effect)
