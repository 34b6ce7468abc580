"""Handing a duty post from one shift to the next (rules 15.5), each time in the journal."""

from __future__ import annotations

from dataclasses import replace

from uuid6 import uuid7

from engine.errors import Conflict, Invalid, NotAllowed
from engine.model import Actor, Claimed, Handover
from engine.ports import Store

from .desk import Act, Desk


class DutyVerbs(Desk):
    def hand_over_shift(self, actor: Actor, shift_id: str, note: str) -> Handover:
        """Whoever is on duty hands on what is open, with a note; their claims at the post are released.

        NotAllowed (not_your_shift), Invalid (say_what, shift_not_begun), Conflict (handed_over).
        """
        if not note.strip():
            raise Invalid("say_what")
        return self._again(lambda: self._hand_over_shift(actor, shift_id, note.strip()))

    def _hand_over_shift(self, actor: Actor, shift_id: str, note: str) -> Handover:
        with self._open() as store:
            shift, now = store.shift(shift_id), self.clock()
            if shift.person != actor.person:
                raise NotAllowed("not_your_shift")
            if shift.starts_at > now:
                raise Invalid("shift_not_begun")
            if shift.handover:
                raise Conflict("handed_over")
            post = store.duty_post(shift.post)
            left = store.post_tasks(post)
            for claimed in left:
                if claimed.holder == actor.person:
                    self._leave(store, actor, claimed, shift_id)
            given = Handover(
                id=str(uuid7()),
                post=post.id,
                shift=shift_id,
                given_by=actor.person,
                given_at=now,
                note=note,
                tasks=tuple(claimed.task.id for claimed in left),
            )
            store.save_shift(replace(shift, handover=note))
            store.save_handover(given)
            data = {"post": post.id, "shift": shift_id, "tasks": list(given.tasks)}
            self._record(
                store, f"organisation:{post.org}", Act("handover", actor, data=data, reason=note)
            )
        return given

    def _leave(self, store: Store, actor: Actor, claimed: Claimed, shift_id: str) -> None:
        task = claimed.task
        act = Act("release", actor, None, task.id, task.place, {"shift": shift_id})
        self._note(store, store.case(claimed.case), act)
        store.hold_task(task.id, "", None)

    def take_over_shift(self, actor: Actor, handover_id: str) -> None:
        """The next one on duty at the post says that they have read it."""
        with self._open() as store:
            given, now = store.handover(handover_id), self.clock()
            if actor.person == given.given_by or actor.person not in store.on_duty(given.post, now):
                raise NotAllowed("not_on_duty")
            if given.taken_by:
                raise Conflict("taken_over")
            store.save_handover(replace(given, taken_by=actor.person, taken_at=now))
            post = store.duty_post(given.post)
            data = {"post": post.id, "handover": given.id}
            self._record(store, f"organisation:{post.org}", Act("taken_over", actor, data=data))
