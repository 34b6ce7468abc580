"""The periods that ran in one case: kept, breached, running; paused and extended on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from engine.model import Place, RunningClock

Key = tuple[str, str, str, int | None, datetime]


class Periods:
    """Every clock there was, as it stood last; one that another took the place of ended then."""

    def __init__(self) -> None:
        self._known: dict[Key, tuple[RunningClock, datetime | None]] = {}
        self._breached: set[Key] = set()

    def take(self, clocks: Sequence[RunningClock], at: datetime) -> None:
        """All clocks of the case after an entry."""
        now = {(*_where(one.rule, one.place), one.started_at): one for one in clocks}
        for key, (clock, ended_at) in self._known.items():
            if key not in now:
                self._known[key] = (clock, ended_at or at)
        self._known |= {key: (clock, clock.ended_at) for key, clock in now.items()}

    def breached(self, place: Place, data: dict[str, Any]) -> None:
        """A note that a period was over."""
        due = data.get("due")
        if isinstance(due, datetime):
            self._breached.add((*_where(str(data.get("rule")), place), due))

    def told(self) -> Iterator[tuple[str, str]]:
        """(rule, what of it)."""
        for clock, ended_at in self._known.values():
            yield clock.rule, "started"
            yield clock.rule, self._kept(clock, ended_at)
            if clock.pauses:
                yield clock.rule, "paused"
            if clock.extended_to:
                yield clock.rule, "extended"

    def _kept(self, clock: RunningClock, ended_at: datetime | None) -> str:
        if ended_at:
            return "kept" if ended_at <= clock.due else "breached"
        over = (*_where(clock.rule, clock.place), clock.due) in self._breached
        return "breached" if over else "running"


def _where(rule: str, place: Place) -> tuple[str, str, str, int | None]:
    return rule, place.scope, place.element, place.item
