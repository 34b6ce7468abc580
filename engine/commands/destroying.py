"""Destroying what need not be kept: proposed by one person, approved by another, certified, done once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from uuid6 import uuid7

from engine.access import may_appraise, may_carry_out, may_propose
from engine.errors import Conflict, Invalid, NotAllowed
from engine.model import Actor, Data
from engine.model.retained import Certificate, Destruction, Doomed, Filed, Holdings
from engine.ports import Store
from engine.retention import Kept, Schedule, judge
from engine.spiff import hollow
from engine.workdays import local_day

from .desk import Act, Desk


@dataclass(frozen=True, slots=True)
class Carried:
    """What carrying out a proposal came to: certificates issued now, dossiers that stay, files removed."""

    certificates: tuple[str, ...]
    kept: tuple[tuple[str, Kept], ...]
    files: int


class DestroyVerbs(Desk):
    def appraise(
        self, store: Store, filed: Filed, schedule: Schedule, at: datetime | None = None
    ) -> Kept:
        """The dry run: whether a dossier may be destroyed, now or then, by which rule, and why not."""
        office = filed.dossier.org
        org = store.organisation(office) if office else None
        return judge(filed, schedule, (store.current_facts(), org), at or self.clock())

    def would_destroy(self, store: Store, dossier_id: str) -> Holdings:
        """The dry run: what would go; files that another dossier holds too, or that are gone, stay out."""
        held = store.holdings(dossier_id)
        files = (one for one in held.files if self.blobs.has(one))
        return replace(
            held, files=[one for one in files if not store.used_elsewhere(one, dossier_id)]
        )

    def propose_destruction(
        self, actor: Actor, dossiers: Sequence[str], schedule: Schedule, reason: str
    ) -> Destruction:
        """A list of dossiers whose periods are over, for somebody else to approve.

        NotAllowed (destruction_not_yours), Invalid (say_why, destruction_empty), Conflict
        (destruction_not_due, destruction_already).
        """
        if not reason.strip():
            raise Invalid("say_why")
        if not dossiers:
            raise Invalid("destruction_empty")
        return self._again(lambda: self._list_doomed(actor, dossiers, schedule, reason.strip()))

    def _list_doomed(
        self, actor: Actor, dossiers: Sequence[str], schedule: Schedule, reason: str
    ) -> Destruction:
        now, new = self.clock(), str(uuid7())
        with self._open() as store:
            doomed = list(self._doomed(store, actor, new, (dossiers, schedule)))
            year = local_day(now).year
            count = store.next_number(f"destruction:{year}", new)
            made = Destruction(new, f"{year}-{count}", "proposed", actor.person, now, reason)
            store.save_destruction(made)
            store.add_doomed(doomed)
            told = [{"dossier": one.dossier, "rule": one.rule} for one in doomed]
            data = {"number": made.number, "dossiers": told}
            act = Act("propose_destruction", actor, data=data, reason=reason)
            self._record(store, _stream(made), act)
        return made

    def _doomed(
        self, store: Store, actor: Actor, new: str, of: tuple[Sequence[str], Schedule]
    ) -> Iterator[Doomed]:
        for dossier_id in dict.fromkeys(of[0]):
            filed = store.filed(dossier_id)
            if not may_propose(actor, {filed.dossier.org}):
                raise NotAllowed("destruction_not_yours")
            kept, number = self.appraise(store, filed, of[1]), filed.dossier.number
            if kept.reasons or kept.due is None or kept.keeping is None:
                raise Conflict("destruction_not_due", number=number)
            if store.open_destruction(dossier_id):
                raise Conflict("destruction_already", number=number)
            yield Doomed(new, dossier_id, kept.keeping.id, kept.due.due_at)

    def decide_destruction(
        self, actor: Actor, destruction_id: str, approved: bool, reason: str
    ) -> Destruction:
        """The appraisal (鉴定) by a second person. NotAllowed (destruction_not_decided_by_you), Conflict
        (destruction_decided)."""
        if not reason.strip():
            raise Invalid("say_why")
        return self._again(lambda: self._decide(actor, destruction_id, approved, reason.strip()))

    def _decide(
        self, actor: Actor, destruction_id: str, approved: bool, reason: str
    ) -> Destruction:
        with self._open() as store:
            proposed = store.destruction(destruction_id)
            if not may_appraise(actor, proposed.proposed_by):
                raise NotAllowed("destruction_not_decided_by_you")
            if proposed.state != "proposed":
                raise Conflict("destruction_decided")
            decided = replace(
                proposed,
                state="approved" if approved else "refused",
                decided_by=actor.person,
                decided_at=self.clock(),
                decision=reason,
            )
            store.save_destruction(decided)
            verb = "approve_destruction" if approved else "refuse_destruction"
            self._record(store, _stream(decided), Act(verb, actor, reason=reason))
        return decided

    def carry_out(self, actor: Actor, destruction_id: str, schedule: Schedule) -> Carried:
        """Destroy what an approved proposal names, as far as nothing keeps it by now.

        Each dossier in a transaction of its own, each once: run again after an interruption it goes
        on where it stopped, run again after the end it does nothing. Conflict (destruction_not_approved),
        NotAllowed (destruction_not_carried_out_by_you).
        """
        if not may_carry_out(actor):
            raise NotAllowed("destruction_not_carried_out_by_you")
        with self._open() as store:
            approved = store.destruction(destruction_id)
            doomed = store.doomed(destruction_id)
        if approved.state not in ("approved", "done"):
            raise Conflict("destruction_not_approved")
        issued, kept = [], []
        for one in doomed:
            done = self._destroyed(actor, approved, one, schedule)
            if isinstance(done, Kept):
                kept.append((one.dossier, done))
            elif done:
                issued.append(done)
        files = self.remove_files()
        if not kept and approved.state == "approved":
            with self._open() as store:
                store.save_destruction(replace(approved, state="done"))
        return Carried(tuple(issued), tuple(kept), files)

    def _destroyed(
        self, actor: Actor, approved: Destruction, one: Doomed, schedule: Schedule
    ) -> str | Kept:
        return self._again(lambda: self._destroy(actor, approved, one, schedule))

    def _destroy(
        self, actor: Actor, approved: Destruction, one: Doomed, schedule: Schedule
    ) -> str | Kept:
        """The number of the certificate; "" when it was destroyed before, else what keeps it."""
        with self._open() as store:
            store.close_dossier(one.dossier)
            filed = store.filed(one.dossier)
            if filed.certificate:
                return ""
            kept = self.appraise(store, filed, schedule)
            if kept.reasons:
                return kept
            found = self.would_destroy(store, one.dossier)
            year = local_day(self.clock()).year
            count = store.next_number(f"certificate:{year}", one.dossier)
            number = f"XH{year}-{count}"
            data = _certified(number, approved, filed, (kept, found))
            entry = self._record(store, _stream(approved), Act("destroy", actor, data=data))
            certificate = Certificate(
                number, one.dossier, approved.id, entry.stream, entry.seq, self.clock()
            )
            states = {case.id: hollow(store.case(case.id).state) for case in filed.cases}
            store.destroy(certificate, states, found.files)
            told = Act("destroyed", actor, data={"certificate": number})
            self._record(store, f"dossier:{one.dossier}", told)
        return number

    def remove_files(self) -> int:
        """Remove the files of destroyed dossiers that are still there; how many."""
        count = 0
        while self._remove_some():
            count += 1
        return count

    def _remove_some(self) -> bool:
        with self._open() as store:
            waiting = store.files_to_remove(1)
            for digest, certificate in waiting:
                if not store.used_elsewhere(digest, certificate.dossier):
                    self.blobs.remove(digest, certificate)
                store.file_removed(digest, self.clock())
        return bool(waiting)


def _stream(destruction: Destruction) -> str:
    return f"destruction:{destruction.id}"


def _certified(number: str, approved: Destruction, filed: Filed, of: tuple[Kept, Holdings]) -> Data:
    """What a certificate says, without anything that was destroyed."""
    kept, found = of
    keeping, due = kept.keeping, kept.due
    closed = [case.ended_at for case in filed.cases if case.ended_at]
    return {
        "number": number,
        "list": approved.number,
        "dossier": filed.dossier.id,
        "dossier_number": filed.dossier.number,
        "rule": keeping.id if keeping else "",
        "basis": list(keeping.basis) if keeping else [],
        "closed_at": max(closed),
        "due_at": due.due_at if due else None,
        "proposed_by": approved.proposed_by,
        "approved_by": approved.decided_by,
        "streams": dict(found.streams),
        "files": list(found.files),
        "rows": dict(found.rows),
    }
