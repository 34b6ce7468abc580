"""Ed25519 keys of offices: our own, made once, and the public ones of others as text."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from engine.errors import Invalid


def office_key(path: Path) -> Ed25519PrivateKey:
    """Our key: made once, readable by its owner only; processes that start together agree on one."""
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_bytes(pem)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Invalid("office_key_shape", path=str(path))
    return key


def public_text(key: Ed25519PrivateKey) -> str:
    """The public half as administrators exchange it: base64 of its 32 bytes."""
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode("ascii")


def read_public(text: str) -> Ed25519PublicKey:
    """Raises Invalid (public_key_shape)."""
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error) as error:
        raise Invalid("public_key_shape") from error


def key_id(text: str) -> str:
    """By which a signature names the key: the beginning of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(base64.b64decode(text)).hexdigest()[:32]
