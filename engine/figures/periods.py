"""The periods that ran in one case: kept, breached, running; paused and extended on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.model import Entry, Place, RunningClock, Timed

Key = tuple[str, str, str, int | None, datetime]
OF_PERIODS = "clock_"
"""How the verbs begin that stop, resume, extend a period or say that it is over."""


@dataclass(frozen=True, slots=True)
class Stood:
    """A clock as it stood last, and the entry that ended it."""

    clock: RunningClock
    ended_at: datetime | None = None
    entry: Entry | None = None


class Periods:
    """Every clock there was, as it stood last; one that another took the place of ended then."""

    def __init__(self) -> None:
        self._known: dict[Key, Stood] = {}
        self._breached: dict[Key, Entry] = {}
        self._touched: list[Timed] = []

    def take(self, clocks: Sequence[RunningClock], entry: Entry) -> None:
        """All clocks of the case after an entry."""
        now = {(*_where(one.rule, one.place), one.started_at): one for one in clocks}
        for key, stood in self._known.items():
            if key not in now and stood.ended_at is None:
                self._known[key] = Stood(stood.clock, entry.at, entry)
        for key, clock in now.items():
            before = self._known.get(key)
            by = before.entry if before and before.ended_at == clock.ended_at else entry
            self._known[key] = Stood(clock, clock.ended_at, by if clock.ended_at else None)

    def touched(self, entry: Entry, place: Place, data: dict[str, Any]) -> None:
        """An entry about a period: it was stopped, resumed, extended, or was over."""
        rule, due = str(data.get("rule") or ""), data.get("due")
        self._touched.append(Timed(entry.seq, entry.at, rule))
        if entry.verb == "clock_breached" and isinstance(due, datetime):
            self._breached[(*_where(rule, place), due)] = entry

    def told(self) -> Iterator[tuple[str, str, str]]:
        """(release under which it ended, "" while it runs; rule, what of it)."""
        for stood in self._known.values():
            clock, release = stood.clock, stood.entry.release if stood.entry else ""
            yield release, clock.rule, "started"
            yield release, clock.rule, self._kept(stood)
            if clock.pauses:
                yield release, clock.rule, "paused"
            if clock.extended_to:
                yield release, clock.rule, "extended"

    def timed(self) -> Iterator[Timed]:
        """By which entry each period was kept or breached; and the other entries about periods."""
        yield from self._touched
        for stood in self._known.values():
            by = stood.entry or self._breached.get(_due(stood.clock))
            if by:
                clock = stood.clock
                yield Timed(by.seq, by.at, clock.rule, clock.due, stood.ended_at)

    def _kept(self, stood: Stood) -> str:
        if stood.ended_at:
            return "kept" if stood.ended_at <= stood.clock.due else "breached"
        return "breached" if _due(stood.clock) in self._breached else "running"


def _where(rule: str, place: Place) -> tuple[str, str, str, int | None]:
    return rule, place.scope, place.element, place.item


def _due(clock: RunningClock) -> Key:
    return (*_where(clock.rule, clock.place), clock.due)
