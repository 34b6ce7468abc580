"""By what the same person or the same matter is found again in another dossier."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .forms.formats import write_down
from .model import Data

CARD = re.compile(r"\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dX]")
"""An identity card: area, day of birth, order, check digit (GB 11643)."""


def id_digest(detail: Data) -> str:
    """SHA-256 of the identity number of a party as it is kept; "" without one."""
    number = _number(detail)
    return _digest("id", number) if number else ""


def name_digest(name: str, detail: Data) -> str:
    """SHA-256 of name and day of birth; "" where the day is not known."""
    born = _born(detail)
    return _digest("name", f"{''.join(name.split())}/{born}") if name and born else ""


def matter_of(values: Mapping[str, Any]) -> str:
    """Cause, amount and place of a dispute; "" unless cause and amount are told (2.1)."""
    cause, amount = values.get("/dispute/type"), values.get("/dispute/claim_amount")
    if not cause or not amount:
        return ""
    told = f"{Decimal(str(amount)).normalize():f}"
    return f"{cause}/{told}/{values.get('/dispute/place') or ''}"


def police_number(values: Mapping[str, Any]) -> str:
    """The number of the police case behind a dispute, without spaces; "" without one."""
    told = values.get("/dispute/police_case_no") or values.get("/police/case_no") or ""
    return "".join(str(told).split())


def _number(detail: Data) -> str:
    return write_down("id-card", str(detail.get("id_no") or ""))


def _born(detail: Data) -> str:
    """From the record, else from the identity card."""
    told = detail.get("birth_date")
    card = CARD.fullmatch(_number(detail))
    return str(told) if told else "-".join(card.groups()) if card else ""


def _digest(kind: str, said: str) -> str:
    return hashlib.sha256(f"{kind}:{said}".encode()).hexdigest()
