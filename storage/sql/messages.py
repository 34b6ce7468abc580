"""Messages between cases: who waits for one, who consumed it, and what nobody can receive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from engine.errors import Conflict
from engine.model import Message
from storage.tables import cases, messages, receipts, waits

from .transaction import Transaction


class MessageRows(Transaction):
    def message(self, message_id: str) -> Message:
        """Raises NotFound (no_message)."""
        row = self._message(message_id)
        return Message(row.kind, row.name, row.key, row.payload)

    def _message(self, message_id: str) -> sa.Row[tuple[object, ...]]:
        query = sa.select(messages).where(messages.c.id == message_id)
        return self.found(query, "no_message", name=message_id)

    def origin(self, message_id: str) -> tuple[str, str]:
        """(dossier, organisation of the sender's case); "" where there is none."""
        row = self._message(message_id)
        org = self.run(sa.select(cases.c.org).where(cases.c.id == row.sender)).scalar()
        return row.dossier, org or ""

    def add_message(self, message_id: str, message: Message, dossier: str = "") -> bool:
        """Take in a message from outside under its sender's id; False if that id came before."""
        now = self.now()
        row = {
            "id": message_id,
            "kind": message.kind,
            "name": message.name,
            "key": message.key,
            "payload": message.payload,
            "sender": "",
            "dossier": dossier,
            "sent_at": now,
            "expires_at": now + self.kept_for,
            "due_at": now,
        }
        insert = self.insert(messages).on_conflict_do_nothing().returning(messages.c.id)
        added = self.run(insert, row).first() is not None
        if added:
            self.wake("message", message_id, "")
        return added

    def receivers(self, message_id: str) -> Sequence[str]:
        """Ids of the cases that wait for it and have not had it: the oldest one, or for a signal all.

        Within the dossier first; a message with a key then reaches a case of any dossier that
        waits under this key. A signal never leaves its dossier, and its own case heard it already.
        """
        row = self._message(message_id)
        waiting = (
            sa.select(waits.c.case_id)
            .join(cases, cases.c.id == waits.c.case_id)
            .where(
                waits.c.kind == row.kind,
                waits.c.name == row.name,
                waits.c.key == row.key,
                (waits.c.case_id != row.sender) if row.kind == "signal" else sa.true(),
                waits.c.case_id.not_in(
                    sa.select(receipts.c.case_id).where(receipts.c.message == message_id)
                ),
            )
            .order_by(cases.c.started_at, cases.c.id)
        )
        within = list(
            dict.fromkeys(self.run(waiting.where(cases.c.dossier == row.dossier)).scalars())
        )
        if row.kind == "signal":
            return within
        anywhere = within or (list(self.run(waiting).scalars()) if row.key else [])
        return anywhere[:1]

    def consume_message(self, message_id: str, case_id: str) -> bool:
        """False if this case had it before, or for a message any case (a duplicate)."""
        row = self._message(message_id)
        if row.kind == "message" and row.consumed_at is not None:
            return False
        receipt = {"message": message_id, "case_id": case_id}
        insert = self.insert(receipts).on_conflict_do_nothing().returning(receipts.c.message)
        if self.run(insert, receipt).first() is None:
            return False
        self._change(message_id, consumed_at=self.now(), due_at=None, lease="", leased_until=None)
        return True

    def hand_over(self, message_id: str, at: datetime) -> None:
        """Nobody waits for it: a message becomes a visible hand-over item, a signal is over.

        Should somebody begin to wait before it expires, the worker delivers it after all.
        """
        row = self._message(message_id)
        handed_at = (row.handed_at or at) if row.kind == "message" else None
        self._change(message_id, handed_at=handed_at, due_at=None, lease="", leased_until=None)

    def close_hand_over(self, message_id: str, by: str, reason: str) -> None:
        """A clerk dealt with it; raises Conflict (hand_over_closed) when it is no longer owed."""
        where = (
            (messages.c.id == message_id)
            & messages.c.handed_at.is_not(None)
            & messages.c.closed_at.is_(None)
            & messages.c.consumed_at.is_(None)
        )
        closing = {"closed_at": self.now(), "closed_by": by, "close_reason": reason}
        if self.run(sa.update(messages).where(where), closing).rowcount != 1:
            raise Conflict("hand_over_closed", message=message_id)

    def _change(self, message_id: str, **values: object) -> None:
        self.run(sa.update(messages).where(messages.c.id == message_id), values)
