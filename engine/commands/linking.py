"""Linked offices: the register, what goes to them and what comes from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from urllib.parse import urlsplit

from engine.access import may_administer
from engine.errors import Conflict, Failed, Invalid, NotAllowed, NotFound
from engine.exchange.keys import read_public
from engine.exchange.letters import digest_of
from engine.model import SYSTEM, Actor, Data, Message
from engine.model.linked import OFFICE, Agency, Exchanged, Letter
from engine.ports import Store

from .desk import Act, Desk
from .visiting import works_on

CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")
NAME = re.compile(r"\w{1,100}")
LONGEST_NAME = 60


class LinkVerbs(Desk):
    def link_agency(self, actor: Actor, agency: Agency, reason: str) -> Agency:
        """A linked office, new or changed: who it is, its keys, what may come and go, from and until."""
        _administrator(actor)
        if not reason.strip():
            raise Invalid("say_why")
        _check(agency)
        with self._open() as store:
            for org in filter(None, (agency.home, agency.org)):
                store.organisation(org)
            store.save_agency(agency)
            act = Act("link", actor, data=_plain(agency), reason=reason.strip())
            self._record(store, f"agency:{agency.code}", act)
        return agency

    # Going out -----------------------------------------------------------------------------

    def addressees(self, store: Store, message_id: str, message: Message) -> Sequence[Agency]:
        """The linked offices that are meant by a message which nobody here waits for.

        Of those that take it: the one whose organisation or code the payload names, else those
        that share its dossier, else all. One is sent to; for several a person must decide.
        """
        if message.kind != "message" or message_id.startswith(OFFICE):
            return ()
        now = self.clock()
        taking = [a for a in store.agencies() if message.name in a.takes and a.is_valid(now)]
        if len(taking) < 2:
            return taking
        said = {value for value in message.payload.values() if isinstance(value, str)}
        sharing = store.offices_sharing(store.origin(message_id)[0])
        named = [agency for agency in taking if said & {agency.org, agency.code}]
        return named or [agency for agency in taking if agency.code in sharing] or taking

    def send_away(self, store: Store, message_id: str, message: Message, agency: Agency) -> None:
        """Enter a letter in the books, in the transaction that found nobody here; the worker posts it."""
        letter_id, dossier = f"{agency.code}:{message_id}", store.origin(message_id)[0]
        if store.letter(letter_id):
            return
        office, number = store.share_dossier(agency.code, dossier) if dossier else ("", "")
        now = self.clock()
        letter = Exchanged(
            letter_id, "out", agency.code, message_id, message.name, "waiting", now, office, number
        )
        store.add_letter(letter, now if agency.address else None, {})

    def route(self, actor: Actor, message_id: str, code: str, reason: str) -> None:
        """A clerk says to which of several offices a hand-over item goes, and why.

        Invalid (say_why), NotAllowed (office_not_meant), Conflict (hand_over_closed).
        """
        if not reason.strip():
            raise Invalid("say_why")
        with self._open() as store:
            message = store.message(message_id)
            meant = {one.code: one for one in self.addressees(store, message_id, message)}
            if code not in meant:
                raise NotAllowed("office_not_meant")
            told = f"{meant[code].name}：{reason.strip()}"
            store.close_hand_over(message_id, actor.person, told)
            self.send_away(store, message_id, message, meant[code])
            data = {"message": message_id, "agency": code}
            dossier, _ = store.origin(message_id)
            stream = f"dossier:{dossier}" if dossier else f"agency:{code}"
            self._record(store, stream, Act("hand_over", actor, data=data, reason=reason.strip()))

    def post(self, letter_id: str) -> bool:
        """Send a waiting letter; False when there was nothing to send.

        At least once: the receiver knows a letter by its id and takes it in once. Raises Failed for
        the worker to try again; a permanent failure is kept on the letter for a person to see.
        """
        with self._open() as store:
            found = store.letter(letter_id)
            if found is None or found.state != "waiting":
                return False
            agency, letter = store.agency(found.agency), written(store, found)
        try:
            receipt = self._post(agency, letter_id, letter)
        except Failed as failed:
            if not failed.permanent:
                raise
            why = {"code": failed.code, "reason": str(failed.params.get("reason", ""))}
            self._settled(replace(found, state="failed"), Act("send_failed", data=why), why)
            return True
        sent = replace(found, state="sent", way="rest", digest=receipt["digest"])
        self._settled(sent, Act("sent", data=receipt), {})
        return True

    def _post(self, agency: Agency, letter_id: str, letter: Letter) -> Data:
        if not agency.is_valid(self.clock()):
            raise Failed("link_not_valid", permanent=True, reason=agency.name)
        send = self._handlers.get("messages.post")
        if send is None:
            raise Failed("unknown_operation", permanent=True, operation="messages.post")
        params = {"address": agency.address, "keys": agency.keys, "letter": letter}
        return dict(send(letter_id, params))

    def _settled(self, letter: Exchanged, act: Act, failure: Data) -> None:
        def settle() -> None:
            with self._open() as store:
                store.settle_letter(letter, failure)
                data = act.data | {"message": letter.message, "name": letter.name}
                self._record(store, f"agency:{letter.agency}", replace(act, data=data))

        self._again(settle)

    def resend(self, actor: Actor, letter_id: str) -> None:
        """Try a failed letter again: who works on its dossier may too. Conflict (letter_not_failed)."""
        with self._open() as store:
            letter = store.letter(letter_id)
            if letter is None:
                raise NotFound("no_letter", name=letter_id)
            if not (about := store.origin(letter.message)[0]) or not works_on(store, actor, about):
                _administrator(actor)
            if letter.state != "failed":
                raise Conflict("letter_not_failed")
            store.resend_letter(letter_id)
            act = Act("resend", actor, data={"message": letter.message, "name": letter.name})
            self._record(store, f"agency:{letter.agency}", act)

    def letters_to(self, actor: Actor, code: str, again: bool = False) -> Sequence[Letter]:
        """What a file for an office holds: all that waits, ``again`` what went by file before too."""
        _administrator(actor)
        with self._open() as store:
            store.agency(code)
            waiting = [*store.letters(code, "waiting"), *store.letters(code, "failed")]
            before = store.letters(code, "sent") if again else ()
            chosen = [*waiting, *(one for one in before if one.way == "file")]
            return [written(store, one) for one in sorted(chosen, key=lambda one: (one.at, one.id))]

    def note_packed(self, actor: Actor, code: str, letters: Sequence[Letter], digest: str) -> None:
        """The file is written (``digest``: its SHA-256): its letters are sent.

        Called after writing, so that a crash in between only makes them go twice.
        """
        _administrator(actor)
        with self._open() as store:
            for letter in letters:
                found = store.letter(f"{code}:{letter.id}")
                if found:
                    sent = replace(found, state="sent", way="file", digest=digest_of(letter))
                    store.settle_letter(sent, {})
            data = {"file": digest, "messages": [letter.id for letter in letters]}
            self._record(store, f"agency:{code}", Act("packed", actor, data=data))

    # Coming in -----------------------------------------------------------------------------

    def keys_of(self, code: str) -> tuple[str, ...]:
        """The keys of an office linked now; none for a stranger, whose signature is then wrong."""
        with self._open() as store:
            linked = [a for a in store.agencies() if a.code == code and a.is_valid(self.clock())]
        return linked[0].keys if linked else ()

    def take(self, letter: Letter, way: str, carrier: Actor = SYSTEM) -> bool:
        """Take in a letter whose signature holds; False if it came before.

        ``carrier``: who brought the file, or the network address. Raises NotAllowed: link_not_valid,
        message_not_agreed; Conflict (letter_differs): this id came before with other content.
        """
        return self._again(lambda: self._take(letter, way, carrier))

    def _take(self, letter: Letter, way: str, carrier: Actor) -> bool:
        code, digest, letter_id = letter.sender, digest_of(letter), taken_id(letter)
        with self._open() as store:
            agency = next((a for a in store.agencies() if a.code == code), None)
            if agency is None or not agency.is_valid(self.clock()):
                raise NotAllowed("link_not_valid")
            if letter.name not in agency.gives:
                raise NotAllowed("message_not_agreed", name=letter.name)
            before = store.letter(letter_id)
            if before:
                if before.digest != digest:
                    raise Conflict("letter_differs", id=letter.id)
                return False
            dossier = self._dossier_of(store, letter)
            store.add_message(letter_id, _message(letter), dossier)
            kept = Exchanged(
                letter_id, "in", code, letter_id, letter.name, "taken", self.clock(),
                *letter.dossier, digest, way,
            )  # fmt: skip
            store.add_letter(kept, None, {})
            data = {"message": letter_id, "name": letter.name, "key": letter.key, "digest": digest}
            data |= {"way": way, "by": carrier.person, "dossier": dossier}
            act = Act("taken", replace(office_actor(agency), address=carrier.address), data=data)
            self._record(store, f"agency:{code}", act)
        return True

    @staticmethod
    def _dossier_of(store: Store, letter: Letter) -> str:
        """The dossier shared under its number, else that of the case which waits for it by key."""
        code, number = letter.sender, letter.dossier
        shared = store.shared_dossier(code, number) if number[1] else ""
        if shared:
            return shared
        dossier = store.dossier_awaiting(letter.name, letter.key)
        if dossier and number[0] and number[1]:
            store.share_dossier(code, dossier, number)
        return dossier


def written(store: Store, kept: Exchanged) -> Letter:
    """An outgoing letter as it travels; we ourselves are called "" in it."""
    message = store.message(kept.message)
    number = (kept.dossier_office, kept.dossier_number)
    return Letter(
        kept.message, message.name, message.key, message.payload, "", kept.agency, kept.at, number
    )  # fmt: skip


def taken_id(letter: Letter) -> str:
    """Under which a letter is kept here: an office cannot take the id of another's."""
    return f"{OFFICE}{letter.sender}:{letter.id}"


