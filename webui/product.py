"""The running product as the views see it: its configuration, engine, store and readings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g

from engine.commands import Engine
from engine.ports import Blobs

from .config import Config


@dataclass(slots=True)
class Built:
    """What ``wiring`` put together.

    ``read`` opens a connection for ``storage.queries``; ``store_on`` makes of such a connection a
    store to look into, which writes nothing because nobody commits it.
    """

    config: Config
    engine: Engine
    open_store: Callable[[], AbstractContextManager[Any]]
    read: Callable[[], AbstractContextManager[Any]]
    blobs: Blobs
    clock: Callable[[], datetime]
    store_on: Callable[[Any], Any]
    database: Any
    queue: Any

    def looking(self) -> Any:
        """A store over this request's reading: releases, facts, cases, without the write lock."""
        if "looking" not in g:
            g.looking = self.store_on(reading())
        return g.looking


def product() -> Built:
    """The product behind this request."""
    found: Built = current_app.extensions["liandiao"]
    return found


def reading() -> Any:
    """This request's one connection for reading, closed when the request ends."""
    if "reading" not in g:
        g.reading_scope = product().read()
        g.reading = g.reading_scope.__enter__()
    return g.reading


def fresh() -> None:
    """Forget the reading connection, so that what was just written is seen."""
    close_reading()


def close_reading(error: BaseException | None = None) -> None:
    """End the reading; called at the end of each request."""
    scope = g.pop("reading_scope", None)
    g.pop("reading", None)
    g.pop("looking", None)
    if scope is not None:
        scope.__exit__(None, None, None)
