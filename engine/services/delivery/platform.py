"""Gives a notice to an external service platform over signed HTTP; it tells later what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.errors import Failed
from engine.exchange.signing import Request, sign
from engine.model import Data
from engine.services.posting import call, refused
from engine.values import canonical_json, read_json


@dataclass(frozen=True, slots=True)
class Platform:
    """``address``: where it takes notices; each is signed as messages between offices are.

    The platform knows a notice by its id (also in ``Idempotency-Key``) and sends it once.
    """

    address: str
    key: Callable[[], Ed25519PrivateKey]
    clock: Callable[[], datetime]
    seconds: float = 20

    def __call__(self, dispatch_id: str, params: Data) -> Data:
        """Raises Failed: platform_refused (permanent), platform_unreachable (to be tried again)."""
        body = canonical_json({"id": dispatch_id, **params})
        headers = {"Content-Type": "application/json", "Idempotency-Key": dispatch_id}
        request = Request("POST", self.address, headers)
        sign(request, body, self.key(), self.clock())
        try:
            answer, said = call(request, body, self.seconds)
        except Failed as failed:
            raise Failed("platform_unreachable", **failed.params) from failed
        if answer.status_code >= 300:
            no = refused(answer, said)
            code = "platform_refused" if no.permanent else "platform_unreachable"
            raise Failed(code, permanent=no.permanent, **no.params)
        return {"reference": _reference(said)}


def _reference(said: bytes) -> str:
    """What the platform calls it, "" where it does not say."""
    try:
        return str(read_json(said).get("reference", ""))[:200]
    except (ValueError, AttributeError):
        return ""
