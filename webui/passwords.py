"""Passwords: argon2, what is too weak, one-time passwords, and the growing delay after wrong ones."""

from __future__ import annotations

import secrets
from base64 import b64encode
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from engine.errors import Invalid

HASHER = PasswordHasher()
SHORTEST, LONGEST = 10, 200
FREE_TRIES = 5
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=30), timedelta(hours=1)
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the characters that are mistaken for others when read aloud."""


def _nobodys() -> str:
    """A hash of the usual cost that no password has, without the time to work one out."""
    cost = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    parts = [secrets.token_bytes(size) for size in (HASHER.salt_len, HASHER.hash_len)]
    salt, told = (b64encode(part).rstrip(b"=").decode() for part in parts)
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${told}"


NOBODY = _nobodys()
"""Checked when the login is unknown, so that the answer takes as long."""


def hashed(password: str) -> str:
    """The argon2 hash of a password."""
    return HASHER.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one behind a hash; an unreadable hash matches nothing."""
    try:
        return HASHER.verify(kept or NOBODY, password[:LONGEST]) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def check_new(password: str, again: str, about: tuple[str, ...]) -> None:
    """Raises Invalid: ``password_differs``, ``password_short``, ``password_obvious``."""
    if password != again:
        raise Invalid("password_differs")
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid("password_short", shortest=SHORTEST)
    plain = password.casefold()
    named = any(word and word.casefold() in plain for word in about)
    if named or len(set(plain)) < 5 or plain in "01234567890123456789abcdefghijklmnopqrstuvwxyz":
        raise Invalid("password_obvious")


def one_time() -> str:
    """A password to hand over once: twelve readable characters in groups of four."""
    letters = "".join(secrets.choice(READABLE) for _ in range(12))
    return "-".join(letters[at : at + 4] for at in (0, 4, 8))


def locked_until(failures: int, now: datetime) -> datetime | None:
    """Until when sign-in is refused after so many wrong passwords: doubling from the fifth on."""
    if failures < FREE_TRIES:
        return None
    steps = min(failures - FREE_TRIES, 12)
    delay: timedelta = FIRST_DELAY * 2**steps
    return now + min(delay, LONGEST_DELAY)