def sender_of(store: Store, message_id: str) -> Agency | None:
    """The office that a message came from; None for one of our own cases."""
    if not message_id.startswith(OFFICE):
        return None
    return store.agency(message_id.removeprefix(OFFICE).partition(":")[0])


def office_actor(agency: Agency | None) -> Actor:
    """The actor of a journal entry that an office caused; the system for None."""
    return Actor(f"{OFFICE}{agency.code}", agency.name) if agency else SYSTEM


def working_here(store: Store, org: str, otherwise: str) -> str:
    """The organisation, if it is one of ours; an office may name those that only it has."""
    try:
        return store.organisation(org).id
    except NotFound:
        return otherwise


def _message(letter: Letter) -> Message:
    return Message("message", letter.name, letter.key, letter.payload)


def _administrator(actor: Actor) -> None:
    if not may_administer(actor):
        raise NotAllowed("may_not_administer")


def _plain(agency: Agency) -> Data:
    lists = {name: list(getattr(agency, name)) for name in ("keys", "gives", "takes")}
    return asdict(agency) | lists


def _check(agency: Agency) -> None:
    """Raises Invalid: office_code_shape, name_shape, office_address_shape, public_key_shape, ..."""
    if not CODE.fullmatch(agency.code):
        raise Invalid("office_code_shape")
    if not 0 < len(agency.name) <= LONGEST_NAME or not agency.name.isprintable():
        raise Invalid("name_shape", longest=LONGEST_NAME)
    if agency.address and not _is_address(agency.address):
        raise Invalid("office_address_shape")
    if not agency.keys:
        raise Invalid("public_key_shape")
    list(map(read_public, agency.keys))
    wrong = [name for name in (*agency.gives, *agency.takes) if not NAME.fullmatch(name)]
    if wrong:
        raise Invalid("message_name_shape", name=wrong[0][:60])
    if agency.valid_until and agency.valid_until <= agency.valid_from:
        raise Invalid("ends_before_start")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    return is_web and not parts.query and not parts.fragment and text.isprintable()
