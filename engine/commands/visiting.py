"""The second door: inviting a party, letting them in by link and code, taking the invitation back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from uuid6 import uuid7

from engine.access import may_invite
from engine.errors import Invalid, NotAllowed, NotFound
from engine.model import Actor, Data, Grant, Invitation, Visit
from engine.ports import Store
from engine.spiff import read_state

from .desk import Act, Desk

ROLES = {"A": "PARTY_A", "B": "PARTY_B", "THIRD": "THIRD"}
THROUGH = "LINK_AND_CODE"
"""How what a party says by their own door came."""
DIGITS = 6
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=30), timedelta(hours=4)
LONGEST_VISIT = timedelta(hours=12)
TOUCH_AFTER = timedelta(minutes=1)
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who is asked in: a party on record, or an agent by name in that party's place."""

    party: str
    name: str = ""
    agent: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation with its two secrets, told once: the link's, and the code for another way."""

    invitation: Invitation
    secret: str
    code: str


@dataclass(frozen=True, slots=True)
class Entered:
    """A visit with what the browser's cookie holds."""

    invitation: Invitation
    visit: Visit
    token: str


class VisitingVerbs(Desk):
    def invite(self, actor: Actor, dossier_id: str, whom: Invitee) -> Asked:
        """Ask somebody in to a dossier that the actor works on. NotAllowed, Invalid (nobody_invited).

        The link is good for ``settings.party_link_days``; an earlier one of the same person ends.
        """
        now, secret = self.clock(), secrets.token_urlsafe(24)
        code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        with self._open() as store:
            self._check_works_on(store, actor, dossier_id)
            party, name, role = _who(store, dossier_id, whom)
            invitation = Invitation(
                id=str(uuid7()),
                dossier=dossier_id,
                party=party,
                name=name,
                role=role,
                link=_sha(secret),
                code=_sha(f"{secret}:{code}"),
                made_by=actor.person,
                made_at=now,
                expires_at=now + timedelta(days=self._number(store, "party_link_days")),
            )
            for earlier in store.invitations(dossier_id):
                if (earlier.party, earlier.role, earlier.name) == (party, role, name):
                    self._end_invitation(
                        store, earlier, Act("invitation_ended", actor, reason="renewed")
                    )
            store.save_invitation(invitation)
            data = {"invitation": invitation.id, "party": party, "role": role}
            self._record(store, f"dossier:{dossier_id}", Act("invite", actor, data=data))
        return Asked(invitation, secret, code)

    def end_invitation(self, actor: Actor, invitation_id: str, reason: str) -> None:
        """Take an invitation back: its link opens nothing any more, who came in by it is out."""
        if not reason.strip():
            raise Invalid("say_why")
        with self._open() as store:
            invitation = store.invitation(invitation_id)
            self._check_works_on(store, actor, invitation.dossier)
            self._end_invitation(
                store, invitation, Act("invitation_ended", actor, reason=reason.strip())
            )

    def _end_invitation(self, store: Store, invitation: Invitation, act: Act) -> None:
        if invitation.revoked_at:
            return
        store.save_invitation(replace(invitation, revoked_at=self.clock()))
        store.end_visits(invitation.id)
        act = replace(act, data={"invitation": invitation.id})
        self._record(store, f"dossier:{invitation.dossier}", act)

    def behind_link(self, store: Store, secret: str) -> Invitation:
        """The living invitation of a link. NotAllowed: link_unknown, link_revoked, link_expired."""
        return self._alive(_found(store, secret))

    def enter(self, secret: str, code: str, address: str) -> Entered:
        """Let somebody in by link and code; a wrong code is counted, journalled, and delays the next.

        NotAllowed: as ``behind_link``, code_locked (until), code_wrong (left).
        """
        with self._open() as store:
            invitation = self._alive(_found(store, secret))
            if invitation.locked_until and invitation.locked_until > self.clock():
                raise NotAllowed("code_locked", until=invitation.locked_until)
            if hmac.compare_digest(invitation.code, _sha(f"{secret}:{_digits(code)}")):
                return self._let_in(store, invitation, address)
            refused = self._count_failure(store, invitation, address)
        raise refused

    def _let_in(self, store: Store, invitation: Invitation, address: str) -> Entered:
        now, token = self.clock(), secrets.token_urlsafe(32)
        ends = min(now + LONGEST_VISIT, invitation.expires_at)
        idle = min(now + self._idle(store), ends)
        csrf = secrets.token_urlsafe(24)
        visit = Visit(_sha(token), invitation.id, now, now, idle, ends, csrf, address)
        store.save_visit(visit)
        invitation = replace(invitation, failures=0, locked_until=None)
        store.save_invitation(invitation)
        self._note_visit(store, "party_entered", invitation, address)
        return Entered(invitation, visit, token)

    def _count_failure(self, store: Store, invitation: Invitation, address: str) -> NotAllowed:
        failures, free = invitation.failures + 1, self._number(store, "party_code_tries")
        until = None
        if failures >= free:
            until = self.clock() + min(FIRST_DELAY * 2 ** min(failures - free, 12), LONGEST_DELAY)
        store.save_invitation(replace(invitation, failures=failures, locked_until=until))
        self._note_visit(store, "party_refused", invitation, address)
        if until:
            return NotAllowed("code_locked", until=until)
        return NotAllowed("code_wrong", left=free - failures)

    def leave(self, visit: Visit) -> None:
        """The visitor closes the page."""
        with self._open() as store:
            now = self.clock()
            store.save_visit(replace(visit, ends_at=now, idle_until=now))

    def visitor(self, store: Store, id_hash: str) -> tuple[Invitation, Visit] | None:
        """Who is in by this cookie; None when the visit or the invitation is over."""
        now, visit = self.clock(), store.visit(id_hash)
        if visit is None or now >= min(visit.idle_until, visit.ends_at):
            return None
        invitation = store.invitation(visit.invitation)
        return None if is_over(invitation, now) else (invitation, visit)

    def stay(self, visit: Visit) -> None:
        """The visitor did something: the visit idles out later, noted once a minute at most."""
        if visit.idle_until == visit.ends_at or self.clock() - visit.seen_at < TOUCH_AFTER:
            return
        with self._open() as store:
            now = self.clock()
            idle = min(now + self._idle(store), visit.ends_at)
            store.save_visit(replace(visit, idle_until=idle, seen_at=now))

    # Shared --------------------------------------------------------------------------------

    def _check_works_on(self, store: Store, actor: Actor, dossier_id: str) -> None:
        if not works_on(store, actor, dossier_id):
            raise NotAllowed("may_not_invite")

    def _alive(self, invitation: Invitation) -> Invitation:
        if invitation.revoked_at:
            raise NotAllowed("link_revoked")
        if self.clock() >= invitation.expires_at:
            raise NotAllowed("link_expired")
        return invitation

    def _note_visit(self, store: Store, verb: str, invitation: Invitation, address: str) -> None:
        actor = replace(acting(invitation), address=address)
        act = Act(verb, actor, actor.grants[0], data={"invitation": invitation.id})
        self._record(store, f"dossier:{invitation.dossier}", act)

    def _idle(self, store: Store) -> timedelta:
        return timedelta(minutes=self._number(store, "party_idle_minutes"))

    @staticmethod
    def _number(store: Store, setting: str) -> int:
        settings: Mapping[str, Any] = store.current_facts().settings
        return int(settings[setting])


