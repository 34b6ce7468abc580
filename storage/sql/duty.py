"""Shifts as they are handed over: whose shift it is, what is open at the post, what was handed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

import sqlalchemy as sa

from engine.model import Claimed, DutyPost, Handover, Shift
from storage.tables import OPEN, duty_posts, handovers, shifts, tasks

from .rows import CLAIMED, claimed_of
from .transaction import Transaction

POST = tuple(field.name for field in fields(DutyPost))
SHIFT = tuple(field.name for field in fields(Shift))
HANDOVER = tuple(field.name for field in fields(Handover))


class DutyRows(Transaction):
    def duty_post(self, post_id: str) -> DutyPost:
        """Raises NotFound (no_post)."""
        query = sa.select(*(duty_posts.c[name] for name in POST))
        row = self.found(query.where(duty_posts.c.id == post_id), "no_post")
        return DutyPost(**row._mapping)

    def shift(self, shift_id: str) -> Shift:
        """Raises NotFound (no_shift)."""
        query = sa.select(*(shifts.c[name] for name in SHIFT))
        row = self.found(query.where(shifts.c.id == shift_id), "no_shift")
        return Shift(**row._mapping)

    def post_tasks(self, post: DutyPost) -> Sequence[Claimed]:
        """Open tasks of a post: addressed to it, or to one of its roles in its organisation."""
        roles = (tasks.c.role.in_(post.roles.split())) & (tasks.c.org == post.org)
        query = sa.select(*(tasks.c[name] for name in CLAIMED)).where(
            OPEN, (tasks.c.person == post.id) | roles
        )
        return [claimed_of(row) for row in self.run(query.order_by(tasks.c.sort_at, tasks.c.id))]

    def handover(self, handover_id: str) -> Handover:
        """Raises NotFound (no_handover)."""
        query = sa.select(*(handovers.c[name] for name in HANDOVER))
        row = self.found(query.where(handovers.c.id == handover_id), "no_handover")
        return Handover(**{**row._mapping, "tasks": tuple(row.tasks)})

    def save_handover(self, handover: Handover) -> None:
        self.upsert(handovers, [asdict(handover)])
