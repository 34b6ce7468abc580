"""Runs any diagram on the step without a database: tasks completed from given data, time skipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .model import Facts, OpenTask, Release
from .scenario.answers import Answers
from .scenario.filling import Sheets
from .scenario.virtual import Stop, VirtualCase
from .values import from_json

MOST_TASKS = 10_000
"""A run that completes more tasks than this goes in circles."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run went: the case as it stands, and the code of why it stopped early ("" = it did not)."""

    case: VirtualCase
    stopped: str = ""
    params: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Given:
    """What a run is given: start values by pointer, answers by task id, results by effect or operation.

    A task's answer is ``{"values": {pointer: value}, "outcome": id}`` or a list of such, used in turn.
    """

    start: Mapping[str, Any]
    tasks: dict[str, Any]
    effects: Mapping[str, Any]

    def answer(self, task: OpenTask) -> Mapping[str, Any] | None:
        """The next answer for a task; None when there is none (left)."""
        found = self.tasks.get(task.place.element)
        if isinstance(found, list):
            return found.pop(0) if found else None
        return found


def run(
    release: Release, facts: Facts, given: Given, now: datetime, skip_time: bool = False
) -> Ran:
    """Play until the case ends or nobody can go on. ``now``: when it starts, aware.

    ``skip_time``: where no given answer fits, go on to the next timer. Pure.
    """
    case = VirtualCase(release, facts, now, Answers(given.effects, "org-1", now))
    try:
        role = min(Sheets(release).starting_roles(), default="")
        case.open(_values(given.start), org="org-1", role=role)
        case.settle()
        for _ in range(MOST_TASKS):
            if case.outcome.ended or case.incident or not _go_on(case, given, skip_time):
                break
    except Stop as stop:
        return Ran(case, *stop.finding)
    return Ran(case)


def _go_on(case: VirtualCase, given: Given, skip_time: bool) -> bool:
    for task in case.outcome.tasks:
        answer = given.answer(task)
        if answer is not None:
            values = {
                "values": _values(answer.get("values", {})),
                "outcome": answer.get("outcome", ""),
            }
            case.send("complete", values, task.id)
            case.settle()
            return True
    if skip_time and case.outcome.timers:
        case.pass_until(min(timer.due for timer in case.outcome.timers))
        return True
    return False


def _values(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {pointer: from_json(value) for pointer, value in plain.items()}
