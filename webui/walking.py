"""Keeps how cases went up to their journals: what the clock calls beside its work, and the command."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.commands.walking import walk_of
from engine.errors import EngineError
from engine.model import Walk
from engine.ports import Store
from engine.proofs.auditing import Look
from engine.replay import ReadFacts, ReadRelease

from .product import Built
from .rehearsals import tried

log = logging.getLogger(__name__)
AT_ONCE = 20
"""Cases told in one go beside the pages: so few that nobody notices."""


def walking(built: Built) -> Callable[[], None]:
    """What is called every few seconds; it says what went wrong and goes on the next time."""

    def walk() -> None:
        try:
            walk_some(built, AT_ONCE)
        except EngineError as refused:
            log.warning("%s", refused)

    return walk


def walk_some(built: Built, limit: int) -> int:
    """Tell so many cases anew whose journals have grown; how many there were."""

    @contextmanager
    def look() -> Iterator[Store]:
        with built.read() as connection:
            yield built.store_on(connection)

    return built.engine.walk_cases(look, limit)


@dataclass(frozen=True, slots=True)
class Telling:
    """A case is told from its journal, in whatever process."""

    key: str = "telling"

    def begin(self, look: Look, read: tuple[ReadRelease, ReadFacts]) -> Callable[[str], Walk]:
        def tell(case: str) -> Walk:
            with look() as store:
                return walk_of(store, case, read)

        return tell


def walk_all(built: Built, processes: int = 0) -> Iterator[Walk]:
    """Tell every case anew whose journal has grown, on all cores; the product may go on meanwhile."""
    with built.open_store() as store:
        waiting = store.unwalked(store.count_unwalked())
    for _, walked in tried(built.config, Telling(), waiting, processes):
        built.engine.keep_walk(walked)
        yield walked
