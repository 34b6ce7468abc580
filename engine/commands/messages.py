"""Messages between cases, from people and from other offices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from engine.access import grant_for
from engine.diagram import Node, read_diagram
from engine.errors import Conflict, Failed, NotAllowed
from engine.feel import parse
from engine.model import (
    Actor,
    Case,
    Data,
    Dossier,
    Grant,
    Message,
    Place,
    Release,
    Subscription,
)
from engine.model.linked import Agency
from engine.ports import Store
from engine.spiff import read_state

from .cases import CaseVerbs, opening
from .desk import Act
from .linking import LinkVerbs, office_actor, sender_of, working_here

HEARING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


@dataclass(frozen=True, slots=True)
class Cause:
    """A message that begins a case: in which dossier, in whose name, told by whom."""

    message: Message
    dossier: Dossier
    org: str
    sender: Agency | None


class MessageVerbs(LinkVerbs, CaseVerbs):
    def deliver(self, message_id: str) -> int:
        """Give a thrown message to every case that waits for it; to how many.

        Nobody waiting: it goes to the linked office that takes it, else begins what it begins, else
        it stays buffered until somebody waits or a clerk deals with it as a hand-over item
        (conventions 4). Consumed in the receiver's transaction, so a duplicate does nothing.
        """
        return self._again(lambda: self._deliver(message_id))

    def _deliver(self, message_id: str) -> int:
        with self._open() as store:
            message = store.message(message_id)
            receivers = store.receivers(message_id)
            if not receivers:
                return self._elsewhere(store, message_id, message)
        return sum(
            self._again(partial(self._upon, case_id, partial(self._give, message_id, message)))
            for case_id in receivers
        )

    def _elsewhere(self, store: Store, message_id: str, message: Message) -> int:
        """Nobody here waits for it: how many cases it began."""
        meant = self.addressees(store, message_id, message)
        if len(meant) == 1:
            self.send_away(store, message_id, message, meant[0])
            return 0
        if not meant and self._open_cases(store, message_id, message):
            return 1
        store.hand_over(message_id, self.clock())
        if sender_of(store, message_id):
            store.explain_letter(message_id, self._why_nobody(store, message_id, message.name))
        return 0

    def _why_nobody(self, store: Store, message_id: str, name: str) -> Data:
        """Why an office's message reached no case: too late, unknown, or ({}) perhaps early."""
        dossier, _ = store.origin(message_id)
        cases = [store.case(one) for one in store.cases_in(dossier)] if dossier else []
        hearing = [one for one in cases if name in self._heard(store, one.release)]
        if hearing and all(one.status in ("ended", "cancelled") for one in hearing):
            return {"code": "letter_late", "name": name}
        known = any(name in self._heard(store, digest) for digest in store.current_digests())
        return {} if hearing or known else {"code": "letter_unknown", "name": name}

    def _heard(self, store: Store, digest: str) -> frozenset[str]:
        return messages_heard(digest, self.release_of(store, digest).files["process.bpmn"])

    def _give(self, message_id: str, message: Message, store: Store, case: Case) -> int:
        if not store.consume_message(message_id, case.id):
            return 0
        data = {
            "name": message.name,
            "key": message.key,
            "payload": message.payload,
            "id": message_id,
        }
        self._move(
            store, case, Act(message.kind, office_actor(sender_of(store, message_id)), data=data)
        )
        return 1

    def _open_cases(self, store: Store, message_id: str, message: Message) -> bool:
        """Begin every procedure whose message start event waits for this (``home_for``: where)."""
        starts, sender = self._starts(store, message.name), sender_of(store, message_id)
        dossier, org = store.origin(message_id)
        if not starts or not (dossier or sender):
            return False
        if sender and not dossier:
            dossier = self._dossier_from(store, message_id, sender, starts[0][0])
        cause = Cause(
            message, store.dossier(dossier), org or (sender.home if sender else ""), sender
        )
        opened = [self._open_case(store, cause, *start) for start in starts]
        return store.consume_message(message_id, opened[0].id)

    def _dossier_from(self, store: Store, message_id: str, sender: Agency, release: Release) -> str:
        """A dossier of our own for what an office sent, known to both by the office's number."""
        letter = store.letter(message_id)
        values = {"/dispute/title": sender.name}
        number = (letter.dossier_office, letter.dossier_number) if letter else ("", "")
        if number[1]:
            values["/dispute/title"] += f" {number[1]}"
        of = (release.procedure, sender.home)
        dossier, _ = self._open_dossier(store, office_actor(sender), of, values)
        if number[0] and number[1]:
            store.share_dossier(sender.code, dossier.id, number)
        store.place_message(message_id, dossier.id)
        return dossier.id

    def _open_case(self, store: Store, cause: Cause, release: Release, node: Node) -> Case:
        """The start event's ``ld:org`` (FEEL over the payload), else the sender's or the dossier's.

        What an office calls its organisations need not be known here: then its ``home`` works on it.
        """
        payload, sender = cause.message.payload, cause.sender
        org = cause.org or cause.dossier.org
        if node.org:
            named = str(parse(node.org).evaluate({**payload, "sender": org}) or org)
            org = working_here(store, named, org) if sender else named
        grant = Grant(node.role.split()[0] if node.role else "", org)
        facts = store.current_facts()
        self._facts[facts.digest] = facts
        home = self.home_for(store, release, cause.dossier, org)
        case = self._new_case(home, release, facts, org)
        values = opening(case, grant, store.parties(home.id))
        data = {"values": values, "element": node.id, "payload": payload}
        _, outcome = self._move(store, case, Act("start", office_actor(sender), grant, data=data))
        if outcome.incident:
            raise Failed("cannot_start", reason=outcome.incident.code)
        return case

    def _starts(self, store: Store, name: str) -> list[tuple[Release, Node]]:
        """The current releases that a message begins, each with its start event."""
        found = []
        for digest in store.current_digests():
            release = self.release_of(store, digest)
            node = message_starts(digest, release.files["process.bpmn"]).get(name)
            if node:
                found.append((release, node))
        return found

    def tell(self, actor: Actor, case_id: str, name: str, payload: Data, reason: str) -> Case:
        """A person tells a case that something happened (a withdrawal, a risk): its message comes in.

        The actor must be one who works on this case; the message must be one the case waits for.
        """
        return self._again(lambda: self._tell(actor, case_id, name, payload, reason))

    def _tell(self, actor: Actor, case_id: str, name: str, payload: Data, reason: str) -> Case:
        def hear(store: Store, case: Case) -> Case:
            waiting = self._waiting(store, actor, case, name)
            data = {"name": name, "key": waiting.key, "payload": payload, "id": ""}
            place = Place(waiting.place.element)
            act = Act("message", actor, place=place, data=data, reason=reason)
            return self._move(store, case, act)[0]

        return self._upon(case_id, hear)

    @staticmethod
    def _waiting(store: Store, actor: Actor, case: Case, name: str) -> Subscription:
        state = read_state(case.state)
        if not any(grant_for(actor, task) for task in state.tasks):
            raise NotAllowed("not_on_case")
        for subscription in state.subscriptions:
            if subscription.name == name:
                return subscription
        raise Conflict("not_waiting_for", name=name)


@lru_cache(maxsize=256)
def message_starts(digest: str, xml: bytes) -> Mapping[str, Node]:
    """Start events of a diagram that wait for a message, by message name; read once per release."""
    diagram = read_diagram(xml)
    return {
        diagram.messages[event.ref].name: node
        for node in diagram.nodes.values()
        for event in node.events
        if node.type == "startEvent" and not node.scope and event.kind == "message"
    }


@lru_cache(maxsize=256)
def messages_heard(digest: str, xml: bytes) -> frozenset[str]:
    """Names of the messages that a diagram waits for anywhere; read once per release."""
    diagram = read_diagram(xml)
    waiting = [node for node in diagram.nodes.values() if node.type in HEARING]
    refs = {event.ref for node in waiting for event in node.events if event.kind == "message"}
    refs |= {node.message for node in waiting if node.message}
    return frozenset(diagram.messages[ref].name for ref in refs if ref in diagram.messages)
