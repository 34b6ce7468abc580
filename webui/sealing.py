"""Seals the log in the background and sends its heads outside: what the clock calls beside its work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from engine.errors import EngineError
from engine.services.folder_witness import FolderWitness
from engine.services.log_keys import FolderKeys

from .config import Config
from .product import Built

log = logging.getLogger(__name__)
SOON = timedelta(minutes=5)
"""After a witness could not be reached."""


def log_keys(config: Config) -> FolderKeys:
    """The keys of this installation's log: beside its data, readable by its owner only."""
    return FolderKeys(config.data / "log-keys")


def tending(built: Built) -> Callable[[], None]:
    """What is called every few seconds; it says what went wrong and goes on the next time."""
    keys = log_keys(built.config)
    folder, minutes = built.config.witness, built.config.witness_minutes
    witness = FolderWitness(folder) if folder else None
    every = timedelta(minutes=minutes)
    send_at = datetime.min.replace(tzinfo=built.clock().tzinfo)

    def tend() -> None:
        nonlocal send_at
        try:
            built.engine.seal(keys)
            if witness and built.clock() >= send_at:
                send_at = built.clock() + SOON
                built.engine.send_checkpoint(witness, every)
                send_at = built.clock() + every
        except EngineError as refused:
            log.warning("%s", refused)

    return tend
