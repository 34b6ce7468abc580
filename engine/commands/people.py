"""Who works here: people, their roles and passwords, organisations, duty. Every change is journalled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from uuid6 import uuid7

from engine.access import ADMIN, may_administer
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.model import (
    SYSTEM,
    Actor,
    Credential,
    DutyPost,
    Facts,
    Grant,
    Organisation,
    Person,
    Shift,
)
from engine.ports import Store

from .desk import Act, Desk

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LONGEST_NAME = 60
Validity = tuple[datetime, datetime | None]
"""From when until before when (None: until ended)."""


class PeopleVerbs(Desk):
    def first_administrator(
        self, who: tuple[str, str], where: tuple[str, str], password_hash: str
    ) -> str:
        """On an empty installation: (login, name) at (organisation, area code). Returns the person.

        NotAllowed (setup_done) once anybody is there.
        """
        login, name = who
        org_name, area = where
        with self._open() as store:
            if next(iter(store.streams("person:")), None):
                raise NotAllowed("setup_done")
            org = Organisation(str(uuid7()), _name(org_name), "BUREAU", area=area)
            self._keep_organisation(store, SYSTEM, org)
            person = Person(str(uuid7()), _login(login), _name(name), (Grant(ADMIN, org.id),))
            self._keep_person(store, Act("create", SYSTEM), person)
            self._keep_password(store, SYSTEM, (person.id, password_hash), must_change=False)
        return person.id

    def bring_people(
        self, organisations: Iterable[Organisation], people: Iterable[Person], password_hash: str
    ) -> None:
        """Everybody of a demonstration at once, on an empty installation. NotAllowed (setup_done)."""
        with self._open() as store:
            if next(iter(store.streams("person:")), None):
                raise NotAllowed("setup_done")
            for organisation in organisations:
                self._keep_organisation(store, SYSTEM, organisation)
            for person in people:
                self._keep_person(store, Act("create", SYSTEM), person)
                self._keep_password(store, SYSTEM, (person.id, password_hash), must_change=False)

    def create_person(self, actor: Actor, login: str, name: str, password_hash: str) -> Person:
        """Somebody new who must change this password at first sign-in. Conflict (login_taken)."""
        _administrator(actor)
        person = Person(str(uuid7()), _login(login), _name(name))
        with self._open() as store:
            if _by_login(store, person.login):
                raise Conflict("login_taken", login=person.login)
            self._keep_person(store, Act("create", actor), person)
            self._keep_password(store, actor, (person.id, password_hash), must_change=True)
        return person

    def change_person(self, actor: Actor, person_id: str, name: str, active: bool) -> None:
        """Another name, or no longer (again) working here: then every session ends."""
        _administrator(actor)
        if person_id == actor.person and not active:
            raise NotAllowed("not_oneself")
        with self._open() as store:
            person = replace(store.person(person_id), name=_name(name), active=active)
            self._keep_person(store, Act("change", actor), person)
            if not active:
                store.end_sessions(person_id)

    def set_language(self, actor: Actor, lang: str) -> None:
        """The language in which a person reads the screens: ``zh`` or ``en``."""
        with self._open() as store:
            self._keep_person(
                store, Act("language", actor), replace(store.person(actor.person), lang=lang)
            )

    def set_password(self, actor: Actor, person_id: str, password_hash: str) -> None:
        """One's own new password, or by an administrator a one-time one. Ends every session."""
        own = actor.person == person_id
        if not own:
            _administrator(actor)
        with self._open() as store:
            store.person(person_id)
            self._keep_password(store, actor, (person_id, password_hash), must_change=not own)
            store.end_sessions(person_id)

    def grant_role(self, actor: Actor, person_id: str, grant: Grant, valid: Validity) -> None:
        """A role in an organisation, from and until. Invalid: role_unknown, role_not_at_org."""
        _administrator(actor)
        since, until = valid
        if until is not None and until <= since:
            raise Invalid("ends_before_start")
        with self._open() as store:
            store.person(person_id)
            _check_role(store.current_facts(), grant.role, store.organisation(grant.org))
            store.grant(person_id, grant, since, until)
            data = asdict(grant) | {"from": since, "until": until}
            self._record(store, f"person:{person_id}", Act("grant", actor, data=data))

    def revoke_role(self, actor: Actor, person_id: str, grant: Grant, reason: str) -> None:
        """A role ends now, or never begins, with a reason. NotFound (no_grant) unless it is given."""
        _administrator(actor)
        _reason(reason)
        if person_id == actor.person and grant.role == ADMIN:
            raise NotAllowed("not_oneself")
        with self._open() as store:
            if not store.end_grant(person_id, grant):
                raise NotFound("no_grant")
            act = Act("revoke", actor, data=asdict(grant), reason=reason)
            self._record(store, f"person:{person_id}", act)

    # Organisations and duty ----------------------------------------------------------------

    def save_organisation(self, actor: Actor, organisation: Organisation) -> Organisation:
        """A new organisation (no id yet) or a changed one."""
        _administrator(actor)
        kept = replace(
            organisation, id=organisation.id or str(uuid7()), name=_name(organisation.name)
        )
        with self._open() as store:
            if kept.parent:
                _check_parent(store, kept)
            self._keep_organisation(store, actor, kept)
        return kept

    def save_duty_post(self, actor: Actor, post: DutyPost) -> DutyPost:
        """A new duty post (no id yet) or a changed one."""
        _administrator(actor)
        kept = replace(post, id=post.id or str(uuid7()), name=_name(post.name))
        with self._open() as store:
            store.organisation(kept.org)
            store.save_duty_post(kept)
            act = Act("duty_post", actor, data=asdict(kept))
            self._record(store, f"organisation:{kept.org}", act)
        return kept

    def plan_shift(self, actor: Actor, org: str, shift: Shift) -> Shift:
        """Who is on duty at a post of ``org``, and when."""
        _administrator(actor)
        if shift.ends_at <= shift.starts_at:
            raise Invalid("ends_before_start")
        kept = replace(shift, id=shift.id or str(uuid7()))
        with self._open() as store:
            store.person(kept.person)
            store.save_shift(kept)
            self._record(store, f"organisation:{org}", Act("shift", actor, data=asdict(kept)))
        return kept

    # Shared --------------------------------------------------------------------------------

    def _keep_person(self, store: Store, act: Act, person: Person) -> None:
        store.save_person(person)
        data = {"login": person.login, "name": person.name, "active": person.active}
        data |= {"lang": person.lang, "grants": [asdict(grant) for grant in person.grants]}
        self._record(store, f"person:{person.id}", replace(act, data=data))

    def _keep_organisation(self, store: Store, actor: Actor, org: Organisation) -> None:
        store.save_organisation(org)
        self._record(store, f"organisation:{org.id}", Act("save", actor, data=asdict(org)))

    def _keep_password(
        self, store: Store, actor: Actor, of: tuple[str, str], must_change: bool
    ) -> None:
        """The journal says that and by whom a password was set, nothing made from it."""
        person_id, password_hash = of
        store.save_credential(Credential(person_id, password_hash, must_change, self.clock()))
        act = Act("password", actor, data={"one_time": must_change})
        self._record(store, f"person:{person_id}", act)


