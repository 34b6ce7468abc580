"""The nouns of linked offices: who they are, and what went to them and came from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

OFFICE = "office:"
"""Messages from offices have ids ``office:<code>:<their id>``; their actors are ``office:<code>``."""

Direction = Literal["out", "in"]
LetterState = Literal["waiting", "sent", "failed", "taken"]
"""Outgoing: waiting, then sent or failed (a person tries again). Incoming: taken."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An office with an installation of its own, as the administrators' register has it.

    ``code``: what it calls itself in messages; ``org``: the organisation of ours that it is ("" none);
    ``home``: who here works on what it sends; ``keys``: its public keys, base64 of 32 bytes, the old
    one beside the new one while it changes; ``gives``/``takes``: names of messages that may come
    from it and that go to it; ``address`` "": an isolated network, files only.
    """

    code: str
    name: str
    home: str
    keys: tuple[str, ...]
    gives: tuple[str, ...]
    takes: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None = None
    address: str = ""
    org: str = ""

    def is_valid(self, moment: datetime) -> bool:
        """Whether it is linked then."""
        return self.valid_from <= moment and (not self.valid_until or moment < self.valid_until)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message between two offices, as it travels.

    ``dossier``: (code of the office that numbered it, number), both "" where there is none;
    ``sender``/``receiver``: codes; ``payload``: FEEL values.
    """

    id: str
    name: str
    key: str
    payload: dict[str, object]
    sender: str
    receiver: str
    sent_at: datetime
    dossier: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A letter in the books: ``digest`` of its bytes once they are known, ``way`` "rest" or "file"."""

    id: str
    direction: Direction
    agency: str
    message: str
    name: str
    state: LetterState
    at: datetime
    dossier_office: str = ""
    dossier_number: str = ""
    digest: str = ""
    way: str = ""
