"""Seals the log in the background and sends its heads outside: what the clock calls beside its work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from engine.errors import EngineError
from engine.proofports import Witness
from engine.services.delivery import Mail, Platform
from engine.services.log_keys import FolderKeys
from engine.services.seal.stamping import AskedStamps
from engine.services.seal.witness import StampWitness
from engine.services.witnesses import FolderWitness, HookWitness, MailWitness

from .config import Config
from .offices import key_of
from .product import Built

log = logging.getLogger(__name__)
SOON = timedelta(minutes=5)
"""After a witness could not be reached."""


def log_keys(config: Config) -> FolderKeys:
    """The keys of this installation's log: beside its data, readable by its owner only."""
    return FolderKeys(config.data / "log-keys")


def witness_of(built: Built, told: str) -> Witness:
    """A folder, ``mailto:``, ``http(s)://`` of another office, ``tsa:`` before a time-stamp service."""
    config, kind = built.config, told.partition(":")[0]
    if kind == "mailto":
        sender = (config.smtp_from, built.clock, config.smtp_user, config.smtp_password)
        return MailWitness(Mail(config.smtp, *sender), told.removeprefix("mailto:"))
    if kind in ("http", "https"):
        return HookWitness(Platform(told, partial(key_of, config), built.clock), told)
    if kind == "tsa":
        address = told.removeprefix("tsa:")
        return StampWitness(AskedStamps(address, config.seals.stamp_seconds), address)
    return FolderWitness(Path(told))


def tending(built: Built) -> Callable[[], None]:
    """What is called every few seconds; it says what went wrong and goes on the next time."""
    keys = log_keys(built.config)
    every = timedelta(minutes=built.config.witness_minutes)
    long_ago = datetime.min.replace(tzinfo=built.clock().tzinfo)
    send_at = {witness_of(built, told): long_ago for told in built.config.witness}

    def send(witness: Witness) -> None:
        send_at[witness] = built.clock() + SOON
        built.engine.send_checkpoint(witness, every)
        send_at[witness] = built.clock() + every

    def tend() -> None:
        _said(partial(built.engine.seal, keys))
        for witness, at in send_at.items():
            if built.clock() >= at:
                _said(partial(send, witness))

    return tend


def _said(act: Callable[[], object]) -> None:
    try:
        act()
    except EngineError as refused:
        log.warning("%s", refused)
