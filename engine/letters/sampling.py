"""The documents that a story makes, with the data each was made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.letters.foreseeing import Foreseen
from engine.letters.making import RECORD
from engine.model import Effect, Facts, Release
from engine.scenario import Scenario
from engine.scenario.answers import Outside
from engine.scenario.playing import Player
from engine.scenario.virtual import VirtualCase


class _Watched:
    """What the outside world answers, with a note of each recording and of how the case stood."""

    def __init__(self, case: VirtualCase, usual: Outside) -> None:
        self.case, self.usual = case, usual
        self.found: list[Foreseen] = []

    def knows(self, effect: Effect) -> bool:
        return self.usual.knows(effect)

    def give(self, effect: Effect) -> Any:
        if effect.operation == RECORD:
            self.found.append(Foreseen(effect, self.case.outcome.data))
        return self.usual.give(effect)


def sampled(
    release: Release, facts: Facts, scenario: Scenario
) -> tuple[list[Foreseen], Mapping[str, Any]]:
    """Every document of a story in order, and the case's data when the story is over."""
    player = Player(release, facts, scenario)
    watched = _Watched(player.case, player.case.answers)
    player.case.answers = watched
    player.tell()
    return watched.found, player.case.outcome.data
