"""What sealing asks for: keys, a provider that seals and verifies. Protocols only, part of ``ports``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from .model import Paper
from .model.sealed import Seal, SealUse

Custody = Literal["SOFTWARE", "HARDWARE"]
Result = Literal[
    "OK",
    "HASH_MISMATCH",
    "SIG_INVALID",
    "CERT_EXPIRED",
    "CERT_REVOKED",
    "SEAL_EXPIRED",
    "NOT_IN_LIST",
    "TSA_FAIL",
]
"""What a verification says (rules 6.4, step 5)."""
UNSEALED = "seal_unsealed"
"""What a verification says of a file that is signed well and not sealed yet."""
DEMONSTRATION = "示例专用章，不具法律效力 / demonstration seal, not legally sealed"


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate of a seal (DER) and what of it the register keeps; ``serial`` is hexadecimal."""

    certificate: bytes
    serial: str
    valid_from: datetime
    valid_until: datetime
    custody: Custody


@dataclass(frozen=True, slots=True)
class Mark:
    """A signature to be made: its field, the key that makes it, where its middle stands.

    ``page`` from 1, 0: the last; ``x``, ``y`` in points from the lower left corner, as typesetting
    tells them; ``name``, ``code``: what the round seal says, "" and "": a signature without a picture.
    """

    field: str
    key: str
    page: int
    x: float
    y: float
    name: str = ""
    code: str = ""
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature found in a file; ``serial`` of its certificate, hexadecimal."""

    field: str
    holder: str
    serial: str
    signed_at: datetime | None
    result: Result


@dataclass(frozen=True, slots=True)
class Verified:
    """What a file is: ``reason`` is a code of ``engine/texts/seals.toml``, "" when all is well.

    ``level``: "B-LTA" where every signature carries what proves it for the long term.
    """

    result: Result
    reason: str
    level: str = ""
    signatures: Sequence[Signature] = ()
    params: Mapping[str, Any] = field(default_factory=dict)


class SealKeys(Protocol):
    """Where private keys of seals lie: they never leave it."""

    custody: Custody

    def certificate(self, name: str, holder: str, until: datetime) -> bytes:
        """The certificate (DER) of the key of this name; a custody that may makes one.

        Raises Failed (seal_key_missing, seal_pin_wrong, seal_token_missing).
        """

    def signer(self, name: str, certificate: bytes) -> Any:
        """What signs with it, as the signing library takes it; raises as ``certificate``."""


class SealProvider(Protocol):
    """Seals files and says what a seal is worth. A court's own seal platform stands behind this."""

    @property
    def demonstration(self) -> bool:
        """Whether what it seals binds nobody in law."""

    def issue(self, key: str, holder: str, until: datetime) -> Issued:
        """The certificate of a seal that is registered or renewed."""

    def undrawable(self, name: str) -> str:
        """The characters of a name that its seals cannot show; "" when all is well."""

    def revoke(self, serial: str, at: datetime) -> None:
        """The certificate is not to be trusted from then on."""

    def code(self, use: str) -> str:
        """The code by which a document is verified: 16 symbols, always the same for a use."""

    def prepare(self, pdf: bytes, marks: Sequence[Mark], code: str = "", log: str = "") -> bytes:
        """The file with an empty field for each mark, in the order of signing, before the first one.

        ``code`` is printed on the last page, with a QR code that leads to the verification page, and
        ``log`` below it: the latest head of the signed log, which so gets outside with each paper.
        """

    def sign(self, pdf: bytes, mark: Mark, certificate: bytes) -> bytes:
        """The next field filled, at B-LTA or not at all; the last one closes the file.

        Raises Failed, not permanent (seal_time_stamp) when no time-stamp is to be had;
        for good (signature_not_turn, signature_closed) when the field is not the next one.
        """

    def verify(self, content: bytes) -> Verified:
        """What the signatures of a file are worth now; never raises for a bad file."""


class Seals(Protocol):
    """What the verbs of sealing ask of a store."""

    def seal(self, seal_id: str) -> Seal:
        """Raises NotFound (no_seal)."""

    def seals_of(self, owner: str) -> Sequence[Seal]:
        """Those of the organisation itself, the oldest first."""

    def signatures_of(self, person: str) -> Sequence[Seal]:
        """The certificates by which a person signs, the oldest first."""

    def save_seal(self, seal: Seal) -> None: ...
    def seal_use(self, use_id: str) -> SealUse | None: ...
    def begin_use(self, use: SealUse) -> None:
        """Conflict (lost_race) when this key or the file of another use is taken."""

    def save_use(self, use: SealUse) -> None: ...
    def end_use(self, use: SealUse) -> None:
        """What came of a use that was begun; Conflict (lost_race) when it has ended well meanwhile."""

    def use_of_file(self, source: str) -> SealUse | None:
        """The use that sealed this file, or is about to; None when none did."""

    def paper_of(self, file: str) -> Paper | None:
        """The version of a document that was typeset as this file; None when none was."""

    def use_by_code(self, code: str) -> SealUse | None: ...
    def use_by_digest(self, digest: str) -> SealUse | None:
        """The good one that made this file."""

    def uses_of_certificate(self, serial: str) -> Sequence[SealUse]:
        """Those that succeeded, the first one first."""

    def use_of_document(self, org: str, document: str) -> SealUse | None:
        """The latest good seal on an organisation's document of this number."""
