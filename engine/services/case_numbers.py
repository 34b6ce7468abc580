"""Numbers of the court's own case system: asked over REST, or typed in by a clerk (K16)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.errors import EngineError, Failed
from engine.exchange.signing import Request, sign, verify
from engine.linkports import CaseNumbers
from engine.model import Data
from engine.ports import ServiceHandler
from engine.values import canonical_json, read_json
from engine.workdays import CHINA

from .posting import call, refused

NUMBER = re.compile(r"[（(](20\d{2})[)）]\D{1,4}\d{0,6}\D{1,12}\d+号")


@dataclass(frozen=True, slots=True)
class TypedIn:
    """No court system is linked: the clerk of the next task copies the number from it."""

    def ask(self, key: str, court: str, word: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class CourtSystem:
    """The court's system behind an endpoint as described under ``webhooks`` in the API document.

    ``public_key``: by which its answers are signed; ``window``: how far their time may be off.
    """

    address: str
    public_key: str
    key: Callable[[], Ed25519PrivateKey]
    clock: Callable[[], datetime]
    window: timedelta
    seconds: float = 20

    def ask(self, key: str, court: str, word: str) -> str:
        """Raises Failed: permanent when the system says no or gives what is no case number."""
        year = self.clock().astimezone(CHINA).year
        body = canonical_json({"key": key, "court": court, "word": word, "year": year})
        request = Request("POST", self.address, {"Content-Type": "application/json"})
        sign(request, body, self.key(), self.clock())
        answer, said = call(request, body, self.seconds)
        if answer.status_code >= 300:
            raise refused(answer, said)
        try:
            verify(answer, said, (self.public_key,), (self.clock(), self.window))
            number = str(read_json(said)["number"])
        except (EngineError, ValueError, KeyError, TypeError) as error:
            raise Failed("receipt_wrong", reason=str(error)) from error
        if not NUMBER.fullmatch(number) or word not in number:
            raise Failed("case_number_shape", permanent=True, reason=number[:60])
        return number


def case_number(numbers: CaseNumbers) -> ServiceHandler:
    """``court.number``: {"court", "word"} -> {"number" (null: to be typed in), "source", "reason"}.

    A court system that says no does not stop the case: the clerk types the number in and sees why.
    """

    def handle(key: str, params: Data) -> Data:
        number, reason = "", ""
        try:
            number = numbers.ask(key, str(params.get("court") or ""), str(params.get("word") or ""))
        except Failed as failed:
            if not failed.permanent:
                raise
            reason = str(failed.params.get("reason", failed.code))
        source = "COURT_SYSTEM" if number else "TYPED"
        return {"number": number or None, "source": source, "reason": reason}

    return handle
