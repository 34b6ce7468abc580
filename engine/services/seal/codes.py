"""Codes by which anybody verifies a document: 15 symbols nobody can guess, and one that finds slips."""

from __future__ import annotations

import hashlib
import hmac

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
LENGTH = 16
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", " ": "", "-": ""})
PRIME = 31
"""Below 32 and prime: with it one wrong symbol and two swapped neighbours are found."""


def code_of(secret: bytes, use: str) -> str:
    """75 bits that only who has the secret can tell from a use's key; the same for the same key."""
    drawn = int.from_bytes(hmac.digest(secret, f"seal code {use}".encode(), hashlib.sha256))
    body = "".join(SYMBOLS[drawn >> 5 * at & 31] for at in range(LENGTH - 1))
    return body + _check(body)


def read_code(typed: str) -> str:
    """A code as it was typed or scanned; "" when it cannot be one."""
    code = typed.upper().translate(_READ_AS)
    sound = len(code) == LENGTH and set(code) <= set(SYMBOLS) and _check(code[:-1]) == code[-1]
    return code if sound else ""


def spaced(code: str) -> str:
    """In fours, as people read it."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _check(body: str) -> str:
    total = sum((at + 1) * SYMBOLS.index(one) for at, one in enumerate(body))
    return SYMBOLS[total % PRIME]
