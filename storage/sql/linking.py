"""The register of linked offices, and the letters that went to them and came from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.model import Data
from engine.model.linked import Agency, Exchanged
from storage.tables import (
    agencies,
    cases,
    dossiers,
    letters,
    messages,
    shared_dossiers,
    waits,
)

from .transaction import Transaction

AGENCY = tuple(field.name for field in fields(Agency))
LETTER = tuple(field.name for field in fields(Exchanged))
LISTS = ("keys", "gives", "takes")


class LinkRows(Transaction):
    def agency(self, code: str) -> Agency:
        """Raises NotFound (no_agency)."""
        query = sa.select(agencies).where(agencies.c.code == code)
        return _agency(self.found(query, "no_agency", name=code))

    def agencies(self) -> Sequence[Agency]:
        return [_agency(row) for row in self.run(sa.select(agencies).order_by(agencies.c.code))]

    def save_agency(self, agency: Agency) -> None:
        row = asdict(agency) | {name: list(getattr(agency, name)) for name in LISTS}
        self.upsert(agencies, [row])

    def letter(self, letter_id: str) -> Exchanged | None:
        row = self.run(sa.select(letters).where(letters.c.id == letter_id)).first()
        return _letter(row) if row else None

    def letters(self, agency: str, state: str) -> Sequence[Exchanged]:
        """Those of an office in a state, the oldest first."""
        query = sa.select(letters).where(letters.c.agency == agency, letters.c.state == state)
        return [_letter(row) for row in self.run(query.order_by(letters.c.at, letters.c.id))]

    def add_letter(self, letter: Exchanged, due_at: datetime | None, why: Data) -> None:
        """``due_at``: an outgoing one is sent then, by the worker; None: by a file, or it came in."""
        row = asdict(letter) | {"due_at": due_at, "failure": why}
        self.run(sa.insert(letters), row)
        if due_at:
            self.wake("letter", letter.id, letter.agency)

    def settle_letter(self, letter: Exchanged, failure: Data) -> None:
        """It went, or failed for good: nothing more is due."""
        gone = {"due_at": None, "lease": "", "leased_until": None, "settled_at": self.now()}
        said = {"state": letter.state, "digest": letter.digest, "way": letter.way}
        self._set_letter(letter.id, gone | said | {"failure": failure})

    def resend_letter(self, letter_id: str) -> None:
        """A person wants it tried again, now."""
        again = {"state": "waiting", "due_at": self.now(), "attempts": 0, "failure": {}}
        self._set_letter(letter_id, again | {"lease": "", "leased_until": None})
        self.wake("letter", letter_id, "")

    def explain_letter(self, letter_id: str, why: Data) -> None:
        """Why what came in became a hand-over item."""
        self._set_letter(letter_id, {"failure": why})

    def _set_letter(self, letter_id: str, values: dict[str, Any]) -> None:
        self.run(sa.update(letters).where(letters.c.id == letter_id), values)

    # Dossiers that two offices share ---------------------------------------------------------

    def shared_dossier(self, agency: str, number: tuple[str, str]) -> str:
        """The dossier that an office means by (who numbered it, number); "" when it shares none."""
        shared = shared_dossiers.c
        query = sa.select(shared.dossier).where(
            shared.agency == agency, shared.office == number[0], shared.number == number[1]
        )
        return self.run(query).scalar() or ""

    def share_dossier(
        self, agency: str, dossier: str, number: tuple[str, str] | None = None
    ) -> tuple[str, str]:
        """(who numbered it, number) under which both speak of a dossier: the present one, else
        ``number``, else our own."""
        shared = shared_dossiers.c
        here = (shared.agency == agency) & (shared.dossier == dossier)
        found = self.run(sa.select(shared.office, shared.number).where(here)).first()
        if found:
            return found.office, found.number
        own = sa.select(dossiers.c.number).where(dossiers.c.id == dossier)
        office, called = number or ("", self.run(own).scalar_one())
        row = {"agency": agency, "office": office, "number": called, "dossier": dossier}
        self.run(sa.insert(shared_dossiers), row)
        return office, called

    def offices_sharing(self, dossier: str) -> Sequence[str]:
        """Codes of the offices that a dossier is shared with."""
        query = sa.select(shared_dossiers.c.agency).where(shared_dossiers.c.dossier == dossier)
        return list(self.run(query).scalars())

    def place_message(self, message_id: str, dossier: str) -> None:
        """A message from outside belongs to this dossier, as has turned out."""
        self.run(sa.update(messages).where(messages.c.id == message_id), {"dossier": dossier})

    def dossier_awaiting(self, name: str, key: str) -> str:
        """The dossier of the oldest case that waits for this message under a key; "" none."""
        query = (
            sa.select(cases.c.dossier)
            .join(waits, waits.c.case_id == cases.c.id)
            .where(waits.c.kind == "message", waits.c.name == name, waits.c.key == key)
            .order_by(cases.c.started_at, cases.c.id)
            .limit(1)
        )
        return (self.run(query).scalar() or "") if key else ""


def _agency(row: sa.Row[Any]) -> Agency:
    found = {name: getattr(row, name) for name in AGENCY}
    return Agency(**found | {name: tuple(found[name]) for name in LISTS})


def _letter(row: sa.Row[Any]) -> Exchanged:
    return Exchanged(**{name: getattr(row, name) for name in LETTER})
