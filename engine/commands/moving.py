"""Running cases go on under the published release: dry run, and one move per case in its own transaction."""

from __future__ import annotations

import secrets
from dataclasses import replace

from engine.access import may_publish
from engine.errors import Conflict, NotAllowed
from engine.model import Actor, Case, Input, Payload
from engine.ports import Store
from engine.replay import state_digest
from engine.spiff import STEP, Misfit, misfit, move

from .cases import CaseVerbs
from .desk import Act

OVER = ("ended", "cancelled")


class MovingVerbs(CaseVerbs):
    def would_move(self, store: Store, case: Case, to: str) -> Misfit | None:
        """The dry run: why a running case cannot go on under the release ``to``, None if it can."""
        old, new = self.release_of(store, case.release), self.release_of(store, to)
        facts = self.facts_of(store, case.facts)
        return misfit(old, new, facts, case.state, self._moving(case))

    def move_case(self, actor: Actor, case_id: str, to: str, reason: str) -> bool:
        """Let a running case go on under ``to``, the published release of its procedure.

        False when it is there already, so that a batch can be begun again: each case is moved once.
        Raises NotAllowed (may_not_publish, reason_needed), Conflict (case_over, move_not_current, or
        why it does not fit: it stays as it is).
        """
        if not may_publish(actor):
            raise NotAllowed("may_not_publish")
        if not reason.strip():
            raise NotAllowed("reason_needed")
        act = Act("move", actor, reason=reason.strip())
        return self._again(
            lambda: self._upon(case_id, lambda store, case: self._relocate(store, case, to, act))
        )

    def _relocate(self, store: Store, case: Case, to: str, act: Act) -> bool:
        if case.release == to:
            return False
        if case.status in OVER:
            raise Conflict("case_over")
        if store.current_release(case.procedure).digest != to:
            raise Conflict("move_not_current")
        old, new = self.release_of(store, case.release), self.release_of(store, to)
        cause = self._moving(case)
        outcome = move(old, new, self.facts_of(store, case.facts), case.state, cause)
        act = replace(act, data={"from": case.release})
        there, salt = replace(case, release=to), secrets.token_hex(16)
        entry = self._entry(there, act, cause, state_digest(salt, outcome))
        content = Payload(salt, act.data, act.reason, act.actor.address)
        moved = self._append(store, replace(there, state=outcome.state, step=STEP), entry, content)
        store.save_case(moved, outcome)
        return True

    def _moving(self, case: Case) -> Input:
        now = self.clock()
        return Input(case.id, case.seq + 1, "move", now, max(now, case.at))
