"""A parcel: the messages for one office as one signed JSON file, for networks without a line.

It is signed exactly as the request would be; the same messages always make the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.errors import Invalid, NotAllowed
from engine.model.linked import Letter
from engine.values import canonical_json, read_json

from .letters import letter_json, letter_of
from .signing import Request, sign, verify

FORMAT = "liandiao-messages-1"
SIGNED = ("Content-Digest", "Signature-Input", "Signature")
WHERE = "https://file/api/messages"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a file says before anything in it is believed."""

    sender: str
    receiver: str
    letters: tuple[Letter, ...]
    request: Request
    body: bytes


def write_parcel(letters: Sequence[Letter], key: Ed25519PrivateKey) -> bytes:
    """At least one letter, all from one office to one other."""
    content = {
        "format": FORMAT,
        "sender": letters[0].sender,
        "receiver": letters[0].receiver,
        "messages": [letter_json(letter) for letter in letters],
    }
    request = Request("POST", WHERE, {"Content-Type": "application/json"})
    sign(request, canonical_json(content), key, max(letter.sent_at for letter in letters))
    signature = {name.lower(): request.headers[name] for name in SIGNED}
    return canonical_json({"content": content, "signature": signature})


def read_parcel(file: bytes) -> Parcel:
    """Raises Invalid (parcel_shape): no parcel, or not byte for byte as one is written."""
    try:
        plain = read_json(file)
        content, signature = plain["content"], plain["signature"]
        is_ours = canonical_json(plain) == file and content["format"] == FORMAT
        headers = {name: str(signature[name.lower()]) for name in SIGNED}
        sender, receiver = str(content["sender"]), str(content["receiver"])
        letters = tuple(letter_of(one) for one in _list(content["messages"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Invalid("parcel_shape") from error
    if not is_ours or any((one.sender, one.receiver) != (sender, receiver) for one in letters):
        raise Invalid("parcel_shape")
    request = Request("POST", WHERE, {"Content-Type": "application/json", **headers})
    return Parcel(sender, receiver, letters, request, canonical_json(content))


def open_parcel(
    file: bytes, office: str, keys_of: Callable[[str], tuple[str, ...]], now: datetime
) -> tuple[Letter, ...]:
    """The letters for us, once the signature of their sender holds.

    Raises Invalid (parcel_shape), NotAllowed: wrong_receiver, signature_wrong, signature_stale.
    """
    parcel = read_parcel(file)
    if parcel.receiver != office:
        raise NotAllowed("wrong_receiver", receiver=parcel.receiver, office=office)
    verify(parcel.request, parcel.body, keys_of(parcel.sender), (now, None))
    return parcel.letters


def _list(plain: Any) -> list[Any]:
    if not isinstance(plain, list) or not plain:
        raise ValueError
    return plain
