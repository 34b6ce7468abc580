"""A case told again, entry by entry: what each found, what it left, and how long it had waited."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.model import Outcome
from engine.replay import Chain, ReadFacts, ReadRelease, Told, replay

Pointer = str
OWN = frozenset({"case"})
"""What of a case's data no act changes and no reader needs."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry with the case before and after it (None: not begun yet).

    ``since``: when what it answers began to wait, else when the entry before it came; ``taken_at``: when
    its doer had claimed it; ``made``: the operation whose result it brings, "" for none.
    """

    told: Told
    before: Outcome | None
    after: Outcome | None
    since: datetime | None
    taken_at: datetime | None
    made: str = ""

    @property
    def waited(self) -> float:
        """Seconds before it."""
        return (self.told.entry.at - self.since).total_seconds() if self.since else 0.0

    @property
    def moved(self) -> bool:
        """Whether it is an input that was played."""
        return self.told.outcome is not None


class _Waiting:
    """Since when each task, effect and timer waits, and who holds it."""

    def __init__(self) -> None:
        self.opened: dict[str, datetime] = {}
        self.taken: dict[str, datetime] = {}
        self.last: datetime | None = None

    def take(self, told: Told) -> None:
        entry = told.entry
        task = entry.place.get("task", "")
        if entry.verb == "claim":
            self.taken[task] = entry.at
        elif entry.verb in ("release", "delegate"):
            self.taken.pop(task, None)
        for one in _waiting(told.outcome):
            self.opened.setdefault(one, entry.at)
        self.last = entry.at


def tell(chain: Chain, release: ReadRelease, facts: ReadFacts) -> Iterator[Moment]:
    """Each entry as ``engine.replay`` tells it; ends where the telling ends. No effect is performed."""
    before: Outcome | None = None
    waiting = _Waiting()
    for told in replay(chain, release, facts):
        task = told.entry.place.get("task", "")
        since = waiting.opened.get(task, waiting.last)
        taken = waiting.taken.get(task) if told.outcome else None
        after = told.outcome or before
        yield Moment(told, before, after, since, taken, _operation(task, before))
        waiting.take(told)
        before = after


def _waiting(outcome: Outcome | None) -> Iterator[str]:
    if outcome:
        yield from (one.id for one in outcome.tasks)
        yield from (one.id for one in outcome.effects)
        yield from (one.id for one in outcome.timers)


def _operation(task: str, before: Outcome | None) -> str:
    effects = before.effects if before else ()
    return next((one.operation for one in effects if one.id == task), "")


def local_of(moment: Moment) -> Mapping[str, Any]:
    """What the completed task alone saw: its multi-instance item."""
    task = moment.told.entry.place.get("task", "")
    tasks = moment.before.tasks if moment.before else ()
    return next((one.local for one in tasks if one.id == task), {})


def changes(moment: Moment, whole: Iterable[Pointer] = ()) -> list[tuple[Pointer, Any, Any]]:
    """(pointer, before, after) of every value of the case that differs; ``whole``: not taken apart."""
    if not moment.moved or moment.after is None:
        return []
    kept = frozenset(whole)
    old = dict(leaves(moment.before.data if moment.before else {}, "", kept))
    new = dict(leaves(moment.after.data, "", kept))
    pointers = [*new, *(one for one in old if one not in new)]
    return [(one, old.get(one), new.get(one)) for one in pointers if old.get(one) != new.get(one)]


def leaves(data: Any, at: str, whole: Collection[str]) -> Iterator[tuple[Pointer, Any]]:
    """Each value with its pointer; ``whole``: pointers that are not taken apart."""
    if not isinstance(data, Mapping) or at in whole or "digest" in data:
        yield at, data
        return
    for key, value in data.items():
        if at or key not in OWN:
            yield from leaves(value, f"{at}/{key}", whole)


def clocks_moved(moment: Moment) -> tuple[Any, ...]:
    """The periods that this entry began, stopped, moved or ended."""
    if not moment.moved or moment.after is None:
        return ()
    before = set(map(repr, moment.before.clocks if moment.before else ()))
    return tuple(one for one in moment.after.clocks if repr(one) not in before)
