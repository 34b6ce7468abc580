"""Messages between cases, from people and from other offices."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial

from engine.access import grant_for
from engine.diagram import Node, read_diagram
from engine.errors import Conflict, Failed, NotAllowed
from engine.feel import parse
from engine.model import Actor, Case, Data, Grant, Message, Place, Release, Subscription
from engine.ports import Store
from engine.spiff import read_state

from .cases import CaseVerbs, opening
from .desk import Act


class MessageVerbs(CaseVerbs):
    def deliver(self, message_id: str) -> int:
        """Give a thrown message to every case that waits for it; to how many.

        Nobody waiting: it stays buffered until somebody does or it becomes a hand-over item
        (conventions 4). Consumed in the receiver's transaction, so a duplicate does nothing.
        """
        return self._again(lambda: self._deliver(message_id))

    def _deliver(self, message_id: str) -> int:
        with self._open() as store:
            message = store.message(message_id)
            receivers = store.receivers(message_id)
            if not receivers:
                if self._open_cases(store, message_id, message):
                    return 1
                store.hand_over(message_id, self.clock())
        return sum(
            self._again(partial(self._upon, case_id, partial(self._give, message_id, message)))
            for case_id in receivers
        )

    def _give(self, message_id: str, message: Message, store: Store, case: Case) -> int:
        if not store.consume_message(message_id, case.id):
            return 0
        data = {
            "name": message.name,
            "key": message.key,
            "payload": message.payload,
            "id": message_id,
        }
        self._move(store, case, Act(message.kind, data=data))
        return 1

    def _open_cases(self, store: Store, message_id: str, message: Message) -> bool:
        """Begin every procedure whose message start event waits for this, in the same dossier."""
        dossier, org = store.origin(message_id)
        starts = self._starts(store, message.name) if dossier else []
        opened = [self._open_case(store, dossier, org, message, *start) for start in starts]
        return bool(opened) and store.consume_message(message_id, opened[0].id)

    def _open_case(  # noqa: PLR0913 - all that a case begins with
        self, store: Store, dossier: str, org: str, message: Message, release: Release, node: Node
    ) -> Case:
        """The start event's ``ld:org`` (FEEL over the payload), else the sender's or the dossier's."""
        payload, home = message.payload, store.dossier(dossier)
        org = org or home.org
        if node.org:
            org = str(parse(node.org).evaluate({**payload, "sender": org}) or org)
        grant = Grant(node.role.split()[0] if node.role else "", org)
        facts = store.current_facts()
        self._facts[facts.digest] = facts
        case = self._new_case(home, release, facts, org)
        values = opening(case, grant, store.parties(dossier))
        data = {"values": values, "element": node.id, "payload": payload}
        _, outcome = self._move(store, case, Act("start", grant=grant, data=data))
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
