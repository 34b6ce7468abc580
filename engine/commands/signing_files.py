"""Signing files: fields for everybody before the first signature, one signature after the other."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import Failed, NotFound
from engine.model import Data, Paper
from engine.model.sealed import Seal, SealUse
from engine.package import DIAGRAM
from engine.ports import Store
from engine.proofs.notes import printed
from engine.sealports import UNSEALED, Mark

from .seal_ledger import SealLedgerVerbs, sealing

FIELD = "court_seal"
ELSEWHERE: Data = {"page": 0, "x": 430.0, "y": 170.0}
"""Of a file that was not typeset here: the last page, below on the right."""
SIGNING = "signature.apply"
SIGNERS = ("judge", "clerk")
"""Who signs before the court seals, in this order (S1 157): places that typesetting leaves."""


class FileSigningVerbs(SealLedgerVerbs):
    def _seal_file(self, use: SealUse, seal: Seal) -> SealUse:
        try:
            content = self.blobs.get(use.source)
        except (NotFound, Failed) as missing:
            if isinstance(missing, Failed) and not missing.permanent:
                raise
            self._end_use(replace(use, result="HASH_MISMATCH", reason=missing.code))
            raise Failed("seal_file_missing", permanent=True, digest=use.source) from missing
        provider = self._seal_provider()
        try:
            mark = _mark(seal, use)
            made = provider.sign(self._readied(use, mark, content), mark, held(seal))
        except Failed as failed:
            if failed.permanent:
                self._end_use(replace(use, result="SIG_INVALID", reason=failed.code))
            raise
        verified = provider.verify(made)
        good = verified.reason == UNSEALED if use.place else verified.level == "B-LTA"
        if not good:
            return self._end_use(replace(use, result=verified.result, reason=verified.reason))
        kept = self.blobs.put(made)
        return self._end_use(replace(use, digest=kept, size=len(made), result="OK"))

    def _readied(self, use: SealUse, mark: Mark, content: bytes) -> bytes:
        """With a field for everybody who signs, which is made before the first signature.

        Raises Failed (seal_unsigned): what judge and clerk sign in its procedure is sealed last.
        """
        with self._open() as store:
            if store.use_by_digest(use.source):
                return content
            paper = store.paper_of(use.source)
            places = {str(one["name"]): one for one in paper.anchors} if paper else {}
            signers = [one for one in SIGNERS if one in places and self._is_signed(store, paper)]
            court = store.organisation(use.org).name if use.place else ""
            log = printed(store.last_checkpoint()[1])
        if signers and not use.place:
            raise Failed("seal_unsigned", permanent=True)
        last = replace(mark, field=FIELD, name=court, key="") if use.place else mark
        marks = [_placed(replace(mark, field=one), places[one]) for one in signers]
        code = self._seal_provider().code(sealing(use.id)) if use.place else use.code
        return self._seal_provider().prepare(
            content, [*marks, _placed(last, places.get("seal", ELSEWHERE))], code, log
        )

    def _is_signed(self, store: Store, paper: Paper | None) -> bool:
        """Whether the procedure that made a paper has it signed by those whose place it holds."""
        files = self.release_of(store, paper.release).files if paper else {}
        return any(SIGNING.encode() in files[name] for name in files if name.endswith(DIAGRAM))


def held(seal: Seal) -> bytes:
    """The certificate of a seal or of a person (DER)."""
    return bytes.fromhex(seal.certificate)


def _mark(seal: Seal, use: SealUse) -> Mark:
    """A person signs without a picture: the name is in the text."""
    field, name = (use.place, "") if use.place else (FIELD, seal.name)
    return Mark(field, seal.key, 0, 0.0, 0.0, name, seal.code, seal.demonstration)


def _placed(mark: Mark, place: Data) -> Mark:
    """Where typesetting put it; of the seal that is the line of the date."""
    return replace(mark, page=int(place["page"]), x=float(place["x"]), y=float(place["y"]))
