"""Legal holds: placed and lifted with a reason, chained on the dossier's stream."""

from __future__ import annotations

from dataclasses import asdict, replace

from uuid6 import uuid7

from engine.access import may_hold
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.identity import id_digest, name_digest
from engine.model import Actor
from engine.model.retained import Hold, HoldKind
from engine.ports import Store

from .desk import Act, Desk

Target = tuple[HoldKind, str]
"""What is held: the dossier (""), a party by id, a document by id or a file by its digest."""


class HoldVerbs(Desk):
    def place_hold(self, actor: Actor, dossier_id: str, target: Target, reason: str) -> Hold:
        """Nothing of the dossier, or of any that has this person or document, is destroyed from now on.

        NotAllowed (hold_not_yours), Invalid (say_why), NotFound (hold_target_unknown), Conflict
        (hold_already, dossier_destroyed).
        """
        _allowed(actor, reason)
        return self._again(lambda: self._place(actor, dossier_id, target, reason.strip()))

    def _place(self, actor: Actor, dossier_id: str, target: Target, reason: str) -> Hold:
        with self._open() as store:
            filed = store.filed(dossier_id)
            if filed.certificate:
                raise Conflict("dossier_destroyed")
            found, name = _found(store, dossier_id, target)
            if any((one.kind, one.target) == (target[0], found) for one in filed.holds):
                raise Conflict("hold_already")
            hold = Hold(
                id=str(uuid7()),
                dossier=dossier_id,
                kind=target[0],
                target=found,
                name=name,
                reason=reason,
                made_by=actor.person,
                made_at=self.clock(),
            )
            store.save_hold(hold)
            act = Act("hold", actor, data=asdict(hold), reason=reason)
            self._record(store, f"dossier:{dossier_id}", act)
        return hold

    def lift_hold(self, actor: Actor, hold_id: str, reason: str) -> Hold:
        """From now on its period alone keeps the dossier. Conflict (hold_over)."""
        _allowed(actor, reason)
        return self._again(lambda: self._lift(actor, hold_id, reason.strip()))

    def _lift(self, actor: Actor, hold_id: str, reason: str) -> Hold:
        with self._open() as store:
            hold = store.hold(hold_id)
            if hold.ended_at:
                raise Conflict("hold_over")
            lifted = replace(hold, ended_by=actor.person, ended_at=self.clock(), end_reason=reason)
            store.save_hold(lifted)
            act = Act(
                "hold_lifted", actor, data={"hold": hold.id, "kind": hold.kind}, reason=reason
            )
            self._record(store, f"dossier:{hold.dossier}", act)
        return lifted


def _allowed(actor: Actor, reason: str) -> None:
    if not may_hold(actor):
        raise NotAllowed("hold_not_yours")
    if not reason.strip():
        raise Invalid("say_why")


def _found(store: Store, dossier_id: str, target: Target) -> tuple[str, str]:
    """(target, name) of what is to be held, which must be in the dossier."""
    kind, wanted = target
    if kind == "dossier":
        return dossier_id, store.dossier(dossier_id).number
    if kind == "person":
        party = next((one for one in store.parties(dossier_id) if one.id == wanted), None)
        if party is None:
            raise NotFound("hold_target_unknown")
        digest = id_digest(party.detail) or name_digest(party.name, party.detail)
        return digest or party.id, party.name
    return wanted, _document(store, dossier_id, wanted)


def _document(store: Store, dossier_id: str, wanted: str) -> str:
    try:
        return str(store.attachment(wanted, dossier_id)["name"])
    except NotFound:
        document = store.document(wanted)
        if document["dossier"] != dossier_id:
            raise NotFound("hold_target_unknown") from None
        return str(document["number"] or document["kind"])
