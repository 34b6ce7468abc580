"""Who may do what, as small predicates over an actor's grants."""

from __future__ import annotations

from .model import Actor, Grant, OpenTask

ADMIN = "ADMIN"
AUDITOR = "AUDITOR"
SUPERVISOR = "SUPERVISOR"
DESIGNER = "DESIGNER"
OVERSIGHT = frozenset({AUDITOR, SUPERVISOR})
"""Roles that read every dossier of their area and complete nothing."""


def may_do(actor: Actor, task: OpenTask) -> bool:
    """Whether one of the actor's grants makes them a candidate for the task (conventions 5)."""
    return grant_for(actor, task) is not None


def grant_for(actor: Actor, task: OpenTask) -> Grant | None:
    """The grant under which the actor does the task: role, organisation, and person or duty post."""
    for grant in actor.grants:
        named = not task.person or task.person in (actor.person, grant.post)
        if grant.role == task.role and named and task.org in ("", grant.org):
            return grant
    return None


def may_administer(actor: Actor) -> bool:
    """People, organisations, settings, calendars."""
    return ADMIN in actor.roles


def may_publish(actor: Actor) -> bool:
    """Publish and approve procedures."""
    return bool(actor.roles & {ADMIN, DESIGNER})


def may_mend(actor: Actor) -> bool:
    """Retry incidents, correct data, cancel a case."""
    return bool(actor.roles & {ADMIN, SUPERVISOR})


def sees_all(actor: Actor) -> bool:
    """Reads every dossier: auditors, supervisors and administrators."""
    return bool(actor.roles & (OVERSIGHT | {ADMIN}))
