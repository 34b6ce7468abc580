"""The documents that a story makes, with the data each was made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.letters.foreseeing import Foreseen
from engine.letters.heads import Letter, letters_of
from engine.letters.making import RECORD
from engine.model import Effect, Facts, Release
from engine.scenario import Scenario
from engine.scenario.answers import Outside
from engine.scenario.playing import Player
from engine.scenario.virtual import VirtualCase

ORGAN = {"name": "某某调解组织", "court": "某某人民法院"}
"""Who issues it: scenarios know organisations by their id alone."""


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


def given(
    release: Release, facts: Facts, scenario: Scenario
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each letter (id) of a story with the data that it is set over."""
    yield from made(letters_of(release.files), *sampled(release, facts, scenario))


def made(
    letters: Mapping[str, Letter], recorded: Sequence[Foreseen], end: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The same of a story that was told already (``sampled``)."""
    for one in recorded:
        params = one.effect.params
        at = one.data["case"]["started_at"]
        told = {"title": params.get("title"), "data": params.get("data"), "at": at}
        yield str(params.get("kind")), {**one.data, "document": told, "organ": ORGAN}
    for letter in letters.values():
        if letter.tasks and "case" in end:
            yield letter.id, {**end, "document": {"at": end["case"]["started_at"]}, "organ": ORGAN}
