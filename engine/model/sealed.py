"""Seals in the register, and each use of one: a line of the seal ledger, a document that can be verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SealStatus = Literal["active", "suspended", "revoked", "expired"]


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal of an organisation and the certificate it has now.

    ``code``: the number along its ring (esID); ``key``: the name of its key at whoever keeps it;
    ``certificate``: DER, hexadecimal; ``serial`` of it, hexadecimal; ``revoked_at``: from when on
    it is not trusted, which may lie before ``changed_at``; ``person``: whose own signature it is,
    "" for a seal.
    """

    id: str
    owner: str
    name: str
    code: str
    key: str
    valid_from: datetime
    valid_until: datetime
    changed_at: datetime
    status: SealStatus = "active"
    custody: str = ""
    demonstration: bool = True
    certificate: str = ""
    serial: str = ""
    certified_until: datetime | None = None
    revoked_at: datetime | None = None
    person: str = ""

    def is_valid(self, at: datetime) -> bool:
        """The seal itself, apart from its certificate."""
        return self.status == "active" and self.valid_from <= at < self.valid_until

    def is_certified(self, at: datetime) -> bool:
        until = self.certified_until
        return self.status != "revoked" and until is not None and at < until


@dataclass(frozen=True, slots=True)
class SealUse:
    """One use of a seal or of a person's own signature, asked for under the repeat key ``id``: a
    line of the ledger.

    ``source``: SHA-256 of the file before, ``digest`` after sealing ("" until then); ``result``:
    "" while it goes on, "OK", else why not; ``code``: by which anybody verifies the document;
    ``recheck_at``: since when it should be looked at again; ``superseded_by``: a newer document;
    ``place``: as what a person signed ("judge", "clerk"), "" for a seal; a signature has no code.
    """

    id: str
    number: str
    seal: str
    serial: str
    person: str
    case: str
    dossier: str
    org: str
    kind: str
    title: str
    document: str
    case_no: str
    source: str
    code: str
    begun_at: datetime
    digest: str = ""
    size: int = 0
    result: str = ""
    reason: str = ""
    ended_at: datetime | None = None
    recheck_at: datetime | None = None
    superseded_by: str = ""
    place: str = ""
