"""By when an open task has to be done: which of the case's running periods is its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.model import OpenTask, RunningClock
from engine.rules import Rule

from .periods import is_paused

APART = ("barred", "time_barred", "right", "none")
"""What follows when such a period ends is a party's affair or nothing: it makes no other task late."""


def dues_of(
    tasks: Sequence[OpenTask],
    clocks: Iterable[RunningClock],
    named: Mapping[str, set[str]],
    rules: Mapping[str, Rule],
) -> Mapping[str, RunningClock]:
    """By task id the clock to meet: one that its element begins or ends, else the case's next.

    ``named``: the rules that each element begins or ends. A target kept for statistics binds nobody.
    """
    running = [
        clock
        for clock in sorted(clocks, key=lambda one: (one.due, one.rule))
        if not clock.ended_at and not is_paused(clock) and _breach(rules, clock) != "statistic"
    ]
    binding = [clock for clock in running if _breach(rules, clock) not in APART]
    found: dict[str, RunningClock] = {}
    for task in tasks:
        element = task.place.element
        bears = named.get(element, set())
        own = [one for one in running if one.place.element == element or one.rule in bears]
        if own or binding:
            found[task.id] = (own or binding)[0]
    return found


def _breach(rules: Mapping[str, Rule], clock: RunningClock) -> str:
    return rules[clock.rule].on_breach if clock.rule in rules else ""
