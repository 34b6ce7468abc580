"""This office among linked ones: its code, its key, and files of messages for those without a line."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.errors import EngineError, Invalid, NotFound
from engine.exchange.keys import office_key
from engine.exchange.letters import from_us, to_us
from engine.exchange.parcels import open_parcel, write_parcel
from engine.model import Actor
from engine.model.linked import Letter

from .config import Config
from .product import Built, product

KEY = "office.key"


def key_of(config: Config) -> Ed25519PrivateKey:
    """The private key of this installation, in its data folder."""
    return office_key(config.data / KEY)


def our_key() -> Ed25519PrivateKey:
    return key_of(product().config)


def our_code() -> str:
    """Raises NotFound (office_code_missing) until one is set."""
    return _code(product().config)


def _code(config: Config) -> str:
    if not config.office:
        raise NotFound("office_code_missing")
    return config.office


@dataclass(frozen=True, slots=True)
class Packed:
    """A file for an office: call ``sent`` once it is written."""

    content: bytes
    letters: Sequence[Letter]


def pack(built: Built, actor: Actor, code: str, again: bool = False) -> Packed:
    """What waits for an office as one signed file; Invalid (nothing_to_pack)."""
    ours = _code(built.config)
    letters = [from_us(one, ours) for one in built.engine.letters_to(actor, code, again)]
    if not letters:
        raise Invalid("nothing_to_pack")
    return Packed(write_parcel(letters, key_of(built.config)), letters)


def note_packed(built: Built, actor: Actor, code: str, packed: Packed) -> None:
    """The file is written: its messages count as sent."""
    digest = hashlib.sha256(packed.content).hexdigest()
    built.engine.note_packed(actor, code, packed.letters, digest)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """How many messages of a file were new, how many had come before, and which were refused."""

    taken: int
    before: int
    refused: tuple[tuple[Letter, EngineError], ...]


def unpack(built: Built, actor: Actor, content: bytes) -> Unpacked:
    """Take in a file whose signature holds; each message goes through the checks of the other door."""
    ours = _code(built.config)
    taken, before, refused = 0, 0, []
    for letter in open_parcel(content, ours, built.engine.keys_of, built.clock()):
        try:
            is_new = built.engine.take(to_us(letter, ours), "file", actor)
        except EngineError as no:
            refused.append((letter, no))
            continue
        taken, before = taken + is_new, before + (not is_new)
    return Unpacked(taken, before, tuple(refused))
