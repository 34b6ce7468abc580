"""A case's periods as cards: when they end, how long is left, how it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.clocks import compute, explain, read_rules
from engine.errors import EngineError
from engine.facts import localized
from engine.model import Case, Facts, Release, RunningClock

from .display import local
from .product import product
from .registers import cited
from .words import lang, pick


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
