"""Says whether a file is the document that was issued: the register's digest, and the seals in it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from engine.model.sealed import SealUse
from engine.sealports import SealProvider, Verified


def digest_of(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def examine(content: bytes, use: SealUse | None, provider: SealProvider) -> Verified:
    """Good is only a file whose digest is the recorded one and whose every seal holds at B-LTA.

    ``use``: of the register, by the document's code or by the file's digest; None when it has none.
    """
    verified = provider.verify(content)
    if verified.result != "OK":
        return verified
    if use is None:
        return replace(verified, result="HASH_MISMATCH", reason="seal_not_recorded")
    if use.digest != digest_of(content):
        return replace(verified, result="HASH_MISMATCH", reason="seal_other_file")
    return verified
