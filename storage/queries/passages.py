"""How often the elements of procedures were passed by people, in time and late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from storage import tables as tb
from storage.tables.cases import PASSED


@dataclass(frozen=True, slots=True)
class Passage:
    """Of one element: the cases whose people completed it, how often, and how often too late."""

    cases: int
    times: int
    late: int

    @property
    def in_time(self) -> int:
        return self.times - self.late

    def __add__(self, other: Passage) -> Passage:
        return Passage(self.cases + other.cases, self.times + other.times, self.late + other.late)


NEVER = Passage(0, 0, 0)


def passages(db: sa.Connection) -> Mapping[tuple[str, str], Passage]:
    """By (procedure, element); numbers only, so every reader may see them.

    One statement over the index ``ix_tasks_passed`` alone.
    """
    task = tb.tasks.c
    late = sa.func.sum(sa.case((task.done_at > task.due_at, 1), else_=0))
    cases = sa.func.count(sa.distinct(task.case_id))
    query = sa.select(task.procedure, task.element, cases, sa.func.count(), late).where(PASSED)
    found = db.execute(query.group_by(task.procedure, task.element))
    return {(name, element): Passage(*rest) for name, element, *rest in found}
