"""Due work: timers, clocks, effects, messages and letters, claimed with a lease and given back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from uuid6 import uuid7

from engine.model import Data, Due, Pulse, RunningClock, Wake
from storage.tables import cases, dispatches, letters, messages, waits, workers

from .transaction import Transaction
from .waiting import clock_id

PULSE = tuple(field.name for field in fields(Pulse))
LONGEST_LEASE = timedelta(minutes=15)
FREE: Data = {"lease": "", "leased_until": None}
OWN_TABLE: dict[str, sa.Table] = {
    "message": messages,
    "letter": letters,
    "dispatch": dispatches,
}
"""Kinds of due work that do not lie among the waits of cases."""
_CAN_MOVE = sa.exists().where(cases.c.id == waits.c.case_id, cases.c.status == "open")


class DueRows(Transaction):
    def claim_due(self, worker: str, until: datetime, limit: int) -> Sequence[Due]:
        """Due rows that nobody holds, the longest due first; a held case's rows wait with it."""
        claimed = [
            *self._claim(waits, worker, until, limit, _CAN_MOVE),
            *self._claim(messages, worker, until, limit),
            *self._claim(letters, worker, until, limit),
            *self._claim(dispatches, worker, until, limit),
        ]
        return sorted(claimed, key=lambda due: due.due_at)

    def claim_one(self, wake: Wake, worker: str, until: datetime) -> Due | None:
        """This row, if it is still due and nobody holds it."""
        table = OWN_TABLE.get(wake.kind, waits)
        can = _CAN_MOVE if table is waits else sa.true()
        claimed = self._claim(table, worker, until, 1, (table.c.id == wake.id) & can)
        return claimed[0] if claimed else None

    def _claim(
        self,
        table: sa.Table,
        worker: str,
        until: datetime,
        limit: int,
        *where: sa.ColumnElement[bool],
    ) -> list[Due]:
        now, lease = self.now(), f"{worker}/{uuid7()}"
        due = (
            sa.select(table.c.id)
            .where(table.c.due_at <= now, _is_free(table, now), *where)
            .order_by(table.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        taken = sa.update(table).where(table.c.id.in_(due.scalar_subquery())).returning(table)
        rows = self.run(taken, {"lease": lease, "leased_until": until}).all()
        return [_due(table, row, lease) for row in rows]

    def settle_due(self, due: Due) -> None:
        """Nothing more to do: unless the work itself removed or re-dated the row."""
        self._give_back(due, {"due_at": None, "attempts": 0})

    def postpone_due(self, due: Due, at: datetime, failure: Data) -> None:
        """Try again then; a ``failure`` counts as an attempt."""
        attempts = due.attempts + (1 if failure else 0)
        self._give_back(due, {"due_at": at, "attempts": attempts, "failure": failure})

    def give_up_due(self, due: Due, failure: Data) -> None:
        """Never by itself again: closing the incident lets it be tried once more."""
        handed: dict[str, Data] = {
            "message": {"handed_at": self.now()},
            "letter": {"state": "failed"},
            "dispatch": {"state": "failed", "secret": {}},
        }
        tried = {"attempts": due.attempts + 1, "failure": failure}
        self._give_back(due, {"due_at": None} | tried | handed.get(due.kind, {}))

    def _give_back(self, due: Due, values: Data) -> None:
        table = OWN_TABLE.get(due.kind, waits)
        mine = (table.c.id == due.id) & (table.c.lease == due.lease)
        self.run(sa.update(table).where(mine), values | FREE)

    def idle_dues(self, limit: int) -> Sequence[Wake]:
        """Due rows that nobody holds, the longest due first."""
        now = self.now()
        waiting = sa.select(waits.c.kind, waits.c.id, waits.c.case_id, waits.c.due_at)
        sending = sa.select(
            sa.literal("message"), messages.c.id, messages.c.sender, messages.c.due_at
        )
        posting = sa.select(sa.literal("letter"), letters.c.id, letters.c.agency, letters.c.due_at)
        telling = sa.select(
            sa.literal("dispatch"), dispatches.c.id, dispatches.c.dossier, dispatches.c.due_at
        )
        all_ = sa.union_all(
            waiting.where(waits.c.due_at <= now, _is_free(waits, now), _CAN_MOVE),
            sending.where(messages.c.due_at <= now, _is_free(messages, now)),
            posting.where(letters.c.due_at <= now, _is_free(letters, now)),
            telling.where(dispatches.c.due_at <= now, _is_free(dispatches, now)),
        )
        rows = self.run(all_.order_by("due_at").limit(limit))
        return [Wake(row.kind, row.id, row.case_id) for row in rows]

    def free_leases(self) -> int:
        """Nobody works any more (a served process starts): every lease is void."""
        return sum(
            self.run(sa.update(table).where(table.c.leased_until.is_not(None)), FREE).rowcount
            for table in (waits, *OWN_TABLE.values())
        )

    def rouse_messages(self) -> int:
        """Make messages due for which somebody waits now; how many."""
        now = self.now()
        waiting = sa.exists().where(
            waits.c.kind == "message",
            waits.c.name == messages.c.name,
            waits.c.key == messages.c.key,
            waits.c.case_id == cases.c.id,
            (cases.c.dossier == messages.c.dossier) | (messages.c.key != ""),
        )
        idle = (
            messages.c.handed_at.is_not(None)
            & messages.c.closed_at.is_(None)
            & messages.c.consumed_at.is_(None)
            & messages.c.due_at.is_(None)
            & (messages.c.failure == {})
            & (messages.c.expires_at > now)
        )
        roused = sa.update(messages).where(idle, waiting)
        return self.run(roused, {"due_at": now, "attempts": 0} | FREE).rowcount

    def plan_clock(self, case_id: str, clock: RunningClock, at: datetime | None) -> None:
        """When the case is turned next for this clock: its next reminder or breach, else never."""
        row = sa.update(waits).where(waits.c.id == clock_id(case_id, clock))
        self.run(row, {"due_at": at, "attempts": 0} | FREE)

    def next_due(self) -> datetime | None:
        """The earliest moment at which something is or becomes due."""
        first = [
            self.run(sa.select(sa.func.min(table.c.due_at).label("first"))).scalar()
            for table in (waits, *OWN_TABLE.values())
        ]
        return min((moment for moment in first if moment), default=None)

    def save_pulse(self, pulse: Pulse) -> None:
        self.upsert(workers, [asdict(pulse)])

    def pulses(self) -> Sequence[Pulse]:
        query = sa.select(*(workers.c[name] for name in PULSE))
        return [Pulse(**row._mapping) for row in self.run(query.order_by(workers.c.started_at))]


def _is_free(table: sa.Table, now: datetime) -> sa.ColumnElement[bool]:
    """Nobody holds it; or somebody held it before the clock of this machine was set back."""
    until = table.c.leased_until
    return until.is_(None) | (until <= now) | (until > now + LONGEST_LEASE)


def _due(table: sa.Table, row: sa.Row[Any], lease: str) -> Due:
    if table is waits:
        return Due(row.kind, row.id, row.case_id, row.due_at, row.attempts, lease)
    if table is dispatches:
        return Due("dispatch", row.id, row.dossier, row.due_at, row.attempts, lease)
    if table is letters:
        return Due("letter", row.id, row.agency, row.due_at, row.attempts, lease)
    return Due("message", row.id, row.sender, row.due_at, row.attempts, lease)
