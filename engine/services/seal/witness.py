"""A time-stamp authority as a witness of the log: its token proves when a head stood."""

from __future__ import annotations

import asyncio
import hashlib

from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from engine.errors import Failed


class StampWitness:
    """RFC 3161 over the SHA-256 of the checkpoint; the token is journalled as its answer."""

    def __init__(self, stamps: TimeStamper, address: str) -> None:
        self.name = f"tsa:{address}"
        self._stamps = stamps

    def keep(self, size: int, note: str) -> bytes:
        """The DER token. Raises Failed (witness_failed)."""
        digest = hashlib.sha256(note.encode()).digest()
        try:
            token = asyncio.run(self._stamps.async_timestamp(digest, "sha256"))
        except TimestampRequestError as error:
            raise Failed("witness_failed", witness=self.name, reason=str(error)[:300]) from error
        said = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
        if said["hashed_message"].native != digest:
            raise Failed("witness_failed", witness=self.name, reason="message imprint")
        stamped: bytes = token.dump()
        return stamped