def _administrator(actor: Actor) -> None:
    if not may_administer(actor):
        raise NotAllowed("may_not_administer")


def _reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("say_why")


def _login(login: str) -> str:
    if not LOGIN.fullmatch(login):
        raise Invalid("login_shape")
    return login


def _name(name: str) -> str:
    trimmed = name.strip()
    if not trimmed or len(trimmed) > LONGEST_NAME or not trimmed.isprintable():
        raise Invalid("name_shape", longest=LONGEST_NAME)
    return trimmed


def _by_login(store: Store, login: str) -> Person | None:
    try:
        return store.person_by_login(login)
    except NotFound:
        return None


def _check_role(facts: Facts, role: str, org: Organisation) -> None:
    row: Mapping[str, Any] | None = facts.registers.get("roles", {}).get(role)
    if row is None or row.get("outside"):
        raise Invalid("role_unknown", role=role)
    if row.get("at") and org.kind not in row["at"]:
        raise Invalid("role_not_at_org", role=row["zh"], org=org.name)


def _check_parent(store: Store, organisation: Organisation) -> None:
    above = store.organisation(organisation.parent)
    for _ in range(20):
        if above.id == organisation.id:
            raise Invalid("organisation_circle")
        if not above.parent:
            return
        above = store.organisation(above.parent)
    raise Invalid("organisation_circle")
