"""A case's periods as cards: when they end, how long is left, how it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.clocks import compute, explain, read_rules
from engine.errors import EngineError
from engine.facts import for_case
from engine.model import Case, Facts, Release, RunningClock
from engine.spiff import read_state
from engine.workdays import local_day

from .citing import Cited, cite_on
from .product import product
from .words import lang, pick


@dataclass(frozen=True, slots=True)
class ClockCard:
    """A running period as a card shows it."""

    name: str
    clock: RunningClock
    explained: str
    basis: tuple[Cited, ...]

    @property
    def paused(self) -> bool:
        return bool(self.clock.pauses) and self.clock.pauses[-1][1] is None


def clock_cards(clocks: tuple[RunningClock, ...], case: Case, release: Release) -> list[ClockCard]:
    """The clocks of a case that run, soonest first, each explained from the case's own facts."""
    if not clocks:
        return []
    facts = product().engine.facts_of(product().looking(), case.facts)
    return cards_under(clocks, facts, read_state(case.state).data.get("case"), release)


def cards_under(
    clocks: tuple[RunningClock, ...], facts: Facts, itself: Any, release: Release
) -> list[ClockCard]:
    """The same under given facts; ``itself``: the case's own data (``case``)."""
    rules = read_rules(release.files["shared/rules.toml"])
    cards = []
    for clock in sorted(clocks, key=lambda one: (one.ended_at is not None, one.due)):
        rule = rules.get(clock.rule)
        if rule is None:
            cards.append(ClockCard(clock.rule, clock, "", ()))
            continue
        seen = for_case(facts, itself, local_day(clock.started_at))
        basis = tuple(cite_on(ref, clock.started_at) for ref in rule.basis)
        told = _explained(rule, clock, seen)
        cards.append(ClockCard(pick(rule.name), clock, told, basis))
    return cards


def _explained(rule: Any, clock: RunningClock, facts: Facts) -> str:
    try:
        due = compute(rule, clock.started_at, facts, clock.pauses, clock.extended_to)
        return explain(due, "zh" if lang() == "zh" else "en")
    except EngineError:
        return ""
