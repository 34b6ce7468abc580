"""Keys of the embedded default: PKCS#12 files of one folder, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from cryptography.hazmat.primitives.serialization.pkcs12 import PBES

from engine.errors import Failed

ROUNDS = 600_000
"""Of PBKDF2 over a passphrase that was given: about a second when a key file is opened."""
FEW = 1_000
"""Over one that was made here: 256 random bits need no stretching."""
Made = x509.Certificate | x509.CertificateBuilder


@dataclass(frozen=True, slots=True)
class Pair:
    """A private key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


class KeyFiles:
    """``<folder>/<name>.p12``, mode 600, each opened once.

    ``passphrase``: "" for one that is made at the first use and kept beside them, mode 600.
    """

    def __init__(self, folder: Path, passphrase: str = "", rounds: int = ROUNDS) -> None:
        self.folder = folder
        self._given = passphrase
        self._rounds = rounds
        self._open: dict[str, Pair] = {}

    def has(self, name: str) -> bool:
        return self._path(name).exists()

    def pair(self, name: str, certify: Callable[[ec.EllipticCurvePublicKey], Made]) -> Pair:
        """The pair of this name; made (EC P-256) when there is none.

        Raises Failed (seal_pin_wrong, seal_key_missing).
        """
        if not self.has(name):
            self._make(name, certify)
        return self.read(name)

    def read(self, name: str) -> Pair:
        """Raises Failed (seal_pin_wrong, seal_key_missing)."""
        if name not in self._open:
            self._open[name] = self._read(name)
        return self._open[name]

    def _make(self, name: str, certify: Callable[[ec.EllipticCurvePublicKey], Made]) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        made = certify(key.public_key())
        if isinstance(made, x509.CertificateBuilder):
            made = made.sign(key, hashes.SHA256())
        closed = (
            PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(self._rounds if self._given else FEW)
            .key_cert_algorithm(PBES.PBESv2SHA256AndAES256CBC)
            .hmac_hash(hashes.SHA256())
            .build(self._passphrase())
        )
        content = pkcs12.serialize_key_and_certificates(name.encode(), key, made, None, closed)
        self._write(self._path(name), content)

    def _read(self, name: str) -> Pair:
        try:
            content = self._path(name).read_bytes()
        except OSError as missing:
            raise Failed("seal_key_missing", permanent=True, name=name) from missing
        try:
            key, certificate, _ = pkcs12.load_key_and_certificates(content, self._passphrase())
        except ValueError as wrong:
            raise Failed("seal_pin_wrong", permanent=True, name=name) from wrong
        if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None:
            raise Failed("seal_key_missing", permanent=True, name=name)
        return Pair(key, certificate)

    def _passphrase(self) -> bytes:
        if self._given:
            return self._given.encode()
        path = self.folder / "passphrase"
        if not path.exists():
            self._write(path, secrets.token_hex(32).encode())
        return path.read_bytes()

    def _write(self, path: Path, content: bytes) -> None:
        """Whole or not at all; whoever comes second keeps what the first one wrote."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.folder / f".{secrets.token_hex(8)}"
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.p12"
