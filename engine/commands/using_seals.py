"""Using a seal: asked by an effect, judged again (DT-15), entered in the ledger once, verified at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from engine.access import SEAL_ADMIN
from engine.decisions import decide, read_decisions
from engine.errors import Conflict, Failed, NotFound
from engine.model import SYSTEM, Actor, Data, Grant
from engine.model.sealed import Seal, SealUse
from engine.ports import Store
from engine.sealports import DEMONSTRATION, Mark
from engine.series import official
from engine.workdays import local_day

from .desk import Act
from .seals import SealLifeVerbs

SEALING = "seal.apply"
DEMONSTRATED = timedelta(days=3 * 365)
DT_15 = "dt_15_seal"
FIELD = "court_seal"
ELSEWHERE = (("page", 0), ("x", 430.0), ("y", 170.0))
"""Of a file that was not typeset here: the last page, below on the right."""
STOPPED: Mapping[str, str] = {"revoked": "CERT_REVOKED", "suspended": "SEAL_EXPIRED"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What an effect asks: its key and parameters, the case it comes from, DT-15 of its release."""

    key: str
    params: Data
    case: str
    dossier: str
    decision: bytes


class SealUseVerbs(SealLifeVerbs):
    def apply_seal(self, effect_id: str, params: Data) -> Data:
        """``seal.apply``: seal a file; the same effect gives the same file and one line in the ledger.

        Params: {"seal" (id), "operator" (person), "open_flag", "ruling" {"number", "case_no",
        "court", "judge", "judge_signed_at", "clerk_signed_at", "digest"}, "digest" (of the PDF to
        be sealed, kept by digest), "title", "kind"}; the seal goes where typesetting left a place
        for it, else to the foot of the last page. Gives {"result", "esid", "certificate",
        "algorithm", "sign_time", "digest", "key", "code", "use", ...}; a certificate that fails
        is a result, so that the diagram goes on. Raises Failed (seal_denied, seal_file_missing,
        seal_taken for good; seal_time_stamp for now).
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
        return self._use_told(self._seal_file(use, seal, wish), params)

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

    def _begin_use(self, wish: Wish) -> SealUse:
        """The ledger's line is there before the key is touched: of two who ask, one goes on."""
        with self._open() as store:
            known = store.seal_use(wish.key)
            use = known or self._line_of(store, wish)
            other = store.use_of_file(use.source)
            if other and other.id != use.id:
                raise Failed("seal_taken", permanent=True, number=other.number)
            if known and known.result not in ("", "OK"):  # tried once more after it was refused
                use = replace(known, result="", reason="", ended_at=None)
                store.save_use(use)
            if known:
                return use
            try:
                store.begin_use(use)
            except Conflict as taken:
                raise Conflict("lost_race") from taken
            act = Act("seal_asked", Actor(use.person, use.person), data=_open(use))
            self._record(store, f"seal:{use.seal}", act)
        return use

    def _line_of(self, store: Store, wish: Wish) -> SealUse:
        params, ruling = wish.params, wish.params.get("ruling") or {}
        seal = _seal_of(store, str(params.get("seal") or ""), str(ruling.get("court") or ""))
        now, year = self.clock(), local_day(self.clock()).year
        counter = store.next_number(f"seal-use/{seal.owner}/{year}", wish.key)
        return SealUse(
            id=wish.key,
            number=official("印簿", year, counter),
            seal=seal.id,
            serial=seal.serial,
            person=str(params.get("operator") or SYSTEM.person),
            case=wish.case,
            dossier=wish.dossier,
            org=str(ruling.get("court") or seal.owner),
            kind=str(params.get("kind") or "ruling"),
            title=str(params.get("title") or ""),
            document=str(ruling.get("number") or ""),
            case_no=str(ruling.get("case_no") or ""),
            source=str(params.get("digest") or ""),
            code=self._seal_provider().code(wish.key),
            begun_at=now,
        )

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

    def _seal_file(self, use: SealUse, seal: Seal, wish: Wish) -> SealUse:
        try:
            content = self.blobs.get(use.source)
        except (NotFound, Failed) as missing:
            if isinstance(missing, Failed) and not missing.permanent:
                raise
            self._end_use(replace(use, result="HASH_MISMATCH", reason=missing.code))
            raise Failed("seal_file_missing", permanent=True, digest=use.source) from missing
        with self._open() as store:
            provider, mark = self._seal_provider(), _mark(seal, store.seal_place(use.source))
        try:
            certificates = {mark.key: bytes.fromhex(seal.certificate)}
            made = provider.apply(content, [mark], certificates, use.code)
        except Failed as failed:
            if failed.permanent:
                self._end_use(replace(use, result="SIG_INVALID", reason=failed.code))
            raise
        verified = provider.verify(made)
        if verified.result != "OK" or verified.level != "B-LTA":
            return self._end_use(replace(use, result=verified.result, reason=verified.reason))
        kept = self.blobs.put(made)
        return self._end_use(replace(use, digest=kept, size=len(made), result="OK"))

    def _end_use(self, use: SealUse) -> SealUse:
        """What came of it, once: whoever was faster under the same key is believed."""

        def end() -> SealUse:
            with self._open() as store:
                known = store.seal_use(use.id)
                if known and known.result == "OK":
                    return known
                done = replace(use, ended_at=self.clock())
                older = store.use_of_document(use.org, use.document) if use.document else None
                if older and done.result == "OK":
                    store.save_use(replace(older, superseded_by=use.number))
                store.save_use(done)
                act = Act("seal_used", Actor(use.person, use.person), data=_open(done))
                self._record(store, f"seal:{use.seal}", act)
            return done

        return self._again(end)

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


def _open(use: SealUse) -> Data:
    """A line as the journal tells it."""
    return {name: value for name, value in asdict(use).items() if value not in ("", None)}


def _seal_of(store: Store, name: str, court: str) -> Seal:
    """By its id, by its number or by what it says, among those of the court; "": the court's one."""
    try:
        return store.seal(name)
    except NotFound:
        mine = store.seals_of(court)
    named = [one for one in mine if name == one.code or name.startswith(one.name)] or (
        mine if not name else []
    )
    live = [one for one in named if one.status == "active"] or named
    if not live:
        raise Failed("seal_unknown", permanent=True, name=name or court)
    return live[-1]


def _mark(seal: Seal, place: Data) -> Mark:
    """Where typesetting put the place of the seal, which names the date."""
    page, x, y = (place.get(name, known) for name, known in ELSEWHERE)
    return Mark(
        FIELD, seal.key, int(page), float(x), float(y), seal.name, seal.code, seal.demonstration
    )
