"""Beginning a case, and firing the timers that are due in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uuid6 import uuid7

from engine.diagram import read_diagram
from engine.errors import Invalid, NotAllowed
from engine.forms import Form, Submitted, accept, submit
from engine.identity import matter_of, police_number
from engine.model import (
    SYSTEM,
    Actor,
    Case,
    Data,
    Dossier,
    DossierKind,
    Facts,
    Grant,
    Party,
    Release,
)
from engine.ports import Store
from engine.spiff import STEP, read_state
from engine.workdays import CHINA

from .desk import Act, Desk, T

KINDS: Mapping[str, DossierKind] = {
    "detention_intake": "detention",
    "detention_mediation": "detention",
    "detention_exit": "detention",
    "reconsideration": "detention",
    "joint_meeting": "governance",
    "appraisal": "governance",
    "commendation": "governance",
    "supervision": "governance",
    "training": "governance",
    "enrolment": "governance",
    "publicity": "governance",
    "complaint": "governance",
}
"""Procedures whose dossier is not a dispute."""


@dataclass(frozen=True, slots=True)
class Where:
    """In whose name a case begins ("" = the actor's first organisation that may) and in which dossier."""

    org: str = ""
    dossier: str = ""


NEW = Where()
Filling = Callable[[Form], Submitted]


class CaseVerbs(Desk):
    def start(
        self, actor: Actor, procedure: str, raw: Mapping[str, Sequence[str]], where: Where = NEW
    ) -> Case:
        """Begin a case with what a browser sent for ``forms/start.json``; Invalid, NotAllowed."""
        now = self.clock()
        return self._start(actor, procedure, where, lambda form: submit(form, raw, {}, now, ""))

    def begin(
        self, actor: Actor, procedure: str, values: Mapping[str, Any], where: Where = NEW
    ) -> Case:
        """Begin a case with plain JSON values by pointer, through the same checks."""
        now = self.clock()
        return self._start(actor, procedure, where, lambda form: accept(form, values, {}, now, ""))

    def open_dossier(
        self, actor: Actor, procedure: str, org: str, parties: Sequence[Data] = ()
    ) -> Dossier:
        """A new dossier of the kind this procedure belongs to, without a case yet."""
        with self._open() as store:
            values = {"/parties": list(parties)}
            return self._open_dossier(store, actor, (procedure, org), values)[0]

    def home_for(self, store: Store, release: Release, dossier: Dossier, org: str) -> Dossier:
        """Where a case that a message begins belongs: with its sender, if it is of that kind.

        Else in a dossier of its own, since whoever works on a case sees its whole dossier: members
        of a joint meeting have no business in the dispute its first topic came from. A detention
        has the parties of the dispute.
        """
        kind = KINDS.get(release.procedure, dossier.kind)
        if kind == dossier.kind:
            return dossier
        values: dict[str, Any] = {}
        if kind == "governance":
            values["/dispute/title"] = read_diagram(release.files["process.bpmn"]).name["zh"]
        else:
            values["/parties"] = [
                {**party.detail, "side": party.side, "name": party.name}
                for party in store.parties(dossier.id)
            ]
        return self._open_dossier(store, SYSTEM, (release.procedure, org), values)[0]

    def _start(self, actor: Actor, procedure: str, where: Where, fill: Filling) -> Case:
        with self._open() as store:
            release, facts = self._latest(store, procedure)
            grant = self._starting_grant(actor, release, where.org)
            form = self.form(release, "start")
            filled = self.refuse_strangers(store, form, fill(form))
            if where.dossier:
                dossier, parties = store.dossier(where.dossier), store.parties(where.dossier)
            else:
                dossier, parties = self._open_dossier(
                    store, actor, (procedure, grant.org), filled.values
                )
            case = self._new_case(dossier, release, facts, grant.org)
            area = store.organisation(case.org).area if case.org else ""
            values = {**filled.values, **opening(case, grant, parties, area)}
            act = Act("start", actor, grant, data={"values": values})
            started, outcome = self._move(store, case, act)
            if outcome.incident:
                raise Invalid("cannot_start", reason=outcome.incident.code)
        return started

    def _latest(self, store: Store, procedure: str) -> tuple[Release, Facts]:
        release, facts = store.current_release(procedure), store.current_facts()
        self._releases[release.digest] = release
        self._facts[facts.digest] = facts
        return release, facts

    @staticmethod
    def _starting_grant(actor: Actor, release: Release, org: str) -> Grant:
        """The grant under which the actor begins a case, in the organisation asked for if any."""
        roles = starting_roles(release)
        for grant in actor.grants:
            if grant.role in roles and org in ("", grant.org):
                return grant
        raise NotAllowed("may_not_start", procedure=release.procedure)

    def _new_case(self, dossier: Dossier, release: Release, facts: Facts, org: str) -> Case:
        now = self.clock()
        return Case(
            id=str(uuid7()),
            dossier=dossier.id,
            procedure=release.procedure,
            release=release.digest,
            facts=facts.digest,
            org=org,
            started_at=now,
            seq=-1,
            leaf="",
            at=now,
            status="open",
            state=b"",
            step=STEP,
        )

    def _open_dossier(
        self, store: Store, actor: Actor, of: tuple[str, str], values: Mapping[str, Any]
    ) -> tuple[Dossier, Sequence[Party]]:
        procedure, org = of
        now = self.clock()
        dossier_id, kind = str(uuid7()), KINDS.get(procedure, "dispute")
        counter = store.next_number(f"dossier/{kind}/{now.year}", dossier_id)
        number = f"{PREFIX[kind]}{now.year}-{counter:05d}"
        parties = [party_of(dossier_id, row) for row in values.get("/parties") or ()]
        title = str(values.get("/dispute/title") or titled(parties))
        matter, police_no = matter_of(values), police_number(values)
        dossier = Dossier(
            dossier_id, number, kind, title, org, now, matter=matter, police_no=police_no
        )
        store.save_dossier(dossier)
        for party in parties:
            store.save_party(party)
        content = {"number": number, "parties": [party.id for party in parties]}
        self._record(store, f"dossier:{dossier_id}", Act("open", actor, data=content))
        return dossier, parties

    # The clock -----------------------------------------------------------------------------

    def _upon(self, case_id: str, act: Callable[[Store, Case], T]) -> T:
        """Act on a case in one transaction, after what is due in it has fired in one of its own."""
        while True:
            with self._open() as store:
                case = store.case(case_id)
                if not self._fire_due(store, case, self.clock()):
                    return act(store, case)

    def _fire_due(self, store: Store, case: Case, until: datetime) -> int:
        """Timers due at or before ``until`` fire first, in order of due time (conventions 1)."""
        fired = 0
        while case.status == "open":
            due = [timer for timer in read_state(case.state).timers if timer.due <= until]
            if not due:
                break
            timer = min(due, key=lambda t: (t.due, t.id))
            act = Act("fire", task=timer.id, place=timer.place, received_at=timer.due, reason="due")
            case, _ = self._move(store, case, act)
            fired += 1
        return fired


PREFIX: Mapping[DossierKind, str] = {"dispute": "纠", "detention": "拘", "governance": "治"}


def starting_roles(release: Release) -> frozenset[str]:
    """The roles that may start a procedure: those of its start events or of the lanes they lie in."""
    diagram = read_diagram(release.files["process.bpmn"])
    starts = (
        node for node in diagram.nodes.values() if node.type == "startEvent" and not node.scope
    )
    return frozenset(role for node in starts for role in node.role.split())


def titled(parties: Sequence[Party]) -> str:
    """A dossier's title from its parties: ``张某 / 李某``."""
    return " / ".join(party.name for party in parties)


def party_of(dossier_id: str, row: Data) -> Party:
    """A party record from a row of the start form; what has no column of its own is its detail."""
    detail = {key: value for key, value in row.items() if key not in ("side", "name", "id")}
    return Party(str(uuid7()), dossier_id, row.get("side") or "A", row.get("name") or "", detail)


def snapshot(party: Party) -> Data:
    """What a case knows of a party."""
    return {**party.detail, "id": party.id, "side": party.side, "name": party.name}


def opening(case: Case, grant: Grant, parties: Sequence[Party], area: str = "") -> Data:
    """What a case knows from its first moment besides what was typed: itself and its parties.

    ``area``: of its organisation then; settings of that province hold for the case.
    """
    itself = {
        "id": case.id,
        "dossier": case.dossier,
        "procedure": case.procedure,
        "org": case.org,
        "area": area,
        "role": grant.role,
        "started_at": case.started_at.astimezone(CHINA),
    }
    return {"/parties": [snapshot(party) for party in parties], "/case": itself}
