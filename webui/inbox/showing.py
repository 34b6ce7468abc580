"""What a task page shows: the form as it stands, the clocks with their explanation, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.access import grant_for
from engine.clocks import compute, explain, read_rules
from engine.errors import EngineError
from engine.facts import localized
from engine.forms import Form, filled
from engine.model import Actor, Case, Claimed, Facts, Release, RunningClock
from storage import queries
from webui.display import local
from webui.forms import Picker, View
from webui.procedures import Drawn, drawn
from webui.product import product, reading
from webui.registers import citation
from webui.words import lang, pick


@dataclass(frozen=True, slots=True)
class Open:
    """An open task with all its page needs."""

    row: queries.TaskRow
    claimed: Claimed
    case: Case
    form: Form
    drawn: Drawn
    may: bool  # whether this person is a candidate
    mine: bool  # whether this person holds it
    context: Mapping[str, Any]
    moment: datetime

    @property
    def element(self) -> str:
        return self.claimed.task.place.element

    def view(self, readonly: bool) -> View:
        """How the form is drawn: over this case's data, with the registers it may point to."""
        return View(
            self.context, self.moment, readonly, pickers(), cited, lambda f: file_href(self, f)
        )


def opened(row: queries.TaskRow, actor: Actor) -> Open | None:
    """The open task behind a row; None when it closed in between."""
    store, engine = product().looking(), product().engine
    claimed = store.open_task(row.id)
    if claimed is None:
        return None
    case = store.case(claimed.case)
    release = engine.release_of(store, case.release)
    return Open(
        row=row,
        claimed=claimed,
        case=case,
        form=engine.form(release, claimed.task.place.element),
        drawn=drawn(case.release),
        may=grant_for(actor, claimed.task) is not None,
        mine=claimed.holder == actor.person,
        context=engine.seen_by(store, case, claimed),
        moment=product().clock(),
    )


def starting_raw(task: Open, person: str) -> tuple[dict[str, list[str]], str]:
    """What the fields hold: this person's draft with its time, else the case's values."""
    draft = product().looking().drafts(task.row.id, person)
    if draft and "raw" in draft:
        return dict(draft["raw"]), str(draft.get("at", ""))
    return filled(task.form, task.context, task.moment), ""


def pickers() -> dict[str, Picker]:
    """What person and organisation fields offer."""
    db, now = reading(), product().clock()
    orgs = [(row.id, row.name) for row in queries.organisation_rows(db, active_only=True)]
    people = [(row.id, row.name) for row in queries.people_rows(db, now) if row.active]
    return {"organisation": Picker(orgs), "person": Picker(people)}


def cited(ref: str) -> str:
    """A clause or article in words, in the version in force today."""
    found = citation(ref, local(product().clock()).date())
    return pick(found.text) if found else ref


def file_href(task: Open, told: Mapping[str, Any]) -> str:
    """Where a kept file of this dossier is read."""
    return f"/dossiers/{task.row.dossier}/files/{told.get('digest', '')}"


# Clocks ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClockCard:
    """A running period as a card shows it."""

    name: str
    clock: RunningClock
    explained: str
    basis: tuple[str, ...]

    @property
    def paused(self) -> bool:
        return bool(self.clock.pauses) and self.clock.pauses[-1][1] is None


def clock_cards(clocks: tuple[RunningClock, ...], case: Case, release: Release) -> list[ClockCard]:
    """The clocks of a case that run, soonest first, each explained from the case's own facts."""
    if not clocks:
        return []
    rules = read_rules(release.files["shared/rules.toml"])
    facts = _facts(case)
    cards = []
    for clock in sorted(clocks, key=lambda one: (one.ended_at is not None, one.due)):
        rule = rules.get(clock.rule)
        if rule is None:
            cards.append(ClockCard(clock.rule, clock, "", ()))
            continue
        told = _explained(rule, clock, facts)
        cards.append(ClockCard(pick(rule.name), clock, told, tuple(map(cited, rule.basis))))
    return cards


def _facts(case: Case) -> Facts:
    store = product().looking()
    facts = product().engine.facts_of(store, case.facts)
    org = store.organisation(case.org) if case.org else None
    return localized(facts, org, local(case.started_at).date())


def _explained(rule: Any, clock: RunningClock, facts: Facts) -> str:
    try:
        due = compute(rule, clock.started_at, facts, clock.pauses, clock.extended_to)
        return explain(due, "zh" if lang() == "zh" else "en")
    except EngineError:
        return ""
