"""Open tasks with their holders and drafts, effects, timers and incidents of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from engine.errors import Conflict
from engine.model import Case, Claimed, Data, Effect, Held, Outcome, Timer
from storage.tables import OPEN, bars, cases, incidents, tasks, waits

from .cases import SEEN, CaseRows
from .rows import CLAIMED, claimed_of, effect_of, held_of, held_row, place_of, task_row
from .waiting import waiting

_WITH_CASE = (
    sa.select(
        *(tasks.c[name] for name in CLAIMED),
        *(cases.c[name].label(f"of_{name}") for name in SEEN),
        sa.exists().where(bars.c.dossier == tasks.c.dossier).correlate(tasks).label("guarded"),
    )
    .join(cases, cases.c.id == tasks.c.case_id)
    .where(tasks.c.id == sa.bindparam("task"), OPEN)
)
_DRAFTS = sa.select(tasks.c.drafts).where(tasks.c.id == sa.bindparam("task"))
_EFFECT = waits.c.kind == "effect"


class TaskRows(CaseRows):
    def open_task(self, task_id: str) -> Claimed | None:
        """Read with its case, which most verbs need next."""
        row = self.run(_WITH_CASE, {"task": task_id}).first()
        if row is None:
            return None
        self._remember(row[len(CLAIMED) : -1])
        return claimed_of(row[: len(CLAIMED)], row[-1])

    def closed_task(self, task_id: str) -> Data | None:
        """{"case", "by", "at", "how"} of a task that is no longer open; "by" is "" if nobody did it."""
        query = sa.select(tasks).where(tasks.c.id == task_id, tasks.c.done_at.is_not(None))
        row = self.run(query).first()
        if row is None:
            return None
        return {"case": row.case_id, "by": row.done_by, "at": row.done_at, "how": row.how}

    def hold_task(self, task_id: str, holder: str, at: datetime | None) -> None:
        """Raises Conflict (task_gone) when it is no longer open."""
        self._change_task(task_id, {"holder": holder, "held_at": at})

    def _change_task(self, task_id: str, values: Data) -> None:
        changed = self.run(sa.update(tasks).where(tasks.c.id == task_id, OPEN), values)
        if changed.rowcount != 1:
            raise Conflict("task_gone", task=task_id)

    def readdress(self, case: Case, outcome: Outcome) -> None:
        """After a move: what waits is called, and offered, as the new release says."""
        for task in outcome.tasks:
            row = task_row(case, task, [])
            told = {name: row[name] for name in ("element", "role", "org", "person", "place")}
            self._change_task(task.id, told)
        for wait in waiting(case.id, outcome):
            place = {"place": asdict(wait.source.place)}
            self.run(sa.update(waits).where(waits.c.id == wait.id), place)

    # Drafts ---------------------------------------------------------------------------------

    def drafts(self, task_id: str, person: str) -> Data | None:
        """What this person typed so far, by pointer."""
        found = self.run(_DRAFTS, {"task": task_id}).scalar()
        draft: Data | None = (found or {}).get(person)
        return draft["values"] if draft else None

    def keep_draft(self, task_id: str, person: str, values: Data, at: datetime) -> None:
        """Raises Conflict (task_gone) when the task is no longer open."""
        query = sa.select(tasks.c.drafts).where(tasks.c.id == task_id, OPEN).with_for_update()
        drafts = self.run(query).scalar() or {}
        self._change_task(task_id, {"drafts": drafts | {person: {"values": values, "at": at}}})

    def drop_drafts(self, task_id: str) -> None:
        """A task that closes drops them by itself: only an open one is written."""
        if any(task_id in known.tasks for known in self.known.values()):
            self._change_task(task_id, {"drafts": {}})

    # Timers and effects ---------------------------------------------------------------------

    def due_timers(self, case_id: str, until: datetime) -> Sequence[Timer]:
        """In the order in which they fire."""
        query = sa.select(waits).where(
            waits.c.case_id == case_id, waits.c.kind == "timer", waits.c.due_at <= until
        )
        rows = self.run(query.order_by(waits.c.due_at, waits.c.id))
        return [Timer(row.id, place_of(row.place), row.due_at) for row in rows]

    def effect(self, effect_id: str) -> tuple[str, Effect] | None:
        """(case id, effect) while its result is still awaited."""
        row = self.run(sa.select(waits).where(waits.c.id == effect_id, _EFFECT)).first()
        return (row.case_id, effect_of(row)) if row else None

    def finish_effect(self, effect_id: str) -> None:
        """Taking its result in removes it; this makes sure."""
        if any(effect_id in known.waits for known in self.known.values()):
            self.run(sa.delete(waits).where(waits.c.id == effect_id, _EFFECT))

    # Incidents ------------------------------------------------------------------------------

    def open_incident(self, held: Held) -> None:
        self.run(sa.insert(incidents), held_row(held))

    def incident(self, incident_id: str) -> Held:
        """Raises NotFound (no_incident), Conflict (incident_closed) naming when."""
        query = sa.select(incidents).where(incidents.c.id == incident_id)
        row = self.found(query, "no_incident", name=incident_id)
        if row.closed_at:
            raise Conflict("incident_closed", at=row.closed_at)
        return held_of(row)

    def incident_of(self, case_id: str) -> Held | None:
        query = sa.select(incidents).where(
            incidents.c.case_id == case_id, incidents.c.closed_at.is_(None)
        )
        row = self.run(query.order_by(incidents.c.opened_at.desc()).limit(1)).first()
        return held_of(row) if row else None

    def close_incident(self, incident_id: str) -> None:
        """Work given up with it is due again. Raises Conflict (incident_closed)."""
        now = self.now()
        where = (incidents.c.id == incident_id) & incidents.c.closed_at.is_(None)
        closing = sa.update(incidents).where(where).returning(incidents.c.case_id)
        case_id = self.run(closing, {"closed_at": now}).scalar()
        if case_id is None:
            raise Conflict("incident_closed", at=now)
        given_up = (waits.c.case_id == case_id) & waits.c.due_at.is_(None) & (waits.c.attempts > 0)
        self.run(sa.update(waits).where(given_up), {"due_at": now, "attempts": 0})
