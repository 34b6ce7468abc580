"""A message between offices as bytes: RFC 8785 JSON that fits ``message.schema.json``, and back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from engine.errors import EngineError, Invalid, NotAllowed
from engine.journal import rfc3339
from engine.lexical import parse_datetime
from engine.model.linked import Letter
from engine.values import canonical_json, from_json, read_json, to_json

SCHEMA = Path(__file__).with_name("message.schema.json")


def write_letter(letter: Letter) -> bytes:
    """Always the same bytes for the same letter."""
    return canonical_json(letter_json(letter))


def letter_json(letter: Letter) -> dict[str, Any]:
    """The letter as plain JSON."""
    office, number = letter.dossier
    return {
        "id": letter.id,
        "name": letter.name,
        "key": letter.key,
        "payload": to_json(letter.payload),
        "sender": letter.sender,
        "receiver": letter.receiver,
        "sent_at": rfc3339(letter.sent_at),
        "dossier": {"office": office, "number": number},
    }


def read_letter(content: bytes) -> Letter:
    """Raises Invalid (letter_shape) with what is wrong."""
    try:
        return letter_of(read_json(content))
    except (ValueError, RecursionError) as error:
        raise Invalid("letter_shape", what=str(error)[:200]) from error


def letter_of(plain: Any) -> Letter:
    """Raises Invalid (letter_shape)."""
    wrong = next(_validator().iter_errors(plain), None)
    if wrong is not None:
        raise Invalid("letter_shape", what=f"{wrong.json_path}: {wrong.message}"[:200])
    try:
        payload, sent_at = from_json(plain["payload"]), parse_datetime(plain["sent_at"])
    except (ValueError, EngineError) as error:
        raise Invalid("letter_shape", what=str(error)[:200]) from error
    if not isinstance(payload, dict) or sent_at.tzinfo is None:
        raise Invalid("letter_shape", what="payload, sent_at")
    words = {name: plain[name] for name in ("id", "name", "key", "sender", "receiver")}
    dossier = (plain["dossier"]["office"], plain["dossier"]["number"])
    return Letter(**words, payload=payload, sent_at=sent_at, dossier=dossier)


def digest_of(letter: Letter) -> str:
    """SHA-256 of its bytes, hex: the same letter twice is recognised by it."""
    return hashlib.sha256(write_letter(letter)).hexdigest()


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def from_us(letter: Letter, office: str) -> Letter:
    """The letter under our code; inside we call ourselves ""."""
    numbered = letter.dossier[0] or (office if letter.dossier[1] else "")
    return replace(letter, sender=office, dossier=(numbered, letter.dossier[1]))


def to_us(letter: Letter, office: str) -> Letter:
    """Raises NotAllowed (wrong_receiver) when another office is meant."""
    if letter.receiver != office:
        raise NotAllowed("wrong_receiver", receiver=letter.receiver, office=office)
    numbered = "" if letter.dossier[0] == office else letter.dossier[0]
    return replace(letter, dossier=(numbered, letter.dossier[1]))
