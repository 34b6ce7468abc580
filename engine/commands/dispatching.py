"""Word of a document to a party: queued with its consent, sent at least once, told what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from uuid6 import uuid7

from engine.errors import Conflict, Failed, Invalid, NotAllowed, NotFound
from engine.model import Actor, Data
from engine.model.dispatch import Channel, Dispatch, DispatchState
from engine.ports import Store
from engine.texts import text
from engine.values import read_json
from engine.workdays import CHINA, local_day

from .desk import Act
from .visiting import Asked, Invitee, VisitingVerbs, works_on

ADDRESS = re.compile(r"[^\s@<>,;:\"()]{1,64}@[A-Za-z0-9.-]{1,190}", re.A)
PHONE_OR_ID = re.compile(r"[\w.+@:-]{3,200}", re.A)
PLATFORM = Actor("platform", "platform")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be sent: to which party, by which channel, where to, about which document."""

    party: str
    channel: Channel
    address: str
    document: str


class DispatchVerbs(VisitingVerbs):
    def has_channel(self, channel: Channel) -> bool:
        """Whether this installation sends that way."""
        return f"delivery.{channel}" in self._handlers

    def notify(
        self, actor: Actor, dossier_id: str, wanted: Wanted, link: Callable[[str], str]
    ) -> Dispatch:
        """Queue a notice with a link and code of its own; ``link`` makes the address of a secret.

        Electronic service needs consent (S1-90): NotAllowed (e_service_not_agreed) without one on
        record; Invalid: channel_missing, dispatch_address; NotAllowed (may_not_invite).
        """
        if not self.has_channel(wanted.channel):
            raise Invalid("channel_missing")
        shape = ADDRESS if wanted.channel == "email" else PHONE_OR_ID
        if not shape.fullmatch(wanted.address):
            raise Invalid("dispatch_address")
        with self._open() as store:
            self._check_works_on(store, actor, dossier_id)
            consent = self.e_consent(store, dossier_id, wanted.party)
        if not consent:
            raise NotAllowed("e_service_not_agreed")
        asked = self.invite(actor, dossier_id, Invitee(wanted.party))
        return self._again(lambda: self._queue(actor, (wanted, consent), asked, link(asked.secret)))

    def e_consent(self, store: Store, dossier_id: str, party: str) -> str:
        """The entry of the party's consent to e-service that holds today; "" without one."""
        today = local_day(self.clock())
        agreed = {"/party": party, "/what": "E_SERVICE", "/answer": "YES"}
        held = store.records_on("consents", today, dossier_id)
        return next((one.entry for one in held if agreed.items() <= one.values.items()), "")

    def _queue(self, actor: Actor, about: tuple[Wanted, str], asked: Asked, link: str) -> Dispatch:
        wanted, consent = about
        dispatch = Dispatch(
            id=str(uuid7()),
            dossier=asked.invitation.dossier,
            party=wanted.party,
            channel=wanted.channel,
            address=wanted.address,
            document=wanted.document,
            consent=consent,
            invitation=asked.invitation.id,
            state="waiting",
            made_by=actor.person,
            made_at=self.clock(),
            secret={"link": link, "code": asked.code},
        )
        with self._open() as store:
            store.queue_dispatch(dispatch)
            data = {"document": wanted.document, "address": wanted.address, "consent": consent}
            self._tell_of(store, dispatch, Act("notify", actor, data=data))
        return dispatch

    # The worker's --------------------------------------------------------------------------

    def dispatch(self, dispatch_id: str) -> bool:
        """Send a waiting notice; False when there was nothing to send.

        At least once: the other side knows it by its id. Raises Failed for the worker to try again;
        a permanent failure stays on the notice for a person to see.
        """
        with self._open() as store:
            found = store.dispatch(dispatch_id)
            if found is None or found.state != "waiting":
                return False
            until = store.invitation(found.invitation).expires_at
        try:
            told = self._send(found, until)
        except Failed as failed:
            if not failed.permanent:
                raise
            why = {"code": failed.code, "reason": str(failed.params.get("reason", ""))}
            gone = replace(found, state="failed", secret={}, failure=why)
            self._settle_notice(gone, Act("notify_failed", data=why))
            return True
        sent = replace(found, state="sent", secret={}, failure={}, sent_at=self.clock(), **told)
        self._settle_notice(sent, Act("notify_sent", data=told))
        return True

    def _send(self, dispatch: Dispatch, until: datetime) -> Data:
        send = self._handlers.get(f"delivery.{dispatch.channel}")
        if send is None:
            raise Failed("channel_missing", permanent=True)
        params = dispatch.secret | {"until": until.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")}
        words = [text("notice_text", lang, params) for lang in ("zh", "en")]
        subject = " / ".join(text("notice_subject", lang, {}) for lang in ("zh", "en"))
        notice = {"address": dispatch.address, "subject": subject, "text": "\n\n".join(words)}
        return {"reference": str(send(dispatch.id, notice)["reference"])}

    def _settle_notice(self, dispatch: Dispatch, act: Act) -> None:
        def settle() -> None:
            with self._open() as store:
                now = store.dispatch(dispatch.id)
                if now and now.state == "waiting":  # else the platform was faster to tell
                    store.settle_dispatch(dispatch)
                    self._tell_of(store, dispatch, act)

        self._again(settle)

    @staticmethod
    def read_report(body: bytes) -> tuple[bool, Data]:
        """(arrived, {"at", "reference", "reason"}) of a platform's report; Invalid (report_shape)."""
        try:
            told = read_json(body)
            arrived = {"delivered": True, "failed": False}[told["state"]]
            words = {name: str(told.get(name, ""))[:300] for name in ("at", "reference", "reason")}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Invalid("report_shape") from error
        return arrived, words

    # What becomes of it ----------------------------------------------------------------------

    def note_arrival(self, dispatch_id: str, arrived: bool, told: Data) -> bool:
        """The platform says that a notice arrived, or did not; False when it said so before.

        ``told``: {"at", "reference", "reason"} as the platform words them. Raises NotFound (no_dispatch).
        """
        return self._again(lambda: self._note_arrival(dispatch_id, arrived, told))

    def _note_arrival(self, dispatch_id: str, arrived: bool, told: Data) -> bool:
        with self._open() as store:
            found = store.dispatch(dispatch_id)
            if found is None or found.channel != "platform":
                raise NotFound("no_dispatch")
            state: DispatchState = "delivered" if arrived else "failed"
            if found.state in (state, "delivered"):
                return False
            why = {} if arrived else {"code": "platform_refused", "reason": told["reason"]}
            settled = replace(found, state=state, secret={}, failure=why)
            settled = replace(settled, settled_at=self.clock())
            store.settle_dispatch(settled)
            verb = "notify_delivered" if arrived else "notify_failed"
            self._tell_of(store, found, Act(verb, PLATFORM, data=told))
        return True

    def send_again(self, actor: Actor, dispatch_id: str, link: Callable[[str], str]) -> Dispatch:
        """Try a failed notice again, as a new one with a link of its own. Conflict (dispatch_not_failed)."""
        with self._open() as store:
            found = store.dispatch(dispatch_id)
            if found is None or not works_on(store, actor, found.dossier):
                raise NotFound("no_dispatch")
        if found.state != "failed":
            raise Conflict("dispatch_not_failed")
        wanted = Wanted(found.party, found.channel, found.address, found.document)
        return self.notify(actor, found.dossier, wanted, link)

    def _tell_of(self, store: Store, dispatch: Dispatch, act: Act) -> None:
        data = {"dispatch": dispatch.id, "party": dispatch.party, "channel": dispatch.channel}
        act = replace(act, data=data | act.data)
        self._record(store, f"dossier:{dispatch.dossier}", act)