def acting(invitation: Invitation) -> Actor:
    """The invited person as an actor: under the role of the invitation, an agent for their party."""
    behalf = invitation.party if invitation.role == "AGENT" else ""
    grant = Grant(invitation.role, "")
    return Actor(invitation.person, invitation.name, (grant,), on_behalf=behalf)


def visitor(invitation: Invitation) -> Data:
    """What forms see of whoever fills them in by this door."""
    agent = invitation.role == "AGENT"
    return {"visitor": {"id": invitation.party, "name": invitation.name, "agent": agent}}


def _who(store: Store, dossier_id: str, whom: Invitee) -> tuple[str, str, str]:
    """(party, name, role) of an invitee."""
    name = whom.name.strip()
    party = next((one for one in store.parties(dossier_id) if one.id == whom.party), None)
    if party is None:
        raise Invalid("nobody_invited")
    if whom.agent:
        if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
            raise Invalid("nobody_invited")
        return party.id, name, "AGENT"
    return party.id, party.name, ROLES.get(party.side, "THIRD")


def _found(store: Store, secret: str) -> Invitation:
    try:
        return store.invitation_by_link(_sha(secret))
    except NotFound:
        raise NotAllowed("link_unknown") from None


def _digits(typed: str) -> str:
    """A code as people type it: spaces in between, full-width digits."""
    return "".join(unicodedata.normalize("NFKC", typed[:40]).split())


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def is_over(invitation: Invitation, now: datetime) -> bool:
    """Whether an invitation opens nothing any more."""
    return bool(invitation.revoked_at) or now >= invitation.expires_at


def works_on(store: Store, actor: Actor, dossier_id: str) -> bool:
    """The actor's office opened the dossier, runs one of its cases, or has a task in it."""
    orgs = {store.dossier(dossier_id).org}
    for case in map(store.case, store.cases_in(dossier_id)):
        orgs |= {case.org, *(task.org for task in read_state(case.state).tasks)}
    return may_invite(actor, orgs - {""})
