"""A person's own signature on a file: asked by what they completed themselves, never by anybody else."""

from __future__ import annotations

from dataclasses import replace

from engine.access import SEAL_ADMIN
from engine.errors import Failed
from engine.model import SYSTEM, Actor, Data, Grant
from engine.model.sealed import SealUse
from engine.sealports import DEMONSTRATION

from .seal_ledger import Wish
from .using_seals import DEMONSTRATED, SealUseVerbs


class OwnSignatureVerbs(SealUseVerbs):
    def sign_own(self, effect_id: str, params: Data) -> Data:
        """``signature.apply``: the next signature on a file, with the key of who asked for it (S8-13).

        Params: {"task" (element whose completion asks for it), "signer" (person), "place" ("judge",
        "clerk"), "digest" (of the file kept by digest), "ruling" {"number", "case_no", "court"},
        "title", "kind"}. Gives {"result": "OK", "digest" (of the signed file), "signed_at",
        "certificate", "use", "key"}, or {"result": "REFUSED", "reason"}, so that the diagram goes
        back to the person. Raises Failed for now (seal_time_stamp) and where no keys are kept.
        """
        wish = self._seal_wish(effect_id)
        try:
            self._own(wish)
            use = self._signed(wish)
        except Failed as refused:
            if not refused.permanent or refused.code == "seal_no_provider":
                raise
            return {"result": "REFUSED", "reason": refused.code}
        if use.result != "OK":
            return {"result": "REFUSED", "reason": use.result}
        with self._open() as store:
            seal = store.seal(use.seal)
        return {
            "result": "OK",
            "digest": use.digest,
            "signed_at": use.begun_at,
            "certificate": use.serial,
            "use": use.number,
            "key": "SOFTWARE" if seal.demonstration else seal.custody,
        }

    def _own(self, wish: Wish) -> None:
        """Raises Failed (signature_not_own): whoever completed the task signs, or nobody does."""
        task, signer = (str(wish.params.get(name) or "") for name in ("task", "signer"))
        with self._open() as store:
            done = [
                entry.actor
                for entry, _ in store.entries(f"case:{wish.case}")
                if entry.verb == "complete" and entry.element == task
            ]
        if not signer or done[-1:] != [signer]:
            raise Failed("signature_not_own", permanent=True)
        self._demonstrate_signature(wish, signer)

    def _demonstrate_signature(self, wish: Wish, signer: str) -> None:
        """In a demonstration who has no certificate gets one, marked as what it is."""
        court = str((wish.params.get("ruling") or {}).get("court") or "")
        with self._open() as store:
            missing = not store.signatures_of(signer)
        if missing and court and self._seal_provider().demonstration:
            until = self.clock() + DEMONSTRATED
            keeper = Actor(SYSTEM.person, SYSTEM.name, (Grant(SEAL_ADMIN, court),))
            self.register_signature(keeper, court, signer, until, DEMONSTRATION)

    def _signed(self, wish: Wish) -> SealUse:
        """A file set again without a change is the file that this person has signed already."""
        place, signer = wish.params.get("place"), wish.params.get("signer")
        with self._open() as store:
            known = store.use_of_file(str(wish.params.get("digest") or ""))
        if known and (known.result, known.place, known.person) == ("OK", place, signer):
            return known
        use = self._again(lambda: self._begin_use(wish))
        if use.result == "OK":
            return use
        with self._open() as store:
            seal = store.seal(use.seal)
        stopped = self._seal_stopped(seal)
        if stopped:
            return self._end_use(replace(use, result=stopped, reason=seal.status))
        return self._seal_file(use, seal)
