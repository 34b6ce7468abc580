"""Sealing the journal into the log: signed heads in the background, keys, and sending heads outside."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.access import may_administer
from engine.errors import Invalid, NotAllowed
from engine.model import SYSTEM, Actor
from engine.ports import Store
from engine.proofports import Leaf, LogKeys, Witness
from engine.proofs.auditing import FULL
from engine.proofs.notes import Head, checkpoint_note, key_note, public_of
from engine.proofs.receipts import KEYS, key_notes
from engine.proofs.tree import STORED, Tree
from engine.proofs.verifier import key_text, origin_of

from .desk import Act, Desk

WITNESSES = "seal:witness"
"""The stream that says where heads were sent."""


RECENT = 200
"""Sendings looked through: whoever was sent none of them counts as never sent one."""


@dataclass(frozen=True, slots=True)
class Sending:
    """The last head a witness was sent: how many leaves it covers, when, and how many sendings, to
    whomever, were journalled since and with it: they are no news."""

    size: int
    at: datetime | None
    since: int


def sendings(store: Store) -> Mapping[str, Sending]:
    """The last of each witness, by its name."""
    head, found = store.head(WITNESSES), dict[str, Sending]()
    recent = store.entries(WITNESSES, after=head.seq - RECENT) if head else ()
    for entry, payload in recent:
        if head and payload:
            since = head.seq - entry.seq + 1
            found[payload.data["witness"]] = Sending(int(payload.data["size"]), entry.at, since)
    return found


class SealVerbs(Desk):
    def seal(self, keys: LogKeys) -> int:
        """Take every committed entry into the log, under signed heads; how many there were.

        Nobody waits for it: entries get in line as they are written. The first time makes a key.
        Raises Failed (log_key_missing) where the key that signs is not at hand.
        """
        total = 0
        while sealed := self._again(lambda: self._seal(keys)):
            total += sealed
        return total

    def _seal(self, keys: LogKeys) -> int:
        with self._open() as store:
            waiting = store.unsealed(FULL)
            if not waiting:
                return 0
            notes = key_notes(store) or [self._first_key(store, keys)]
            self._add(store, waiting, notes[-1].split("\n")[2], keys)
        return len(waiting)

    def _add(self, store: Store, waiting: Sequence[Leaf], key: str, keys: LogKeys) -> None:
        old = store.log_size()
        size = old + len(waiting)
        store.add_leaves(old, waiting)
        for height in STORED:  # each reads what the one below has just written
            if nodes := Tree(store.log_hashes).grown(height, old, size):
                store.add_nodes(height, old >> height, nodes)
        head = Head(size, Tree(store.log_hashes).root(size), old, self.clock())
        note = checkpoint_note(key, head, lambda text: keys.sign(public_of(key), text))
        store.add_checkpoint(size, note)

    # Keys ----------------------------------------------------------------------------------

    def _first_key(self, store: Store, keys: LogKeys) -> str:
        """It signs itself, and the log is named by it."""
        public = keys.make()
        key = key_text(origin_of(public), public)
        signer = key, lambda text: keys.sign(public, text)
        note = key_note(key, 0, self.clock(), signer)
        self._record(store, KEYS, Act("key", SYSTEM, data={"note": note}))
        return note

    def rotate_key(self, actor: Actor, keys: LogKeys, reason: str) -> str:
        """Sign with a new key from now on, vouched for by the one before; the new key.

        Raises NotAllowed (may_not_administer), Invalid (say_why), Failed (log_key_missing).
        """
        if not may_administer(actor):
            raise NotAllowed("may_not_administer")
        if not reason.strip():
            raise Invalid("say_why")
        self.seal(keys)
        return self._again(lambda: self._rotate(actor, keys, reason.strip()))

    def _rotate(self, actor: Actor, keys: LogKeys, reason: str) -> str:
        with self._open() as store:
            store.hold_log()  # or the old key would sign a head above the new one's coming
            before = key_notes(store)[-1].split("\n")[2]
            key = key_text(before.split("+")[0], keys.make())
            signer = before, lambda text: keys.sign(public_of(before), text)
            note = key_note(key, store.last_checkpoint()[0], self.clock(), signer)
            self._record(store, KEYS, Act("key", actor, data={"note": note}, reason=reason))
        return key

    # Outside -------------------------------------------------------------------------------

    def send_checkpoint(self, witness: Witness, every: timedelta) -> bool:
        """Send the latest head to a witness, unless nothing is new or the last one is too young.

        What it answered is journalled. Raises Failed: it is sent again later.
        """
        with self._open() as store:
            size, note = store.last_checkpoint()
            last = sendings(store).get(witness.name, Sending(0, None, 0))
        if size <= last.size + last.since or (last.at and self.clock() < last.at + every):
            return False
        answer = witness.keep(size, note)
        told = {
            "witness": witness.name,
            "size": size,
            "note": note,
            "answer": b64encode(answer).decode(),
        }
        with self._open() as store:
            self._record(store, WITNESSES, Act("witness", SYSTEM, data=told))
        return True

    def note_taken(self, actor: Actor, dossier_id: str, case_id: str, health: str = "") -> None:
        """Chain on the dossier's stream that somebody took a case away with its proofs.

        ``health``: why health data went along; "" where it stayed behind.
        """
        with self._open() as store:
            store.dossier(dossier_id)
            data = {"case": case_id, "health": bool(health)}
            act = Act("take_away", actor, data=data, reason=health)
            self._record(store, f"dossier:{dossier_id}", act)
