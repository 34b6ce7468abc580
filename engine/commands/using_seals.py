"""Using a seal: asked by an effect, judged again (DT-15), entered in the ledger once, verified at once.

What judge and clerk sign themselves (``own_signatures``) goes the same way: one line for each use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from engine.access import SEAL_ADMIN
from engine.decisions import decide, read_decisions
from engine.errors import Failed, NotFound
from engine.model import SYSTEM, Actor, Data, Grant
from engine.model.sealed import Seal, SealUse
from engine.sealports import DEMONSTRATION

from .seal_ledger import Wish
from .signing_files import FileSigningVerbs

SEALING = "seal.apply"
DEMONSTRATED = timedelta(days=3 * 365)
DT_15 = "dt_15_seal"
STOPPED: Mapping[str, str] = {"revoked": "CERT_REVOKED", "suspended": "SEAL_EXPIRED"}


class SealUseVerbs(FileSigningVerbs):
    def apply_seal(self, effect_id: str, params: Data) -> Data:
        """``seal.apply``: seal a file; the same effect gives the same file and one line in the ledger.

        Params: {"seal" (id), "operator" (person), "open_flag", "ruling" {"number", "case_no",
        "court", "judge", "judge_signed_at", "clerk_signed_at", "digest"}, "digest" (of the PDF to
        be sealed, kept by digest), "title", "kind"}; the seal goes where typesetting left a place
        for it, else to the foot of the last page. Gives {"result", "esid", "certificate",
        "algorithm", "sign_time", "digest", "key", "code", "use", ...}; a certificate that fails
        is a result, so that the diagram goes on. Raises Failed (seal_denied, seal_file_missing,
        seal_taken, seal_unsigned for good; seal_time_stamp for now).
        """
        wish = self._seal_wish(effect_id)
        self._demonstrate(str((params.get("ruling") or {}).get("court") or ""))
        use = self._again(lambda: self._begin_use(wish))
        if use.result == "OK":
            return self._use_told(use, params)
        with self._open() as store:
            seal = store.seal(use.seal)
        stopped = self._seal_stopped(seal)
        if stopped:
            done = self._end_use(replace(use, result=stopped, reason=seal.status))
            return self._use_told(done, params)
        self._judge_use(wish, seal, use)
        return self._use_told(self._seal_file(use, seal), params)

    def _seal_wish(self, effect_id: str) -> Wish:
        with self._open() as store:
            found = store.effect(effect_id)
            if found is None:
                raise NotFound("no_effect")
            case = store.case(found[0])
            files = self.release_of(store, case.release).files
        decision = next((c for name, c in files.items() if name.endswith(f"{DT_15}.dmn")), b"")
        return Wish(effect_id, found[1].params, case.id, case.dossier, decision)

    def _demonstrate(self, court: str) -> None:
        """In a demonstration a court that has no seal gets one, marked as what it is."""
        with self._open() as store:
            missing = bool(court) and not store.seals_of(court)
            name = store.organisation(court).name if missing else ""
        if missing and self._seal_provider().demonstration:
            until = self.clock() + DEMONSTRATED
            keeper = Actor(SYSTEM.person, SYSTEM.name, (Grant(SEAL_ADMIN, court),))
            self.register_seal(keeper, court, name, until, DEMONSTRATION)

    def _seal_stopped(self, seal: Seal) -> str:
        """Why it cannot be used at all, as the diagram knows it; "" when it can."""
        now = self.clock()
        if seal.status in STOPPED:
            return STOPPED[seal.status]
        if not seal.is_certified(now):
            return "CERT_EXPIRED"
        return "" if seal.is_valid(now) else "SEAL_EXPIRED"

    def _judge_use(self, wish: Wish, seal: Seal, use: SealUse) -> None:
        """DT-15 by what the register says now, not by what somebody typed a while ago."""
        status = {
            "owner": seal.owner,
            "seal_valid": seal.is_valid(self.clock()),
            "certificate_valid": seal.is_certified(self.clock()),
            "suspended": seal.status == "suspended",
        }
        context = {
            "ruling": wish.params.get("ruling") or {},
            "seal": {
                "status": status,
                "digest": use.source,
                "operator": use.person,
                "open_flag": wish.params.get("open_flag"),
            },
        }
        if not wish.decision:
            self._end_use(replace(use, result="DENIED", reason=DT_15))
            raise Failed("seal_denied", permanent=True, reason=DT_15)
        told = decide(read_decisions(wish.decision), DT_15, context, self.clock()).outputs
        if told.get("outcome") != "ALLOW":
            self._end_use(replace(use, result="DENIED", reason=str(told.get("reason"))))
            raise Failed("seal_denied", permanent=True, reason=str(told.get("reason")))

    def _use_told(self, use: SealUse, params: Data) -> Data:
        with self._open() as store:
            seal = store.seal(use.seal)
        return {
            "result": use.result,
            "reason": use.reason or None,
            "esid": seal.code,
            "certificate": use.serial,
            "algorithm": "ECDSA_SHA256",
            "version": "PAdES B-LTA",
            "sign_time": use.begun_at,
            "digest": use.digest or None,
            "key": "SOFTWARE" if seal.demonstration else seal.custody,
            "code": use.code,
            "use": use.number,
            "failures": params.get("failures"),
        }
