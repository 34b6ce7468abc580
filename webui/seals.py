"""The seal office of an installation: key files of a demonstration, or the court's token."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from engine.errors import Failed
from engine.sealports import SealKeys
from engine.services.seal.authority import Authority
from engine.services.seal.custody import SoftwareKeys, TokenKeys
from engine.services.seal.keyfiles import KeyFiles
from engine.services.seal.provider import LocalSeals
from engine.services.seal.stamping import AskedStamps, OwnStamps

from .config import Config


def seals_of(config: Config, clock: Callable[[], datetime]) -> LocalSeals:
    """Nothing is made or opened before the first use. Raises Failed (seal_secret_open)."""
    given = _secret(config.seals.pin)
    files = KeyFiles(config.data / "seal-keys", "" if config.seals.token else given)
    authority = Authority(files, clock)
    keys: SealKeys = SoftwareKeys(files, authority)
    if config.seals.token:
        module, _, label = config.seals.token.rpartition(":")
        keys = TokenKeys(Path(module), label, given)
    own = partial(OwnStamps, authority)
    asked = partial(AskedStamps, config.seals.stamps, config.seals.stamp_seconds)
    return LocalSeals(
        keys,
        authority,
        asked if config.seals.stamps else own,
        clock,
        config.seals.trust,
        config.secret.encode(),
        config.seals.address,
    )


def _secret(told: str) -> str:
    """A passphrase or PIN as it is, or ``file:PATH`` of a file that only its owner reads."""
    if not told.startswith("file:"):
        return told
    path = Path(told.removeprefix("file:"))
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Failed("seal_secret_open", permanent=True, name=str(path))
        return path.read_text("utf-8").strip()
    except OSError as missing:
        raise Failed("seal_secret_missing", permanent=True, name=str(path)) from missing
