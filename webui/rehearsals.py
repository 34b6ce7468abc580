"""Tries many cases on another release: page by page, on all cores; reads only."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, Protocol, TypeVar

from engine.commands.moving import Names, Read, would_move
from engine.errors import Invalid
from engine.model import Facts, Release
from engine.proofs.auditing import Look
from engine.spiff import Misfit, standing
from engine.whatif import Rehearsal, Rehearsed

from .config import Config
from .pooling import cores, in_turn
from .wiring import reader

PAGE = 10
FEW = 40
"""So many are tried sooner here than in processes that must be started first."""
FEW_MOVES = 400
"""The same of moves, each of which is tried in milliseconds."""
Told = TypeVar("Told")
Told_co = TypeVar("Told_co", covariant=True)


class Work(Protocol[Told_co]):
    """What is tried on a case; it travels to other processes. ``key``: by what it is known there."""

    @property
    def key(self) -> str: ...

    def begin(self, look: Look, read: Read) -> Callable[[str], Told_co]:
        """What tries one case (id)."""
        ...


@dataclass(frozen=True, slots=True)
class Playing:
    """A past case is played on a draft."""

    draft: Release

    @property
    def key(self) -> str:
        return self.draft.digest

    def begin(self, look: Look, read: Read) -> Callable[[str], Rehearsed]:
        rehearsal = Rehearsal(self.draft, read)

        def play(case: str) -> Rehearsed:
            with look() as store:
                chain = list(store.entries(f"case:{case}"))
            return rehearsal.play(chain)

        return play


@dataclass(frozen=True, slots=True)
class Judged:
    """``misfit``: why a case stays, None if it could be moved; ``stands``: the paths it stands at."""

    release: str
    misfit: Misfit | None
    stands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moving:
    """A running case would go on under ``to``; ``names``: by old release, what bears another id."""

    to: Release
    names: Mapping[str, Names]
    now: datetime

    @property
    def key(self) -> str:
        return repr((self.to.digest, self.names, self.now))

    def begin(self, look: Look, read: Read) -> Callable[[str], Judged]:
        def judge(case_id: str) -> Judged:
            with look() as store:
                case = store.case(case_id)
            try:
                stands = {f"{p.scope}/{p.element}".lstrip("/") for p in _places(case.state)}
                names = self.names.get(case.release, {})
                wrong = would_move(read, case, self.to, names, self.now)
            except Invalid as unreadable:
                return Judged(case.release, Misfit(unreadable.code, "", unreadable.params))
            return Judged(case.release, wrong, tuple(sorted(stands)))

        return judge


def _places(state: bytes) -> list[Any]:
    return [one.place for one in standing(state)]


def tried(
    config: Config, work: Work[Told], cases: Sequence[str], processes: int = 0, few: int = FEW
) -> Generator[tuple[str, Told], None, None]:
    """Each case (id) with what came of it, in order. ``processes``: 0 is one for each core."""
    processes = processes or (cores() if len(cases) > few else 1)
    if processes == 1:
        attempt = _stage(config, work)
        yield from ((case, attempt(case)) for case in cases)
        return
    pages = (cases[start : start + PAGE] for start in range(0, len(cases), PAGE))
    for page, told in in_turn(pages, partial(_try, config, work), processes):
        yield from zip(page, told, strict=True)


def _stage(config: Config, work: Work[Told]) -> Callable[[str], Told]:
    """Tries one case (id), on a connection of its own."""
    look = reader(config)

    @cache
    def release(digest: str) -> Release:
        with look() as store:
            return store.release(digest)

    @cache
    def facts(digest: str) -> Facts:
        with look() as store:
            return store.facts(digest)

    return work.begin(look, (release, facts))


_STAGES: dict[str, Callable[[str], Any]] = {}
"""Of a process of the pool: what it tries, by key."""


def _try(config: Config, work: Work[Told], cases: Sequence[str]) -> list[Told]:
    if work.key not in _STAGES:
        _STAGES.clear()
        _STAGES[work.key] = _stage(config, work)
    return [_STAGES[work.key](case) for case in cases]
