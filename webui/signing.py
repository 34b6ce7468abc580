"""Whether a login and password are right, with a growing delay after wrong ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.errors import NotAllowed, NotFound
from engine.model import Credential

from . import passwords
from .product import product


def check_password(login: str, password: str) -> str:
    """The person's id. Raises NotAllowed: ``sign_in_wrong``, or ``sign_in_locked`` with ``until``."""
    now = product().clock()
    kept = _kept(login, now)
    right = passwords.matches(kept.hash if kept else "", password)
    if kept is None:
        raise NotAllowed("sign_in_wrong")
    _count(kept, right, now)
    if not right:
        raise NotAllowed("sign_in_wrong")
    return kept.person


def _kept(login: str, now: datetime) -> Credential | None:
    with product().open_store() as store:
        try:
            person = store.person_by_login(login)
        except NotFound:
            return None
        kept: Credential | None = store.credential(person.id)
    if kept and kept.locked_until and kept.locked_until > now:
        raise NotAllowed("sign_in_locked", until=kept.locked_until)
    return kept if person.active else None


def _count(kept: Credential, right: bool, now: datetime) -> None:
    if right and not kept.failures:
        return
    failures = 0 if right else kept.failures + 1
    until = passwords.locked_until(failures, now)
    with product().open_store() as store:
        store.save_credential(replace(kept, failures=failures, locked_until=until))
