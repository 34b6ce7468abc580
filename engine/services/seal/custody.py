"""Who keeps the keys of seals: PKCS#12 files of the demonstration, or a PKCS#11 token."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from threading import Lock

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from pkcs11 import Attribute, KeyType, ObjectClass, PKCS11Error, Session
from pkcs11.exceptions import (
    MultipleTokensReturned,
    NoSuchKey,
    NoSuchToken,
    PinIncorrect,
    PinInvalid,
    PinLocked,
    UserAlreadyLoggedIn,
)
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.errors import Failed
from engine.sealports import Custody

from .authority import Authority
from .keyfiles import KeyFiles


class SoftwareKeys:
    """The embedded default, for demonstrations: whoever reads the disk and the passphrase has them."""

    custody: Custody = "SOFTWARE"

    def __init__(self, files: KeyFiles, authority: Authority) -> None:
        self._files = files
        self._authority = authority

    def certificate(self, name: str, holder: str, until: datetime) -> bytes:
        """The certificate of the key of this name, made and certified when there is none."""
        life = until - self._authority.now()
        pair = self._files.pair(name, lambda key: self._authority.certify(key, holder, life))
        return pair.certificate.public_bytes(Encoding.DER)

    def signer(self, name: str, certificate: bytes) -> SimpleSigner:
        """Raises Failed (seal_key_missing, seal_pin_wrong)."""
        if not self._files.has(name):
            raise Failed("seal_key_missing", permanent=True, name=name)
        pair = self._files.read(name)
        raw = pair.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return SimpleSigner(
            asn1.Certificate.load(certificate),
            keys.PrivateKeyInfo.load(raw),
            SimpleCertificateStore(),
        )


class TokenKeys:
    """A PKCS#11 token: each seal is a key and a certificate of the same label on it."""

    custody: Custody = "HARDWARE"

    def __init__(self, module: Path, token: str, pin: str) -> None:
        self._module = module
        self._token = token
        self._pin = pin
        self._session: Session | None = None
        self._line = Lock()

    def certificate(self, name: str, holder: str, until: datetime) -> bytes:
        """The one labelled so, else with the holder's name: a token is filled by others."""
        for label in (name, holder):
            wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: label}
            found = next(iter(self._opened().get_objects(wanted)), None)
            if found is not None:
                return bytes(found[Attribute.VALUE])
        raise Failed("seal_key_missing", permanent=True, name=holder or name)

    def _label(self, name: str, certificate: bytes) -> str:
        """Of the key that belongs to a certificate: the same as the certificate's own."""
        wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.VALUE: certificate}
        found = next(iter(self._opened().get_objects(wanted)), None)
        return name if found is None else str(found[Attribute.LABEL])

    def signer(self, name: str, certificate: bytes) -> PKCS11Signer:
        """Raises Failed (seal_token_missing, seal_pin_wrong, seal_key_missing)."""
        session, label = self._opened(), self._label(name, certificate)
        try:
            key = session.get_key(ObjectClass.PRIVATE_KEY, label=label)
        except NoSuchKey as missing:
            raise Failed("seal_key_missing", permanent=True, name=name) from missing
        held = asn1.Certificate.load(certificate)
        # Many tokens have ECDSA over a given digest only.
        raw = key.key_type == KeyType.EC
        return PKCS11Signer(session, signing_cert=held, key_label=label, use_raw_mechanism=raw)

    def _opened(self) -> Session:
        with self._line:
            if self._session is None:
                self._session = self._connect()
        return self._session

    def _connect(self) -> Session:
        try:
            return self._enter(self._pin)
        except UserAlreadyLoggedIn:  # this process is in already, by another of its sessions
            return self._enter(None)

    def _enter(self, pin: str | None) -> Session:
        wanted = TokenCriteria(label=self._token)
        try:
            return open_pkcs11_session(str(self._module), token_criteria=wanted, user_pin=pin)
        except UserAlreadyLoggedIn:
            raise
        except (PinIncorrect, PinInvalid, PinLocked) as wrong:
            raise Failed("seal_pin_wrong", permanent=True, name=self._token) from wrong
        except (NoSuchToken, MultipleTokensReturned, PKCS11Error, RuntimeError, OSError) as gone:
            reason = f"{type(gone).__name__} {gone}".strip()
            raise Failed("seal_token_missing", name=self._token, reason=reason) from gone
