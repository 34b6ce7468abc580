"""Posts a message to another office over HTTP and believes only a signed receipt."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.errors import EngineError, Failed
from engine.exchange.letters import digest_of, from_us, write_letter
from engine.exchange.signing import Answer, Request, sign, verify
from engine.model import Data
from engine.values import read_json

PATH = "/api/messages"
TRY_AGAIN = frozenset({408, 425, 429})
LONGEST_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Post:
    """A service handler: (letter id, {"address", "keys", "letter"}) -> {"digest", "duplicate"}.

    ``office``: our code; ``window``: how far a receipt's time may be off; ``seconds`` to wait.
    """

    office: str
    key: Callable[[], Ed25519PrivateKey]
    clock: Callable[[], datetime]
    window: timedelta
    seconds: float = 20

    def __call__(self, letter_id: str, params: Data) -> Any:
        """Raises Failed: permanent when the other office says no, else to be tried again."""
        if not self.office:
            raise Failed("office_code_missing", permanent=True)
        letter = from_us(params["letter"], self.office)
        body, url = write_letter(letter), params["address"].rstrip("/") + PATH
        request = Request("POST", url, {"Content-Type": "application/json"})
        sign(request, body, self.key(), self.clock())
        answer, said = call(request, body, self.seconds)
        if answer.status_code >= 300:
            raise refused(answer, said)
        return self._receipt(answer, said, params["keys"], digest_of(letter))

    def _receipt(self, answer: Answer, said: bytes, keys: tuple[str, ...], digest: str) -> Any:
        try:
            verify(answer, said, keys, (self.clock(), self.window))
            receipt = read_json(said)
            if receipt["digest"] == digest:
                return {"digest": digest, "duplicate": bool(receipt["duplicate"])}
        except (EngineError, ValueError, KeyError, TypeError) as error:
            raise Failed("receipt_wrong", reason=str(error)) from error
        raise Failed("receipt_wrong", reason="digest")


def call(request: Request, body: bytes, seconds: float) -> tuple[Answer, bytes]:
    """One request, redirects not followed; raises Failed (office_unreachable)."""
    where = urlsplit(request.url)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    line = kind(str(where.hostname), where.port, timeout=seconds)
    try:
        line.request(request.method, where.path, body, request.headers)
        answer = line.getresponse()
        return Answer(answer.status, dict(answer.getheaders())), answer.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        raise Failed("office_unreachable", reason=f"{type(error).__name__}: {error}") from error
    finally:
        line.close()


def refused(answer: Answer, said: bytes) -> Failed:
    """What another office's no means: the problem it tells (RFC 9457), and whether to try again."""
    status = answer.status_code
    try:
        problem = read_json(said)
        told = str(problem.get("detail") or problem.get("title"))
    except (ValueError, AttributeError):
        told = ""
    reason = f"{status} {told}".strip()[:300]
    if status >= 500 or status in TRY_AGAIN:
        return Failed("office_unreachable", reason=reason)
    return Failed("office_refused", permanent=True, reason=reason)
