"""Who may do what, as small predicates over an actor's grants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .model import RECUSED, Actor, Bar, Case, Grant, OpenTask

ADMIN = "ADMIN"
AUDITOR = "AUDITOR"
SUPERVISOR = "SUPERVISOR"
DESIGNER = "DESIGNER"
COURT_PRES = "COURT_PRES"
SEAL_ADMIN = "SEAL_ADMIN"
OVERSIGHT = frozenset({AUDITOR, SUPERVISOR})
"""Roles that read every dossier of their area and complete nothing."""


OUTSIDE = frozenset({"PARTY_A", "PARTY_B", "THIRD", "AGENT"})
"""Roles of people who belong to no organisation; grants never hold them, invitations do."""


JUDGES = frozenset({"TRIB_JUDGE", "EXEC_JUDGE", COURT_PRES, "UPPER_COURT", "LOCAL_COURT"})
DOCTORS = frozenset({"DC_DOCTOR"})
WOMEN = frozenset({"DC_WOMAN"})
"""Female officers: only they search and directly manage women who are held (S10 §§11, 15)."""
OFFICES = (JUDGES, DOCTORS, WOMEN)
"""What only judges, doctors, women do: a substitute for one of these is one of these."""
ON_DUTY = frozenset(
    {"DC_INTAKE", "DC_OFFICER", "DC_WOMAN", "DC_HEAD", "DC_DOCTOR", "POLICE_ST", "JUD_POLICE"}
)
"""Roles that work in shifts (rules 15.5)."""
DUTY = "@duty"
"""To whom a diagram addresses what belongs to whoever is on duty at its organisation (ld:person)."""
PERSONAL = OVERSIGHT | {ADMIN, DESIGNER}
"""Roles in which nobody stands in: a substitute gets work, not power over the installation."""


def may_do(actor: Actor, task: OpenTask) -> bool:
    """Whether one of the actor's grants makes them a candidate for the task (conventions 5)."""
    return grant_for(actor, task) is not None


def grant_for(actor: Actor, task: OpenTask) -> Grant | None:
    """The grant under which the actor does the task: role, organisation, and person or duty post."""
    return next(fitting(actor, task), None)


def fitting(actor: Actor, task: OpenTask) -> Iterator[Grant]:
    """Every grant that makes the actor a candidate, their own before those they stand in with."""
    for grant in sorted(actor.grants, key=lambda grant: bool(grant.on_behalf)):
        named = not task.person or task.person in (actor.person, grant.post, grant.on_behalf)
        if grant.role == task.role and named and task.org in ("", grant.org):
            yield grant


def barred(bars: Iterable[Bar], persons: Iterable[str], of: tuple[Case, OpenTask]) -> Bar | None:
    """The bar that keeps one of these people from a task: separation of duties, or a recusal.

    A substitute's own past counts, and that of the person in whose place they act.
    """
    case, task = of
    wanted = frozenset(persons)
    return next((bar for bar in bars if bar.person in wanted and _keeps(bar, case, task)), None)


def _keeps(bar: Bar, case: Case, task: OpenTask) -> bool:
    return (
        bar.ended_at is None
        and bar.dossier == case.dossier
        and bar.case in ("", case.id)
        and bar.procedure in ("", case.procedure)
        and bar.element in ("", task.place.element)
        and bar.role in ("", task.role)
    )


def reopened(bars: Iterable[Bar], task: OpenTask) -> OpenTask:
    """A task named to somebody who is recused is offered to everybody of its role."""
    recused = {bar.person for bar in bars if bar.rule == RECUSED and bar.ended_at is None}
    return replace(task, person="") if task.person in recused else task


def lacks_office(absent: Iterable[str], substitute: Iterable[str]) -> str:
    """The first office (role) of the absent that the substitute's own roles do not allow them; ""."""
    held = frozenset(substitute)
    for role in sorted(absent):
        for office in OFFICES:
            if role in office and not held & office:
                return role
    return ""


def on_shift(actor: Actor) -> Actor:
    """The same person while on duty in every role that works in shifts."""
    held = tuple(replace(grant, post=DUTY) for grant in actor.grants if grant.role in ON_DUTY)
    return replace(actor, grants=actor.grants + held)


def keeps_duty(actor: Actor) -> bool:
    """Works where posts are kept around the clock, or is on duty now."""
    return bool(actor.roles & ON_DUTY) or any(grant.post for grant in actor.grants)


def may_recuse(actor: Actor) -> bool:
    """Decide that somebody else steps aside, and end a recusal (S1-49: the president, for judges)."""
    return bool(actor.roles & {ADMIN, SUPERVISOR, COURT_PRES})


def may_administer(actor: Actor) -> bool:
    """People, organisations, settings, calendars."""
    return ADMIN in actor.roles


def may_publish(actor: Actor) -> bool:
    """Publish and approve procedures."""
    return bool(actor.roles & {ADMIN, DESIGNER})


def may_take_away(actor: Actor) -> bool:
    """Take a whole case out of the product, with its proofs."""
    return sees_all(actor)


def may_mend(actor: Actor) -> bool:
    """Retry incidents, correct data, cancel a case."""
    return bool(actor.roles & {ADMIN, SUPERVISOR})


def may_invite(actor: Actor, orgs: Iterable[str]) -> bool:
    """Ask parties in to a dossier that these organisations work on: by a working role in one."""
    idle = OVERSIGHT | {ADMIN, DESIGNER}
    return any(grant.org in orgs and grant.role not in idle for grant in actor.grants)


def is_outside(actor: Actor) -> bool:
    """A party or agent who came in by invitation: acts on what is theirs and nowhere else."""
    return bool(actor.roles & OUTSIDE)


def heals_only(actor: Actor) -> bool:
    """A doctor and nothing else: sees and writes health data and nothing of the dispute (15.5)."""
    return actor.roles == DOCTORS


def sees_all(actor: Actor) -> bool:
    """Reads every dossier: auditors, supervisors and administrators."""
    return bool(actor.roles & (OVERSIGHT | {ADMIN}))


def may_read_figures(actor: Actor) -> bool:
    """Figures of many cases: whoever oversees, and presidents of courts; which cases is decided in the
    query."""
    return sees_all(actor) or COURT_PRES in actor.roles


def may_keep_seals(actor: Actor, owner: str) -> bool:
    """Register, suspend, renew and revoke seals of an organisation: its custodian."""
    return ADMIN in actor.roles or any(
        grant.role == SEAL_ADMIN and grant.org == owner for grant in actor.grants
    )


def may_read_seals(actor: Actor) -> bool:
    """Whether the seal ledger is opened at all; whose lines it lists is decided in its query."""
    return bool(actor.roles & (OVERSIGHT | {ADMIN, SEAL_ADMIN}))


LEDGER = OVERSIGHT | {
    *("DC_OFFICER", "DC_HEAD", "DC_INTAKE", "EXEC_JUDGE", COURT_PRES, "LOCAL_COURT"),
    *("PSB_LEAD", ADMIN),
}
"""Who works with the detention ledger (rules 8.4): centre, deciding court, police in charge."""


def may_read_ledger(actor: Actor) -> bool:
    """Whether the ledger is opened at all; which detentions it lists is decided in its query."""
    return bool(actor.roles & LEDGER)


HOLDERS = frozenset({SUPERVISOR, COURT_PRES, "UPPER_COURT"})
"""Who places and lifts legal holds: whoever answers for a dispute being heard again (rules 1)."""
ARCHIVISTS = frozenset({"TRIB_CLERK", "MED_ORG", "JUST_OFF", "DC_HEAD"})
"""Who keeps the files of an office and proposes what of them is destroyed."""
APPRAISERS = frozenset({SUPERVISOR, COURT_PRES})
"""Who decides on it: never the person who proposed."""


def may_hold(actor: Actor) -> bool:
    """Place and lift a legal hold."""
    return bool(actor.roles & HOLDERS)


def may_propose(actor: Actor, orgs: Iterable[str]) -> bool:
    """Propose to destroy a dossier that these offices worked on."""
    return any(grant.role in ARCHIVISTS and grant.org in orgs for grant in actor.grants)


def may_appraise(actor: Actor, proposed_by: str) -> bool:
    """Approve or refuse what somebody else proposed to destroy."""
    return bool(actor.roles & APPRAISERS) and actor.person != proposed_by


def may_carry_out(actor: Actor) -> bool:
    """Destroy what was proposed by one and approved by another."""
    return bool(actor.roles & (ARCHIVISTS | APPRAISERS | {ADMIN}))


def may_read_retention(actor: Actor) -> bool:
    """Whether schedule, holds and certificates are opened; which dossiers is decided in its query."""
    return bool(actor.roles & (HOLDERS | ARCHIVISTS | OVERSIGHT | {ADMIN}))


def may_reveal(actor: Actor) -> bool:
    """Whether a full identity number may be shown: to people who do the work, never to overseers.

    Auditors, supervisors, administrators and designers read it masked (rules 11).
    """
    return bool(actor.roles - PERSONAL)
