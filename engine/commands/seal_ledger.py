"""The seal ledger: one line for each use of a seal or of a person's own signature."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from engine.errors import Failed, NotFound
from engine.model import SYSTEM, Actor, Data
from engine.model.sealed import Seal, SealUse
from engine.ports import Store
from engine.series import official
from engine.workdays import local_day

from .desk import Act
from .seals import SealLifeVerbs


@dataclass(frozen=True, slots=True)
class Wish:
    """What an effect asks: its key and parameters, the case it comes from, DT-15 of its release."""

    key: str
    params: Data
    case: str
    dossier: str
    decision: bytes


class SealLedgerVerbs(SealLifeVerbs):
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
            store.begin_use(use)
            act = Act("seal_asked", Actor(use.person, use.person), data=_open(use))
            self._record(store, f"seal:{use.seal}", act)
        return use

    def _line_of(self, store: Store, wish: Wish) -> SealUse:
        params, ruling = wish.params, wish.params.get("ruling") or {}
        seal = self._seal_wanted(store, params)
        now, year = self.clock(), local_day(self.clock()).year
        counter = store.next_number(f"seal-use/{seal.owner}/{year}", wish.key)
        source, place = str(params.get("digest") or ""), str(params.get("place") or "")
        return SealUse(
            id=wish.key,
            number=official("印簿", year, counter),
            seal=seal.id,
            serial=seal.serial,
            person=str(params.get("signer") or params.get("operator") or SYSTEM.person),
            case=wish.case,
            dossier=wish.dossier,
            org=str(ruling.get("court") or seal.owner),
            kind=str(params.get("kind") or "ruling"),
            title=str(params.get("title") or ""),
            document=str(ruling.get("number") or ""),
            case_no=str(ruling.get("case_no") or ""),
            source=source,
            code=self._seal_provider().code(wish.key if place else _begun(store, source, wish.key)),
            begun_at=now,
            place=place,
        )

    def _seal_wanted(self, store: Store, params: Data) -> Seal:
        """The court's seal that was named, or what the signer signs with."""
        court = str((params.get("ruling") or {}).get("court") or "")
        if not params.get("place"):
            return _seal_of(store, str(params.get("seal") or ""), court)
        held = store.signatures_of(str(params.get("signer") or ""))
        live = [one for one in held if one.status == "active"] or held
        if not live:
            raise Failed("signature_no_certificate", permanent=True)
        return live[-1]

    def _end_use(self, use: SealUse) -> SealUse:
        """What came of it, once: whoever was faster under the same key is believed."""

        def end() -> SealUse:
            with self._open() as store:
                known = store.seal_use(use.id)
                if known and known.result == "OK":
                    return known
                done = replace(use, ended_at=self.clock())
                seals = done.result == "OK" and use.document and not use.place
                older = store.use_of_document(use.org, use.document) if seals else None
                if older:
                    store.save_use(replace(older, superseded_by=use.number))
                store.end_use(done)
                act = Act("seal_used", Actor(use.person, use.person), data=_open(done))
                self._record(store, f"seal:{use.seal}", act)
            return done

        return self._again(end)


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


def _begun(store: Store, source: str, key: str) -> str:
    """What the code of a document to be sealed is made of: its first signature, whose file shows it."""
    first = ""
    while use := store.use_by_digest(source):
        first, source = use.id, use.source
    return sealing(first) if first else key


def sealing(first: str) -> str:
    return f"{first} sealed"
