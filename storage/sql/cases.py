"""Cases: their row, and the open tasks, waits and messages that follow from each outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

import sqlalchemy as sa

from engine.errors import Conflict, NotFound
from engine.model import Case, Outcome, RunningClock
from storage.tables import cases, messages, tasks, waits

from .journal import JournalRows
from .prepared import Prepared
from .rows import (
    CASE,
    Row,
    case_row,
    clock_of,
    clock_row,
    closed_row,
    task_row,
)
from .transaction import Known, Marks, inserting
from .waiting import clock_id, wait_row, waiting

SEEN = (*CASE, "open")
TOUCHED = ("seq", "leaf", "at", "status")
KEPT = ("seq", "leaf", "at", "release", "facts", "state", "step", "open", "clocks")
"""What a move writes that leaves the status as it is: naming it would write its index anew."""
UNHELD = tuple(column.name for column in tasks.c if column.name not in ("holder", "held_at"))
_SEEN = sa.select(*(cases.c[name] for name in SEEN)).where(cases.c.id == sa.bindparam("case"))
FOUND = ("from_case", "from_seq")
_AT_SEQ = sa.update(cases).where(
    cases.c.id == sa.bindparam("from_case"), cases.c.seq == sa.bindparam("from_seq")
)
_MOVE = Prepared(_AT_SEQ, (*KEPT, *FOUND))
_MOVE_ON = Prepared(_AT_SEQ, (*KEPT, "status", *FOUND))
_TOUCH = Prepared(_AT_SEQ, (*TOUCHED, *FOUND))
_moved, _touched, _unheld = attrgetter(*KEPT[:-2]), attrgetter(*TOUCHED), itemgetter(*UNHELD)


class CaseRows(JournalRows):
    def case(self, case_id: str) -> Case:
        """Raises NotFound (no_case)."""
        return self._known(case_id).case

    def cases_in(self, dossier_id: str) -> Sequence[str]:
        """Ids of a dossier's cases, the oldest first."""
        query = sa.select(cases.c.id).where(cases.c.dossier == dossier_id)
        return list(self.run(query.order_by(cases.c.started_at, cases.c.id)).scalars())

    def clocks(self, case_id: str) -> Sequence[RunningClock]:
        """Every clock of a case, ended ones too."""
        query = sa.select(cases.c.clocks).where(cases.c.id == case_id)
        return tuple(map(clock_of, self.found(query, "no_case", name=case_id).clocks))

    def due_clocks(self, case_id: str) -> Sequence[tuple[RunningClock, datetime]]:
        """Running clocks whose planned moment has come, with that moment."""
        planned = sa.select(waits.c.id, waits.c.due_at).where(
            waits.c.case_id == case_id, waits.c.kind == "clock", waits.c.due_at <= self.now()
        )
        due = {row.id: row.due_at for row in self.run(planned)}
        ids = [(clock_id(case_id, clock), clock) for clock in self.clocks(case_id)]
        return [(clock, due[key]) for key, clock in ids if key in due]

    def _known(self, case_id: str) -> Known:
        """What this transaction has seen of a case: read at most once."""
        if case_id not in self.known:
            row = self.run(_SEEN, {"case": case_id}).first()
            if row is None:
                raise NotFound("no_case", name=case_id)
            self._remember(row)
        return self.known[case_id]

    def _remember(self, seen: Sequence[Any]) -> None:
        """``seen``: the columns SEEN of a case."""
        case = Case(*seen[:-1])
        self.known[case.id] = Known(case, seen[-1])

    def add_case(self, case: Case, outcome: Outcome) -> None:
        after = known_after(case, outcome)
        self.run(sa.insert(cases), case_row(case) | derived(after, outcome))
        self._follow(outcome, Known(case), after)

    def save_case(self, case: Case, outcome: Outcome) -> None:
        """Raises Conflict (lost_race) unless it stands one entry before, or two: a note came first."""
        before, after = self._known(case.id), known_after(case, outcome)
        moved = (*_moved(case), *derived(after, outcome).values())
        if case.status == before.case.status:
            self._update(_MOVE, case, moved, (1, 2))
        else:
            self._update(_MOVE_ON, case, (*moved, case.status), (1, 2))
        self._follow(outcome, before, after)

    def touch_case(self, case: Case) -> None:
        """Only seq, leaf, at and status moved (a note, a held input)."""
        known = self._known(case.id)
        self._update(_TOUCH, case, _touched(case), (0, 1, 2))
        self.known[case.id] = replace(known, case=case)

    def _update(
        self, how: Prepared, case: Case, values: Sequence[Any], forth: Sequence[int]
    ) -> None:
        """The case must stand where this transaction saw it, and go ``forth`` by so many entries."""
        seen = self._known(case.id).case.seq
        is_next = case.seq - seen in forth
        if not is_next or how.run(self.connection, (*values, case.id, seen)) != 1:
            raise Conflict("lost_race", case=case.id)

    # What follows from an outcome -----------------------------------------------------------

    def _follow(self, outcome: Outcome, before: Known, after: Known) -> None:
        self.known[after.case.id] = after
        self._follow_tasks(after.case, outcome, before.tasks, after.tasks)
        self._follow_waits(after.case, outcome, before.waits, after.waits)
        self._send(after.case, outcome)

    def _follow_tasks(self, case: Case, outcome: Outcome, before: Marks, after: Marks) -> None:
        """One statement opens, closes and re-dates: what is closed or stays is there already."""
        changed = [
            task_row(case, task, after[task.id])
            for task in outcome.tasks
            if before.get(task.id) != after[task.id]
        ]
        gone = [self._closing(case, id, before[id]) for id in before if id not in after]
        if changed or gone:
            _changing_tasks(self.on_postgres).run(self.connection, *map(_unheld, changed + gone))

    def _closing(self, case: Case, task_id: str, due: list[str]) -> Row:
        """Who closed a task, and how, says the entry appended in this transaction."""
        entry = self.last.get(f"case:{case.id}")
        answered = entry is not None and entry.place.get("task") == task_id
        by, how = (entry.actor, entry.verb) if entry and answered else ("", "cancelled")
        return closed_row(case, task_id, due, by, how)

    def _follow_waits(self, case: Case, outcome: Outcome, before: Marks, after: Marks) -> None:
        gone = [id for id in before if id not in after]
        if gone:
            self.run(sa.delete(waits).where(waits.c.id.in_(gone)))
        rows = [
            wait_row(case, wait, is_new=wait.id not in before)
            for wait in waiting(case.id, outcome)
            if before.get(wait.id) != wait.mark
        ]
        self.upsert(waits, rows)
        for row in rows:
            if row["kind"] == "effect":
                self.wake("effect", row["id"], case.id)

    def _send(self, case: Case, outcome: Outcome) -> None:
        rows: list[Row] = [
            {
                "id": f"{case.id}:{case.seq}:{n}",
                "kind": message.kind,
                "name": message.name,
                "key": message.key,
                "payload": message.payload,
                "sender": case.id,
                "dossier": case.dossier,
                "sent_at": case.at,
                "expires_at": case.at + self.kept_for,
                "due_at": case.at,
            }
            for n, message in enumerate(outcome.messages)
        ]
        if rows:
            self.run(sa.insert(messages), rows)
        for row in rows:
            self.wake("message", row["id"], case.id)


@cache
def _changing_tasks(on_postgres: bool) -> Prepared:
    """Opens, dates anew or closes; what a task was, and who holds it, stays."""
    insert = inserting(tasks, on_postgres)
    names = ("due_at", "due_rule", "sort_at", "done_at", "done_by", "how")
    given: Row = {name: insert.excluded[name] for name in names}
    is_done = insert.excluded.done_at.is_not(None)
    given["drafts"] = sa.case((is_done, insert.excluded.drafts), else_=tasks.c.drafts)
    return Prepared(insert.on_conflict_do_update(tasks.primary_key, set_=given), UNHELD)


def known_after(case: Case, outcome: Outcome) -> Known:
    """What the case row will remember of its open rows, so that the next save reads nothing."""
    due = {task.id: outcome.dues.get(task.id) for task in outcome.tasks}
    marks: dict[str, Marks] = {
        "tasks": {id: [one.due.isoformat(), one.rule] if one else [] for id, one in due.items()},
        "waits": {wait.id: wait.mark for wait in waiting(case.id, outcome)},
    }
    return Known(case, marks)


def derived(after: Known, outcome: Outcome) -> Row:
    return {"open": after.open, "clocks": [clock_row(clock) for clock in outcome.clocks]}
