"""Keeps how cases went up to their journals: what the clock calls beside its work, and the command."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.errors import EngineError
from engine.ports import Store

from .product import Built

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
