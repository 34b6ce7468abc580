"""Writes what the log signs: checkpoints and keys, as C2SP signed notes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.journal import rfc3339

Sign = Callable[[bytes], bytes]


def signed(text: str, key: str, sign: Sign) -> str:
    """A note: the text, an empty line, and the signature of ``key`` ("name+hash+base64")."""
    name, mark, _ = key.split("+", 2)
    raw = bytes.fromhex(mark) + sign(text.encode())
    return f"{text}\n\u2014 {name} {base64.b64encode(raw).decode()}\n"


@dataclass(frozen=True, slots=True)
class Head:
    """A head of the log: over ``size`` leaves, the next after the one over ``after``."""

    size: int
    root: bytes
    after: int
    at: datetime


def checkpoint_note(key: str, head: Head, sign: Sign) -> str:
    """The signed head: origin, size, root; then when it was signed and which one it follows."""
    origin = key.split("+", 2)[0]
    root = base64.b64encode(head.root).decode()
    text = f"{origin}\n{head.size}\n{root}\n{rfc3339(head.at)}\nafter {head.after}\n"
    return signed(text, key, sign)


def printed(note: str) -> str:
    """A checkpoint as it stands on paper: origin, size and root; "" before the first."""
    return " ".join(note.split("\n")[:3]) if note else ""


def key_note(key: str, since: int, at: datetime, signer: tuple[str, Sign]) -> str:
    """A key, in force for checkpoints larger than ``since``, signed by the one before it."""
    return signed(f"liandiao key\n{since}\n{key}\n{rfc3339(at)}\n", *signer)


def public_of(key: str) -> bytes:
    """The 32 bytes of a written key."""
    return base64.b64decode(key.split("+", 2)[2])[1:]
