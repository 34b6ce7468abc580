"""Who looked at a dossier, and who dealt with what no procedure could receive."""

from __future__ import annotations

from collections.abc import Mapping

from engine.access import ADMIN, OVERSIGHT
from engine.errors import Invalid
from engine.model import Actor, Grant

from .desk import Act, Desk
from .linking import sender_of


class ReadingVerbs(Desk):
    def note_reading(self, actor: Actor, dossier_id: str, ground: str = "") -> None:
        """Chain on the dossier's stream that somebody read it; who calls decides how often.

        ``ground``: why they may: ``work`` there, or ``oversight``, then under the role for it.
        """
        act = Act("read", actor, _overseeing(actor, ground), data={"ground": ground})
        with self._open() as store:
            store.dossier(dossier_id)
            self._record(store, f"dossier:{dossier_id}", act)

    def note_search(self, actor: Actor, sought: Mapping[str, str]) -> None:
        """Chain on the searcher's own stream what of all journals they asked for or took along."""
        with self._open() as store:
            act = Act("search", actor, data={"sought": dict(sought)})
            self._record(store, f"person:{actor.person}", act)

    def note_reveal(self, actor: Actor, dossier_id: str, party_id: str) -> None:
        """Chain that somebody had a party's full identity number shown."""
        with self._open() as store:
            store.dossier(dossier_id)
            act = Act("reveal", actor, data={"party": party_id})
            self._record(store, f"dossier:{dossier_id}", act)

    def note_health(self, actor: Actor, dossier_id: str, case_id: str, element: str = "") -> None:
        """Chain that somebody had health data shown: each opening, on a task's form or the case page."""
        with self._open() as store:
            store.dossier(dossier_id)
            act = Act("health_read", actor, data={"case": case_id, "element": element})
            self._record(store, f"dossier:{dossier_id}", act)

    def close_hand_over(self, actor: Actor, message_id: str, dossier_id: str, reason: str) -> None:
        """A clerk dealt with a hand-over item outside and says how (conventions 4)."""
        if not reason.strip():
            raise Invalid("say_why")
        with self._open() as store:
            store.close_hand_over(message_id, actor.person, reason.strip())
            act = Act("hand_over", actor, data={"message": message_id}, reason=reason.strip())
            office = sender_of(store, message_id)
            stream = (
                f"agency:{office.code}" if office and not dossier_id else f"dossier:{dossier_id}"
            )
            self._record(store, stream, act)


def _overseeing(actor: Actor, ground: str) -> Grant | None:
    held = (grant for grant in actor.grants if grant.role in OVERSIGHT | {ADMIN})
    return next(held, None) if ground == "oversight" else None
