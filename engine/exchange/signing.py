"""HTTP Message Signatures (RFC 9421, Ed25519) with Content-Digest (RFC 9530), both directions.

Signed are the method, the path and the body of a request, the status and the body of an answer;
the office addressed stands in the body, so that a proxy may change host and scheme on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from engine.errors import NotAllowed

from .keys import key_id, public_text, read_public

TAG = "liandiao"
ASKED = ("@method", "@path", "content-type", "content-digest")
ANSWERED = ("@status", "content-type", "content-digest")


@dataclass(slots=True)
class Request:
    """What of a request is signed; ``url`` is absolute, of which only the path counts."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass(slots=True)
class Answer:
    """What of an answer is signed."""

    status_code: int
    headers: dict[str, str] = field(default_factory=dict)


class _Keys(HTTPSignatureKeyResolver):
    """Our key for signing, or the keys of the office that should have signed."""

    def __init__(self, own: Ed25519PrivateKey | None = None, others: Mapping[str, str] = {}):
        self.own = own
        self.others = others

    def resolve_private_key(self, key_id: str) -> Any:
        return self.own

    def resolve_public_key(self, key_id: str) -> Any:
        if key_id not in self.others:
            raise InvalidSignature("key unknown")
        return read_public(self.others[key_id])


def sign(message: Request | Answer, body: bytes, key: Ed25519PrivateKey, now: datetime) -> None:
    """Add Content-Digest, Signature-Input and Signature to the message's headers."""
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(key))
    signer.sign(
        message,
        key_id=key_id(public_text(key)),
        created=now,
        label=TAG,
        tag=TAG,
        covered_component_ids=ASKED if isinstance(message, Request) else ANSWERED,
        body=body,
    )


def verify(
    message: Request | Answer,
    body: bytes,
    keys: tuple[str, ...],
    within: tuple[datetime, timedelta | None],
) -> datetime:
    """When it was signed, by one of ``keys`` (base64 each), the body included.

    ``within``: (now, how far the signature's time may be from it; None: any earlier time, for files).
    Raises NotAllowed: signature_wrong, signature_stale.
    """
    others = {key_id(text): text for text in keys}
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(None, others))
    needed = ASKED if isinstance(message, Request) else ANSWERED
    try:
        found = verifier.verify(message, expect_tag=TAG, require_components=needed, body=body)
    except HTTPMessageSignaturesException as error:
        raise NotAllowed("signature_wrong") from error
    created = datetime.fromtimestamp(int(found[0].parameters["created"]), within[0].tzinfo)
    now, window = within
    margin = window or DRIFT
    if created > now + margin or (window and created < now - margin):
        raise NotAllowed("signature_stale", signed_at=created, now=now)
    return created


DRIFT = timedelta(minutes=5)
"""How far ahead the clock of an office may be that signs a file."""


class _Verifier(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Only that a time is there: ``verify`` compares it with the clock of the product."""
        if type(sig_input.params.get("created")) is not int:
            raise InvalidSignature("no creation time")
