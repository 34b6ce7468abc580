"""Messages between cases, from people and from other offices."""

from __future__ import annotations

from functools import partial

from engine.access import grant_for
from engine.errors import Conflict, NotAllowed
from engine.model import Actor, Case, Data, Message, Place, Subscription
from engine.ports import Store
from engine.spiff import read_state

from .cases import CaseVerbs
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
                store.hand_over(message_id, self.clock())
        given = 0
        for case_id in receivers:
            given += self._again(partial(self._give, message_id, message, case_id))
        return given

    def _give(self, message_id: str, message: Message, case_id: str) -> int:
        with self._open() as store:
            case = store.case(case_id)
            if not store.consume_message(message_id, case_id):
                return 0
            data = {
                "name": message.name,
                "key": message.key,
                "payload": message.payload,
                "id": message_id,
            }
            self._move(store, case, Act(message.kind, data=data))
        return 1

    def tell(self, actor: Actor, case_id: str, name: str, payload: Data, reason: str) -> Case:
        """A person tells a case that something happened (a withdrawal, a risk): its message comes in.

        The actor must be one who works on this case; the message must be one the case waits for.
        """
        return self._again(lambda: self._tell(actor, case_id, name, payload, reason))

    def _tell(self, actor: Actor, case_id: str, name: str, payload: Data, reason: str) -> Case:
        while True:
            with self._open() as store:
                case = store.case(case_id)
                if self._fire_due(store, case, self.clock()):
                    continue
                waiting = self._waiting(store, actor, case, name)
                data = {"name": name, "key": waiting.key, "payload": payload, "id": ""}
                act = Act(
                    "message", actor, place=Place(waiting.place.element), data=data, reason=reason
                )
                moved, _ = self._move(store, case, act)
                return moved

    @staticmethod
    def _waiting(store: Store, actor: Actor, case: Case, name: str) -> Subscription:
        state = read_state(case.state)
        if not any(grant_for(actor, task) for task in state.tasks):
            raise NotAllowed("not_on_case")
        for subscription in state.subscriptions:
            if subscription.name == name:
                return subscription
        raise Conflict("not_waiting_for", name=name)
