"""The life of a seal, and of the certificate by which a person signs: registered, suspended, renewed,
revoked, expired; each step chained on its stream.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime

from uuid6 import uuid7

from engine.access import may_keep_seals
from engine.errors import Conflict, Failed, Invalid, NotAllowed
from engine.model import Actor, Data
from engine.model.sealed import Seal, SealStatus, SealUse
from engine.ports import Store
from engine.sealports import UNSEALED, SealProvider, Verified

from .desk import Act, Desk

LONGEST_NAME = 40
"""Characters that can still be read around a seal."""
SECRET = ("certificate",)
"""Left out of journals: long, and told by its serial number."""


class SealLifeVerbs(Desk):
    def register_seal(
        self, actor: Actor, owner: str, name: str, until: datetime, reason: str
    ) -> Seal:
        """A new seal of an organisation, with a key and a certificate of its own.

        Raises NotAllowed (seal_not_yours), Invalid (say_why, seal_name_missing, seal_name_long,
        seal_name_character, seal_until_past), Failed when whoever keeps the keys refuses.
        """
        if not name.strip():
            raise Invalid("seal_name_missing")
        if len(name.strip()) > LONGEST_NAME:
            raise Invalid("seal_name_long", most=LONGEST_NAME)
        strange = self._seal_provider().undrawable(name.strip())
        if strange:
            raise Invalid("seal_name_character", characters=strange)
        return self._register(actor, self._bare(owner, name.strip(), until), reason)

    def register_signature(
        self, actor: Actor, owner: str, person: str, until: datetime, reason: str
    ) -> Seal:
        """A certificate by which a person signs, kept by the custodian of ``owner``.

        Raises NotAllowed (seal_not_yours), Invalid (say_why, seal_until_past), NotFound (no_person),
        Failed when whoever keeps the keys refuses.
        """
        with self._open() as store:
            name = store.person(person).name
        bare = replace(self._bare(owner, name, until), person=person)
        return self._register(actor, bare, reason)

    def _bare(self, owner: str, name: str, until: datetime) -> Seal:
        seal_id, now = str(uuid7()), self.clock()
        return Seal(seal_id, owner, name, "", f"seal-{seal_id}-1", now, until, now)

    def _register(self, actor: Actor, bare: Seal, reason: str) -> Seal:
        self._may_keep_seal(actor, bare.owner, reason)
        if bare.valid_until <= self.clock():
            raise Invalid("seal_until_past")
        with self._open() as store:
            store.organisation(bare.owner)
            counter = store.next_number("seal", bare.id)
        numbered = replace(bare, code=f"{self.clock():%Y}{counter:09d}")
        return self._keep_seal("seal_registered", actor, self._certified_seal(numbered), reason)

    def suspend_seal(self, actor: Actor, seal_id: str, reason: str) -> Seal:
        """Nothing is sealed with it until it is taken up again."""
        return self._turn_seal(actor, seal_id, reason, ("active", "suspended", "seal_suspended"))

    def resume_seal(self, actor: Actor, seal_id: str, reason: str) -> Seal:
        return self._turn_seal(actor, seal_id, reason, ("suspended", "active", "seal_resumed"))

    def expire_seal(self, actor: Actor, seal_id: str, reason: str) -> Seal:
        """It has done its service: ended now; what it sealed stays good."""
        return self._turn_seal(actor, seal_id, reason, ("active", "expired", "seal_expired"))

    def renew_seal(self, actor: Actor, seal_id: str, until: datetime, reason: str) -> Seal:
        """The same seal with a new key and certificate; also one that has expired."""
        with self._open() as store:
            seal = store.seal(seal_id)
        self._may_keep_seal(actor, seal.owner, reason)
        if seal.status == "revoked":
            raise Conflict("seal_state", name=seal.name)
        if until <= self.clock():
            raise Invalid("seal_until_past")
        stem, _, turn = seal.key.rpartition("-")
        fresh = replace(
            seal,
            key=f"{stem}-{int(turn) + 1}",
            valid_until=until,
            status="active",
            changed_at=self.clock(),
        )
        return self._keep_seal("seal_renewed", actor, self._certified_seal(fresh), reason)

    def revoke_seal(
        self, actor: Actor, seal_id: str, reason: str, since: datetime | None = None
    ) -> Seal:
        """For good: its key is or may be in other hands, ``since`` when (default: now) (S8-15).

        What was sealed before stays good and is put on the list of what to look at again.
        """
        now = self.clock()
        with self._open() as store:
            seal = store.seal(seal_id)
        self._may_keep_seal(actor, seal.owner, reason)
        if seal.status == "revoked":
            raise Conflict("seal_state", name=seal.name)
        at = min(since or now, now)
        self._seal_provider().revoke(seal.serial, at)
        revoked = replace(seal, status="revoked", changed_at=now, revoked_at=at)

        def flag(store: Store) -> Data:
            used = store.uses_of_certificate(seal.serial)
            flagged = {last.id: last for last in (_last(store, use) for use in used)}.values()
            for use in flagged:
                store.save_use(replace(use, recheck_at=now))
            return {"recheck": [use.number for use in flagged]}

        return self._keep_seal("seal_revoked", actor, revoked, reason, flag)

    def recheck_use(self, actor: Actor, use_id: str) -> Verified:
        """Look at a sealed document again; the verdict is chained, and it leaves the list."""
        with self._open() as store:
            use = _known(store, use_id)
            seal = store.seal(use.seal)
        self._may_keep_seal(actor, seal.owner, "recheck")
        verified = self._seal_provider().verify(self.blobs.get(use.digest))
        if use.place and verified.reason == UNSEALED:  # all that is there yet stands
            verified = replace(verified, result="OK", reason="")

        def keep() -> Verified:
            with self._open() as store:
                kept = replace(_known(store, use_id), recheck_at=None, reason=verified.reason)
                store.save_use(kept)
                told = {"use": use.number, "result": verified.result, "reason": verified.reason}
                self._record(store, f"seal:{seal.id}", Act("seal_rechecked", actor, data=told))
            return verified

        return self._again(keep)

    # Shared ----------------------------------------------------------------------------------

    def _seal_provider(self) -> SealProvider:
        if self.seals is None:
            raise Failed("seal_no_provider", permanent=True)
        return self.seals

    def _certified_seal(self, seal: Seal) -> Seal:
        provider = self._seal_provider()
        issued = provider.issue(seal.key, seal.name, seal.valid_until)
        return replace(
            seal,
            custody=issued.custody,
            demonstration=provider.demonstration,
            certificate=issued.certificate.hex(),
            serial=issued.serial,
            certified_until=issued.valid_until,
        )

    def _turn_seal(
        self, actor: Actor, seal_id: str, reason: str, step: tuple[SealStatus, SealStatus, str]
    ) -> Seal:
        before, after, verb = step
        with self._open() as store:
            seal = store.seal(seal_id)
        self._may_keep_seal(actor, seal.owner, reason)
        if seal.status != before:
            raise Conflict("seal_state", name=seal.name)
        return self._keep_seal(
            verb, actor, replace(seal, status=after, changed_at=self.clock()), reason
        )

    def _keep_seal(
        self,
        verb: str,
        actor: Actor,
        seal: Seal,
        reason: str,
        also: Callable[[Store], Data] = lambda store: {},
    ) -> Seal:
        told = {name: value for name, value in asdict(seal).items() if name not in SECRET}

        def keep() -> Seal:
            with self._open() as store:
                store.save_seal(seal)
                data = {**told, **also(store)}
                self._record(
                    store, f"seal:{seal.id}", Act(verb, actor, data=data, reason=reason.strip())
                )
            return seal

        return self._again(keep)

    @staticmethod
    def _may_keep_seal(actor: Actor, owner: str, reason: str) -> None:
        if not may_keep_seals(actor, owner):
            raise NotAllowed("seal_not_yours")
        if not reason.strip():
            raise Invalid("say_why")


def _last(store: Store, use: SealUse) -> SealUse:
    """The use that closed the document on which this one is a signature."""
    while (later := store.use_of_file(use.digest)) and later.result == "OK":
        use = later
    return use


def _known(store: Store, use_id: str) -> SealUse:
    use = store.seal_use(use_id)
    if use is None or use.result != "OK":
        raise Conflict("seal_use_not_good")
    return use
