"""Plays many past cases on a draft: page by page, on all cores; reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from engine.model import Facts, Release
from engine.whatif import Rehearsal, Rehearsed

from .config import Config
from .pooling import cores, in_turn
from .wiring import reader

PAGE = 10
FEW = 40
"""So many are played sooner here than in processes that must be started first."""
Play = Callable[[str], Rehearsed]


def rehearsed(
    config: Config, draft: Release, cases: Sequence[str], processes: int = 0
) -> Iterator[tuple[str, Rehearsed]]:
    """Each case (id) with its verdict, in order. ``processes``: 0 is one for each core."""
    processes = processes or (cores() if len(cases) > FEW else 1)
    if processes == 1:
        play = stage(config, draft)
        yield from ((case, play(case)) for case in cases)
        return
    pages = (cases[start : start + PAGE] for start in range(0, len(cases), PAGE))
    for page, told in in_turn(pages, partial(_play, config, draft), processes):
        yield from zip(page, told, strict=True)


def stage(config: Config, draft: Release) -> Play:
    """Plays one case (id) on a draft, on a connection of its own."""
    look = reader(config)

    @cache
    def release(digest: str) -> Release:
        with look() as store:
            return store.release(digest)

    @cache
    def facts(digest: str) -> Facts:
        with look() as store:
            return store.facts(digest)

    rehearsal = Rehearsal(draft, (release, facts))

    def play(case: str) -> Rehearsed:
        with look() as store:
            chain = list(store.entries(f"case:{case}"))
        return rehearsal.play(chain)

    return play


_STAGES: dict[str, Play] = {}
"""Of a process of the pool: the draft it plays on, by digest."""


def _play(config: Config, draft: Release, cases: Sequence[str]) -> list[Rehearsed]:
    if draft.digest not in _STAGES:
        _STAGES.clear()
        _STAGES[draft.digest] = stage(config, draft)
    return [_STAGES[draft.digest](case) for case in cases]
