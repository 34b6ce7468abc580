"""The keys that sign the log, kept as files of one folder, readable by their owner only."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.errors import Failed


class FolderKeys:
    """``<folder>/<public half, hex>.key``: the 32 bytes of the private half, mode 600."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self) -> bytes:
        """Another key, on disk before it is used; its public half."""
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._path(public), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "wb") as opened:
            opened.write(key.private_bytes_raw())
            opened.flush()
            os.fsync(opened.fileno())
        return public

    def sign(self, public: bytes, message: bytes) -> bytes:
        """Raises Failed (log_key_missing)."""
        try:
            private = self._path(public).read_bytes()
            return Ed25519PrivateKey.from_private_bytes(private).sign(message)
        except (OSError, ValueError) as missing:
            name = self._path(public).name
            raise Failed("log_key_missing", permanent=True, name=name) from missing

    def check(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Whether the signature is that key's over the message."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _path(self, public: bytes) -> Path:
        return self._folder / f"{public.hex()}.key"
