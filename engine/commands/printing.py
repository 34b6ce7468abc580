"""Printing under control: verified before, numbered, logged; what was printed wrongly is void."""

from __future__ import annotations

from dataclasses import dataclass, replace

from uuid6 import uuid7

from engine.errors import Conflict, EngineError, Invalid, NotAllowed, NotFound
from engine.model import Actor, Data
from engine.model.printing import Copy
from engine.ports import Store

from .desk import Act, Desk
from .visiting import works_on

VERIFYING = "files.verify"
NOT_SEALED = "NOT_SEALED"
PRINTABLE = frozenset({"OK", NOT_SEALED, "CERT_EXPIRED", "CERT_REVOKED", "SEAL_EXPIRED"})
"""Expired or revoked since: it was verified when sealed, so it is printed and marked (rules 6.9)."""
UNKNOWN: Data = {"digest": None, "result": None}
MOST = 50
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Press:
    """Where and how many: printer and workstation as the people there call them."""

    printer: str
    workstation: str
    count: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A file before printing. ``seal``: NOT_SEALED or what a verification says; ``refusal``: why it is
    not printed, "" when it may be."""

    digest: str
    name: str
    seal: str
    refusal: str
    content: bytes = b""


class PrintVerbs(Desk):
    def check_print(self, store: Store, dossier_id: str, digest: str) -> Checked:
        """Read the file again and compare its digest, then its seal (S8-13). NotFound (no_attachment)."""
        name = dict(store.printable(dossier_id)).get(digest)
        if name is None:
            raise NotFound("no_attachment", name=digest[:12])
        try:
            content = self.blobs.get(digest)
        except EngineError as refused:
            return Checked(digest, name, "", refused.code)
        seal = self._seal_worth(content)
        refusal = "" if seal in PRINTABLE else "print_seal_wrong"
        return Checked(digest, name, seal, refusal, content if not refusal else b"")

    def verify_returned(self, effect_id: str, params: Data) -> Data:
        """``files.verify``: read a returned file again, compare its digest and its seal (S8-13).

        Params: {"digest"}. Gives {"digest", "result"} as rules 6.4 name results; both null where this
        system does not hold the file, or it bears no seal: then a person compares it.
        """
        with self._open() as store:
            found = store.effect(effect_id)
            if found is None:
                raise NotFound("no_effect")
            try:
                dossier = store.case(found[0]).dossier
                checked = self.check_print(store, dossier, str(params.get("digest") or ""))
            except NotFound:
                return dict(UNKNOWN)
        if checked.refusal and not checked.seal:
            return {"digest": "-", "result": "HASH_MISMATCH"}
        known = checked.seal != NOT_SEALED
        return {"digest": checked.digest, "result": checked.seal} if known else dict(UNKNOWN)

    def _seal_worth(self, content: bytes) -> str:
        if self.seals is None or b"/ByteRange" not in content:
            return NOT_SEALED
        return self.seals.verify(content).result

    def print_copies(self, actor: Actor, dossier_id: str, digest: str, press: Press) -> list[Copy]:
        """Number and log copies that are printed now.

        Raises Conflict (print_refused) when the check fails, which is journalled too; NotAllowed
        (may_not_print), Invalid (print_count, print_where).
        """
        if not 1 <= press.count <= MOST:
            raise Invalid("print_count", most=MOST)
        places = (press.printer.strip(), press.workstation.strip())
        if not all(place and len(place) <= LONGEST and place.isprintable() for place in places):
            raise Invalid("print_where", longest=LONGEST)
        press = Press(*places, press.count)
        with self._open() as store:
            if not works_on(store, actor, dossier_id):
                raise NotAllowed("may_not_print")
            checked = self.check_print(store, dossier_id, digest)
        if checked.refusal:
            data = {"digest": digest, "seal": checked.seal, "code": checked.refusal}
            self._again(
                lambda: self._note_print(dossier_id, Act("print_refused", actor, data=data))
            )
            raise Conflict("print_refused", digest=digest, seal=checked.seal or "-")
        return self._again(lambda: self._log_copies(actor, dossier_id, checked, press))

    def _log_copies(
        self, actor: Actor, dossier_id: str, checked: Checked, press: Press
    ) -> list[Copy]:
        with self._open() as store:
            made = [
                self._copy(store, actor, dossier_id, checked, press) for _ in range(press.count)
            ]
            data = {
                "digest": checked.digest,
                "seal": checked.seal,
                "numbers": [copy.number for copy in made],
                "printer": press.printer,
                "workstation": press.workstation,
            }
            self._record(store, f"dossier:{dossier_id}", Act("print", actor, data=data))
        return made

    def _copy(
        self, store: Store, actor: Actor, dossier_id: str, checked: Checked, press: Press
    ) -> Copy:
        copy_id = str(uuid7())
        number = store.next_number(f"copy/{dossier_id}/{checked.digest}", copy_id)
        copy = Copy(
            id=copy_id,
            dossier=dossier_id,
            digest=checked.digest,
            name=checked.name,
            number=number,
            code=f"{checked.digest[:8].upper()}-{number:03d}",
            seal=checked.seal,
            printer=press.printer,
            workstation=press.workstation,
            printed_by=actor.person,
            printed_at=self.clock(),
        )
        store.add_copy(copy)
        return copy

    def void_copy(self, actor: Actor, dossier_id: str, copy_id: str, reason: str) -> None:
        """What was printed wrongly is void, with a reason; its number is never given again.

        NotFound (no_copy), Conflict (copy_void), NotAllowed (may_not_print), Invalid (say_why).
        """
        if not reason.strip():
            raise Invalid("say_why")
        with self._open() as store:
            copy = store.copy(copy_id)
            if copy is None or copy.dossier != dossier_id:
                raise NotFound("no_copy")
            if not works_on(store, actor, dossier_id):
                raise NotAllowed("may_not_print")
            if copy.voided_at:
                raise Conflict("copy_void")
            void = replace(copy, voided_by=actor.person, voided_at=self.clock())
            store.void_copy(replace(void, void_reason=reason.strip()))
            data = {"digest": copy.digest, "number": copy.number}
            act = Act("void_copy", actor, data=data, reason=reason.strip())
            self._record(store, f"dossier:{dossier_id}", act)

    def _note_print(self, dossier_id: str, act: Act) -> None:
        with self._open() as store:
            self._record(store, f"dossier:{dossier_id}", act)
