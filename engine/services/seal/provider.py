"""The built-in seal provider: keys in files or on a token, certificates of its own or of others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import crl, pem, x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.timestamps import TimeStamper

from engine.errors import Failed
from engine.sealports import Issued, Mark, SealKeys, Verified

from .artwork import undrawable
from .authority import Authority
from .codes import code_of
from .judging import judge
from .paper import Foot, ready
from .signing import Trust, sign_next


@dataclass(frozen=True, slots=True)
class LocalSeals:
    """Seals with ``keys``; ``stamper`` makes what asks for time-stamps.

    ``trusted``: a folder of a real authority's certificates (``*.pem``, ``*.crt``, ``*.cer``) and
    revocation lists (``*.crl``), replaced there by whoever fetches them; None in a demonstration.
    ``secret``: what codes are made with; ``address``: where anybody verifies, https://host.
    """

    keys: SealKeys
    authority: Authority
    stamper: Callable[[], TimeStamper]
    clock: Callable[[], datetime]
    trusted: Path | None = None
    secret: bytes = b""
    address: str = ""

    @property
    def demonstration(self) -> bool:
        """A software key, or no authority but our own: nothing sealed so binds anybody in law."""
        return self.keys.custody == "SOFTWARE" or self.trusted is None

    def issue(self, key: str, holder: str, until: datetime) -> Issued:
        """Raises Failed (seal_key_missing, seal_pin_wrong, seal_token_missing)."""
        held = self.keys.certificate(key, holder, until)
        told = x509.Certificate.load(held)
        serial, since, last = told.serial_number, told.not_valid_before, told.not_valid_after
        return Issued(
            held, f"{serial:x}", since.astimezone(UTC), last.astimezone(UTC), self.keys.custody
        )

    def undrawable(self, name: str) -> str:
        return undrawable(name)

    def revoke(self, serial: str, at: datetime) -> None:
        """In the demonstration's own list; a real authority keeps its own."""
        self.authority.revoke(serial, at)

    def code(self, use: str) -> str:
        return code_of(self.secret, use)

    def prepare(self, pdf: bytes, marks: Sequence[Mark], code: str = "", log: str = "") -> bytes:
        """Raises Failed (seal_file_unfit)."""
        foot = Foot(code, f"{self.address}/V/{code}".upper(), log) if code else None
        return ready(pdf, marks, foot)

    def sign(self, pdf: bytes, mark: Mark, certificate: bytes) -> bytes:
        """Raises Failed (signature_closed, signature_not_turn, seal_time_stamp, seal_certificate,
        seal_signing_failed)."""
        return sign_next(pdf, mark, (self.keys, certificate), self._trust(), self.stamper())

    def verify(self, content: bytes) -> Verified:
        return judge(content, self._trust())

    def _trust(self) -> Trust:
        roots: list[x509.Certificate] = []
        revoked: list[bytes] = []
        if self.authority.is_made or not self.trusted:  # with others to trust none is made here
            root = self.authority.root().certificate.public_bytes(Encoding.DER)
            roots, revoked = [x509.Certificate.load(root)], [self.authority.revocations()]
        others: list[x509.Certificate] = []
        for path in sorted(self.trusted.iterdir()) if self.trusted else ():
            content = _der(path)
            if path.suffix == ".crl":
                revoked.append(content)
            elif path.suffix in (".pem", ".crt", ".cer"):
                one = x509.Certificate.load(content)
                (roots if one.self_issued else others).append(one)
        lists = [crl.CertificateList.load(one) for one in revoked]
        return Trust(roots, others, lists, self.clock())


def _der(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return pem.unarmor(content)[2] if pem.detect(content) else content
    except (OSError, ValueError) as wrong:
        raise Failed("seal_trust_unreadable", permanent=True, name=path.name) from wrong
