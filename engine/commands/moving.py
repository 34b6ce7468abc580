"""Running cases go on under the published release: dry run, and one move per case in its own transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from engine.access import may_do, may_publish
from engine.checks.needed import missing, needs
from engine.errors import Conflict, EngineError, NotAllowed
from engine.model import Actor, Case, Data, Input, OpenTask, Outcome, Payload, Release
from engine.ports import Store
from engine.replay import ReadFacts, ReadRelease, state_digest
from engine.spiff import STEP, Misfit, coming, move, read_state

from .cases import CaseVerbs
from .desk import Act

OVER = ("ended", "cancelled")
Names = Mapping[str, str]
"""Old path of a renamed element to its new id (engine/counterparts.py)."""
NONE: Mapping[str, Names] = {}


@dataclass(frozen=True, slots=True)
class Plan:
    """A batch that somebody has begun: under which names (by old release), why, by whom, when."""

    names: Mapping[str, Names]
    reason: str
    person: str
    made_at: datetime


Read = tuple[ReadRelease, ReadFacts]
"""Releases and facts by digest."""


def would_move(read: Read, case: Case, to: Release, names: Names, now: datetime) -> Misfit | None:
    """The dry run: why a running case cannot go on under a release, None if it can. Pure."""
    try:
        _moved(read, case, to, _moving(case, names, now))
    except EngineError as refused:
        return Misfit(refused.code, str(refused.params.get("element", "")), refused.params)
    return None


class MovingVerbs(CaseVerbs):
    def plan_move(
        self, actor: Actor, to: Release, reason: str, names: Mapping[str, Names] = NONE
    ) -> None:
        """Write down which elements are held for the same, and why the cases are moved: a batch begins."""
        data = {"to": to.digest, "names": {old: dict(some) for old, some in names.items()}}
        act = _moving_act(actor, reason, data)
        with self._open() as store:
            _refuse_other(store, to.procedure, to.digest)
            self._record(store, f"procedure:{to.procedure}", replace(act, verb="plan_move"))

    def planned_move(self, store: Store, procedure: str, to: str) -> Plan | None:
        """The last batch begun for a release: what goes on after a break, or a crash."""
        found = None
        for entry, payload in store.entries(f"procedure:{procedure}"):
            if entry.verb == "plan_move" and payload and payload.data.get("to") == to:
                found = Plan(payload.data["names"], payload.reason, entry.actor, entry.at)
        return found

    def move_case(
        self, actor: Actor, case_id: str, to: str, reason: str, names: Names | None = None
    ) -> bool:
        """Let a running case go on under ``to``, the published release of its procedure.

        False when it is there already, so that a batch can be begun again: each case is moved once.
        Raises NotAllowed (may_not_publish, reason_needed), Conflict (case_over, move_not_current, or
        why it does not fit: it stays as it is).
        """
        act = _moving_act(actor, reason, {"names": dict(names or {})})
        return self._again(
            lambda: self._upon(case_id, lambda store, case: self._relocate(store, case, to, act))
        )

    def _relocate(self, store: Store, case: Case, to: str, act: Act) -> bool:
        if case.release == to:
            return False
        if case.status in OVER:
            raise Conflict("case_over")
        _refuse_other(store, case.procedure, to)
        cause = _moving(case, act.data["names"], self.clock())
        read = (partial(self.release_of, store), partial(self.facts_of, store))
        outcome = _moved(read, case, read[0](to), cause)
        there, salt = replace(case, release=to), secrets.token_hex(16)
        act = replace(act, data=cause.data)
        entry = self._entry(there, act, cause, state_digest(salt, outcome))
        content = Payload(salt, act.data, act.reason, act.actor.address)
        moved = self._append(store, replace(there, state=outcome.state, step=STEP), entry, content)
        store.save_case(moved, outcome)
        store.readdress(moved, outcome)
        old = {one.id: _offered(one) for one in read_state(case.state).tasks}
        changed = [one for one in outcome.tasks if old.get(one.id) != _offered(one)]
        self._free_tasks(store, moved, changed, act)
        return True

    def _free_tasks(self, store: Store, case: Case, tasks: Sequence[OpenTask], act: Act) -> None:
        """A task whose holder is no candidate any more is offered to those who are; drafts stay."""
        for task in tasks:
            held = store.open_task(task.id)
            if held and held.holder and not _may_keep(store, held.holder, task):
                data = {"holder": held.holder}
                freed = Act("release", act.actor, None, task.id, task.place, data, act.reason)
                case = self._note(store, case, freed)
                store.hold_task(task.id, "", None)


def _moved(read: Read, case: Case, to: Release, cause: Input) -> Outcome:
    """The case on the other release. Raises what keeps it where it is."""
    old, facts = read[0](case.release), read[1](case.facts)
    outcome = move((old, to), facts, case.state, cause)
    before = (needs(old), coming(old, facts, case.state, cause))
    after = (needs(to), coming(to, facts, outcome.state, cause))
    lost = missing(before, after, read_state(case.state).data)
    if lost:
        raise Conflict("move_data_missing", path=lost[0], element=lost[1])
    return outcome


def _moving(case: Case, names: Names, now: datetime) -> Input:
    data = {"from": case.release, **({"names": dict(names)} if names else {})}
    return Input(case.id, case.seq + 1, "move", now, max(now, case.at), data=data)


def _offered(task: OpenTask) -> tuple[str, str, str]:
    return task.role, task.org, task.person


def _moving_act(actor: Actor, reason: str, data: Data) -> Act:
    if not may_publish(actor):
        raise NotAllowed("may_not_publish")
    if not reason.strip():
        raise NotAllowed("reason_needed")
    return Act("move", actor, data=data, reason=reason.strip())


def _refuse_other(store: Store, procedure: str, to: str) -> None:
    if store.current_release(procedure).digest != to:
        raise Conflict("move_not_current")


def _may_keep(store: Store, holder: str, task: OpenTask) -> bool:
    person = store.person(holder)
    return may_do(Actor(person.id, person.name, person.grants), task)
