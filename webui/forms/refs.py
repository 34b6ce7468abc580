"""What a field may point to: records of a register, and files that were already sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer


@dataclass(frozen=True, slots=True)
class Picker:
    """What a person or organisation field offers: (id, name) pairs, all of them or the first ones.

    ``source``: address that answers ``?q=`` with a JSON list of [id, name], for long registers.
    """

    choices: Sequence[tuple[str, str]]
    source: str = ""


def seal_file(told: str) -> str:
    """A kept file as it travels through a page: signed, so that nobody can name another's file."""
    return str(_signer().dumps(json.loads(told)))


def open_file(token: str) -> str | None:
    """The JSON of a kept file, None if the page's token was made up."""
    try:
        return json.dumps(_signer().loads(token), ensure_ascii=False)
    except BadSignature:
        return None


def seal_text(digest: str) -> str:
    """The digest of the text that a page showed, as it travels through the page."""
    return str(_signer("form-text").dumps(digest))


def open_text(token: str) -> str:
    """The digest again, "" if the page's token was made up."""
    try:
        return str(_signer("form-text").loads(token))
    except BadSignature:
        return ""


def file_of(told: str) -> dict[str, Any]:
    """{"digest", "name", "size", "type"} of a raw value; {} where it is none."""
    try:
        found = json.loads(told)
    except ValueError:
        return {}
    return found if isinstance(found, dict) and "digest" in found else {}


def _signer(salt: str = "form-file") -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=salt)
