"""The demonstration authority: it certifies seals and the time-stamp key, and says what is revoked."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .keyfiles import KeyFiles, Pair

ROOT, STAMPS = "authority", "time-stamps"
TITLE = "联调示例根证书 Liandiao demonstration CA"
A_DAY = timedelta(days=1)
LIFE = timedelta(days=3650)


class Authority:
    """Its key and certificate lie among the key files; made at the first use."""

    def __init__(self, files: KeyFiles, clock: Callable[[], datetime]) -> None:
        self._files = files
        self._clock = clock

    def now(self) -> datetime:
        return self._clock()

    @property
    def is_made(self) -> bool:
        return self._files.has(ROOT)

    def root(self) -> Pair:
        return self._files.pair(ROOT, self._itself)

    def time_stamps(self) -> Pair:
        """The key that stamps times, certified by the root for nothing else."""
        return self._files.pair(STAMPS, lambda key: self.certify(key, STAMPS, LIFE, stamps=True))

    def certify(
        self, public: EllipticCurvePublicKey, holder: str, life: timedelta, stamps: bool = False
    ) -> x509.Certificate:
        """A certificate for signing, or for stamping times."""
        root = self.root()
        made = self._builder(public, holder, life).issuer_name(root.certificate.subject)
        made = made.add_extension(_usage(signs=True), critical=True)
        made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
        made = made.add_extension(issuer, critical=False)
        if stamps:
            only = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            made = made.add_extension(only, critical=True)
        return made.sign(root.key, hashes.SHA256())

    def _itself(self, key: EllipticCurvePublicKey) -> x509.CertificateBuilder:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, TITLE)])
        made = self._builder(key, TITLE, LIFE).issuer_name(name)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        return made.add_extension(_usage(signs=False), critical=True)

    def _builder(
        self, public: EllipticCurvePublicKey, holder: str, life: timedelta
    ) -> x509.CertificateBuilder:
        now = self._clock().astimezone(UTC)
        named = [x509.NameAttribute(NameOID.COMMON_NAME, _short(holder))]
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name(named))
            .public_key(public)
            .serial_number(secrets.randbits(120) | 1 << 120)
            .not_valid_before(now - A_DAY)
            .not_valid_after(now + life)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        )

    # What is revoked -----------------------------------------------------------------------

    def revoke(self, serial: str, at: datetime) -> None:
        """Once only: the first time holds."""
        if serial not in self._revoked():
            with self._list().open("a", encoding="ascii") as lines:
                lines.write(f"{serial} {at.astimezone(UTC).isoformat()}\n")

    def revocations(self) -> bytes:
        """The list of revoked certificates as of now (DER)."""
        root, now = self.root(), self._clock().astimezone(UTC)
        made = x509.CertificateRevocationListBuilder(
            root.certificate.subject, now - timedelta(minutes=1), now + A_DAY
        ).add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
        made = made.add_extension(issuer, critical=False)
        for serial, at in self._revoked().items():
            one = x509.RevokedCertificateBuilder(int(serial, 16), at)
            made = made.add_revoked_certificate(one.build())
        return made.sign(root.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _list(self) -> Path:
        return self._files.folder / "revoked.txt"

    def _revoked(self) -> dict[str, datetime]:
        if not self._list().exists():
            return {}
        lines = self._list().read_text("ascii").splitlines()
        pairs = [line.split(" ", 1) for line in lines]
        return {serial: datetime.fromisoformat(at) for serial, at in pairs}


def _short(holder: str) -> str:
    """A common name has at most 64 bytes here."""
    return holder.encode()[:64].decode(errors="ignore")


def _usage(signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )
