"""Where a party's matters stand, in plain words: what happened, what comes next, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands.parties import Theirs
from engine.model import Case, Invitation, OpenTask
from engine.spiff import read_state
from storage import queries
from webui.clockcards import ClockCard, clock_cards
from webui.procedures import Drawn, drawn
from webui.product import product, reading
from webui.registers import role_name
from webui.words import pick, t

SHOWN = (
    *("mediation", "police_mediation", "confirmation", "review", "court_paper", "delivery"),
    *("performance", "objection", "detention_mediation", "detention_exit", "follow_up"),
)
"""What of a dossier concerns its parties; the rest (warnings, advice between offices) stays inside."""
TOLD = {
    "detention_mediation": frozenset({"hold_mediation", "record_settlement"}),
    "detention_exit": frozenset({"verify_early"}),
    "follow_up": frozenset({"answer_default", "resume_enforcement"}),
}
"""Of custody a creditor reads only what is about the settlement, nothing of the person held."""
HAPPENED = ("complete", "message")
LOOK_BACK = 40


@dataclass(frozen=True, slots=True)
class Step:
    """Something done, or somebody's turn."""

    name: str
    who: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """One procedure of the dossier as its party reads it."""

    case: Case
    name: str
    last: Step | None
    coming: tuple[Step, ...]
    periods: tuple[ClockCard, ...]

    @property
    def is_over(self) -> bool:
        return self.case.status in ("ended", "cancelled")


@dataclass(frozen=True, slots=True)
class Doing:
    """A task of the party's with its title in plain words."""

    theirs: Theirs
    title: str
    text: str
    due_at: datetime | None
    due_rule: str

    @property
    def id(self) -> str:
        return self.theirs.claimed.task.id

    @property
    def is_given(self) -> bool:
        return self.theirs.given is not None


def tasks_of(store: Any, me: Invitation) -> list[Doing]:
    """What waits for this party, the soonest due first; what they gave already stands last."""
    found = [doing(theirs) for theirs in product().engine.their_tasks(store, me)]
    far = max((one.due_at for one in found if one.due_at), default=None)
    return sorted(found, key=lambda one: (one.is_given, str(one.due_at or far or "")))


def doing(theirs: Theirs) -> Doing:
    """A task as the party reads it: the form's words for them, else the step's own."""
    part, known = theirs.whole.party, drawn(theirs.case.release)
    title = pick(part.title) if part and part.title else pick(theirs.whole.title)
    text = pick(part.text) if part and part.text else known.purpose(theirs.element)
    due = theirs.claimed
    due_at = None if theirs.case.procedure in TOLD else due.due_at
    return Doing(theirs, title or known.step(theirs.element), text, due_at, due.due_rule)


def standing(store: Any, me: Invitation, mine: list[Doing]) -> list[Matter]:
    """The matters of the dossier that concern its parties, running ones first."""
    cases = [store.case(case_id) for case_id in store.cases_in(me.dossier)]
    turn = {one.id for one in mine if not one.is_given}
    found = [_matter(case, turn) for case in cases if case.procedure in SHOWN]
    return sorted(found, key=lambda one: one.is_over)


def _matter(case: Case, turn: set[str]) -> Matter:
    known, state = drawn(case.release), read_state(case.state)
    running = tuple(clock for clock in state.clocks if not clock.ended_at)
    shown = [one for one in state.tasks if _is_told(case, one.place.element)]
    coming = {(known.step(one.place.element), _whose(one, turn)): None for one in shown}
    tells = case.status == "open" and case.procedure not in TOLD
    return Matter(
        case=case,
        name=known.name,
        last=_last(case, known),
        coming=tuple(Step(name, who) for name, who in coming),
        periods=tuple(clock_cards(running, case, known.release)) if tells else (),
    )


def _is_told(case: Case, element: str) -> bool:
    return case.procedure not in TOLD or element in TOLD[case.procedure]


def _whose(task: OpenTask, turn: set[str]) -> str:
    return str(t("party.you")) if task.id in turn else role_name(task.role)


def _last(case: Case, known: Drawn) -> Step | None:
    entries = queries.recent_entries(reading(), [f"case:{case.id}"], LOOK_BACK, HAPPENED)
    for entry in entries:
        if entry.element and _is_told(case, entry.element):
            who = role_name(entry.role) if entry.role else ""
            return Step(known.step(entry.element), who, entry.at)
    return None
