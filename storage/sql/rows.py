"""From rows to nouns and back: how a case, its tasks and its waits lie in their tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.model import (
    Case,
    Claimed,
    Effect,
    Held,
    Incident,
    Input,
    OpenTask,
    Place,
    RunningClock,
)

Row = dict[str, Any]
CASE = (
    *("id", "dossier", "procedure", "release", "facts", "org", "started_at"),
    *("seq", "leaf", "at", "status", "state", "step"),
)
CLAIMED = (
    *("id", "case_id", "place", "role", "org", "person", "local", "opened_at"),
    *("holder", "held_at", "due_at", "due_rule"),
)


def case_row(case: Case) -> Row:
    return {name: getattr(case, name) for name in CASE}


def claimed_of(row: Sequence[Any], guarded: bool = False) -> Claimed:
    """``row``: the columns CLAIMED of a task."""
    task_id, case_id, place, role, org, person, local, opened_at, *held = row
    holder, held_at, due_at, due_rule = held
    task = OpenTask(task_id, place_of(place), role, org, person, local)
    return Claimed(task, case_id, opened_at, holder, held_at, due_at, due_rule, guarded)


def place_of(plain: Row) -> Place:
    """A place from JSON; whole numbers may have come back as decimals."""
    item = plain["item"]
    return Place(
        plain["element"],
        plain["scope"],
        None if item is None else int(item),
        int(plain["occurrence"]),
    )


def place_row(place: Place) -> Row:
    return {
        "element": place.element,
        "scope": place.scope,
        "item": place.item,
        "occurrence": place.occurrence,
    }


def effect_of(row: sa.Row[Any]) -> Effect:
    return Effect(row.id, place_of(row.place), row.name, row.data)


def held_of(row: sa.Row[Any]) -> Held:
    place = place_of(row.place) if row.place else None
    held = Input(**(row.input | {"seq": int(row.input["seq"])})) if row.input else None
    incident = Incident(row.code, place, row.params)
    return Held(row.id, row.case_id, incident, row.opened_at, held, row.actor, row.attempts)


def held_row(held: Held) -> Row:
    incident = held.incident
    return {
        "id": held.id,
        "case_id": held.case,
        "code": incident.code,
        "place": asdict(incident.place) if incident.place else None,
        "params": incident.params,
        "opened_at": held.opened_at,
        "input": asdict(held.input) if held.input else None,
        "actor": held.actor,
        "attempts": held.attempts,
    }


def clock_row(clock: RunningClock) -> Row:
    return asdict(clock)


def clock_of(row: Row) -> RunningClock:
    pauses = tuple((begun, ended) for begun, ended in row["pauses"])
    return RunningClock(**(row | {"place": place_of(row["place"]), "pauses": pauses}))


UNDATED = 7000
"""Years later than it was opened stands what has no period: after all that has one, the oldest first."""


def task_row(case: Case, task: OpenTask, due: Sequence[str]) -> Row:
    """``due`` is the mark of the task: [] or [due_at, rule]."""
    due_at = datetime.fromisoformat(due[0]) if due else None
    return {
        "id": task.id,
        "case_id": case.id,
        "dossier": case.dossier,
        "procedure": case.procedure,
        "element": task.place.element,
        "role": task.role,
        "org": task.org,
        "person": task.person,
        "place": place_row(task.place),
        "local": task.local,
        "opened_at": case.at,
        "due_at": due_at,
        "due_rule": due[1] if due else "",
        "sort_at": due_at or case.at.replace(year=case.at.year + UNDATED),
        "done_at": None,
        "done_by": "",
        "how": "",
        "drafts": {},
    }


def closed_row(case: Case, task_id: str, due: Sequence[str], by: str, how: str) -> Row:
    """A task that is over: what it was stays in its row, only its end is written."""
    gone = task_row(case, OpenTask(task_id, Place(""), ""), due)
    return gone | {"done_at": case.at, "done_by": by, "how": how}
