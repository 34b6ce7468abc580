"""One case as facts: what happened to which element how often, and how long it took.

A fact is a line of words between tabs, its kind first; a case has each as often as it happened.

====================================  ======================================================
entered                               scope, element: each visit, and how it ended so far:
done, cancelled, joined, open         joined = taken along by another through a join
again                                 scope, element: entered although it had been left before
waited, worked                        scope, element, with seconds beside: until it was taken up,
                                      then until done
flow                                  scope, flow
returned                              scope, element, from: open again after ``from`` was completed
given_back, handed_on, stopped        scope, element: a task released, delegated; an input held
corrected                             data mended by a supervisor
handover                              organisation, the one that acted next; PARTIES for parties
clock                                 rule, then started and one of kept, breached, running;
                                      paused, extended
variant                               digest of the path
====================================  ======================================================

Of a multi-instance activity its items count and not their frame; what has others inside has no times
of its own. Seconds keep three figures. Of a case that was moved to another release each fact belongs to
the one under which it happened: a visit and a period to that under which it ended or stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.access import OUTSIDE
from engine.model import SYSTEM, Case, Entry, OpenTask, Outcome, Passed, Place, Walk, Way
from engine.replay import Chain, ReadFacts, ReadRelease, Told, replay
from engine.spiff import renamed_place

from .periods import OF_PERIODS, Periods
from .ways import Apart

PARTIES = "parties"
"""In place of an organisation where parties act themselves."""
LEFT = ("done", "cancelled")
MEDIATOR = "MEDIATOR"
WHOLE = (int, Decimal)
Key = tuple[str, str, int | None]
OfficeOf = Callable[[str], str]
"""The organisation of a case by its id, "" where it is not known."""


def three_figures(seconds: float) -> int:
    """Whole seconds, of which only the first three figures count."""
    whole = int(seconds)
    unit: int = 10 ** max(0, len(str(whole)) - 3)
    return (whole + unit // 2) // unit * unit


@dataclass(slots=True)
class Visit:
    """One stay at an element."""

    place: Place
    at: datetime
    seq: int
    taken_at: datetime | None = None
    how: str = "open"
    left_at: datetime | None = None
    left_seq: int = 0
    release: str = ""

    def leave(self, how: str, entry: Entry) -> None:
        self.how, self.left_at, self.left_seq = how, entry.at, entry.seq
        self.release = entry.release


def walk(case: Case, chain: Chain, read: tuple[ReadRelease, ReadFacts], office: OfficeOf) -> Walk:
    """The case as its journal tells it; one that does not replay to its end has a fault, no facts."""
    walker = _Walker(office)
    fault, seq = "", case.seq
    for told in replay(chain, *read):
        fault, seq = told.fault, told.entry.seq
        if not fault:
            walker.take(told)
    about = (case.id, seq, case.dossier, case.procedure, case.release, case.org, case.started_at)
    if fault:
        return Walk(*about, fault=fault)
    kept = walker.type, tuple(sorted(walker.mediators)), walker.ways()
    return Walk(*about, *kept, timed=tuple(walker.periods.timed()))


@dataclass
class _Walker:
    """Follows one case entry by entry."""

    office: OfficeOf
    type: str = ""
    mediators: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._visits: list[Visit] = []
        self._here: dict[Place, Visit] = {}
        self._left_once: set[Key] = set()
        self._left: set[Key] = set()  # since the part around it was entered last
        self._around: set[tuple[str, str]] = set()
        self._frames: set[int] = set()  # ids of visits that only hold items
        self._tasks: dict[str, OpenTask] = {}
        self._apart = Apart()
        self.periods = Periods()
        self._office = ""
        self._did = ""

    def take(self, told: Told) -> None:
        """One entry: what it did, then what the step passed."""
        entry, outcome = told.entry, told.outcome
        self._apart.run_under(entry.release or self._apart.release)
        if entry.role == MEDIATOR:
            self.mediators.add(entry.actor)
        if entry.verb.startswith(OF_PERIODS):
            self.periods.touched(entry, _place(entry), told.payload.data)
        if outcome is None:
            self._noted(entry)
            return
        if entry.verb == "move":
            self._rename(told.payload.data.get("names", {}))
        self._acted(entry, told.payload.data, outcome)
        for passed in outcome.trace:
            self._passed(passed, entry)
        self._settle(outcome, entry)
        self._offered(outcome)
        self.periods.take(outcome.clocks, entry)
        self.type = str((outcome.data.get("dispute") or {}).get("type") or "")

    # What was done -------------------------------------------------------------------------

    def _noted(self, entry: Entry) -> None:
        visit = self._here.get(_place(entry))
        place = (str(entry.place.get("scope", "")), entry.element)
        if entry.verb == "held":
            self._apart.tell("stopped", *place)
        if entry.verb == "release":
            self._apart.tell("given_back", *place)
        if entry.verb == "delegate":
            self._apart.tell("handed_on", *place)
        if visit and entry.verb == "release":
            visit.taken_at = None
        if visit and entry.verb in ("claim", "delegate"):
            visit.taken_at = visit.taken_at or entry.at

    def _acted(self, entry: Entry, data: dict[str, Any], outcome: Outcome) -> None:
        if entry.verb == "correct":
            self._apart.tell("corrected")
        if entry.element and entry.verb in ("complete", "fire", "message", "signal"):
            self._apart.act(entry.element)
        if entry.verb == "complete":
            task = self._tasks.get(str(entry.place.get("task")))
            self._did = entry.element
            outside = entry.role in OUTSIDE
            self._handed(PARTIES if outside else task.org if task else "")
        elif entry.verb in ("start", "message"):
            sender, mark, _ = str(data.get("id") or "").partition(":")
            own = str((outcome.data.get("case") or {}).get("org") or "")
            by_person = own if entry.verb == "start" and entry.actor != SYSTEM.person else ""
            self._handed(self.office(sender) if mark else by_person)

    def _handed(self, office: str) -> None:
        if office and self._office and office != self._office:
            self._apart.tell("handover", self._office, office)
        self._office = office or self._office

    # What was passed -----------------------------------------------------------------------

    def _passed(self, passed: Passed, entry: Entry) -> None:
        place = passed.place
        if passed.what == "flow":
            self._apart.tell("flow", place.scope, place.element)
        elif passed.what == "entered":
            self._enter(place, entry)
        elif passed.what in LEFT:
            visit = self._here.pop(place, None) or self._enter(place, entry)
            self._here.pop(place, None)
            visit.leave(passed.what, entry)
            self._left.add(_key(place))
            self._left_once.add(_key(place))

    def _enter(self, place: Place, entry: Entry) -> Visit:
        visit = Visit(place, entry.at, entry.seq)
        self._visits.append(visit)
        self._here[place] = visit
        if _key(place) in self._left_once:
            self._apart.tell("again", place.scope, place.element)
        self._begin_anew(place)
        if place.scope:
            scope, _, part = place.scope.rpartition("/")
            self._around.add((scope, part))
        if place.item is not None:
            self._frame(place)
        return visit

    def _rename(self, names: dict[str, str]) -> None:
        """The case goes on under another release: whatever goes on there bears the ids of it."""

        def there(key: Key) -> Key:
            scope, element, item = key
            return _key(renamed_place(names, Place(element, scope, item)))

        for visit in self._here.values():
            visit.place = renamed_place(names, visit.place)
        self._here = {visit.place: visit for visit in self._here.values()}
        self._left_once = set(map(there, self._left_once))
        self._left = set(map(there, self._left))
        self._around |= {there((*around, None))[:2] for around in self._around}

    def _begin_anew(self, place: Place) -> None:
        """What lies inside a part that is entered once more was not completed in it yet."""
        if (place.scope, place.element) in self._around:
            inside = f"{place.scope}/{place.element}".strip("/")
            self._left = {one for one in self._left if not f"{one[0]}/".startswith(f"{inside}/")}

    def _frame(self, item: Place) -> None:
        """What stands open at the same element without being an item only holds the items."""
        for place, visit in self._here.items():
            if (place.scope, place.element, place.item) == (item.scope, item.element, None):
                self._frames.add(id(visit))

    def _settle(self, outcome: Outcome, entry: Entry) -> None:
        """Tokens that another one took along through a join are gone; at the end of a case all are."""
        done = {_key(one.place) for one in outcome.trace if one.what == "done"}
        live = set(_live(outcome))
        holding = {f"{place.scope}/" for place in live}
        gone = dict.fromkeys(self._here, "cancelled") if outcome.ended else {}
        for place in self._here.keys() - live:
            inside = f"{place.scope}/{place.element}/".lstrip("/")
            if _key(place) in done and not any(one.startswith(inside) for one in holding):
                gone[place] = "joined"
        for place, how in gone.items():
            self._here.pop(place).leave(how, entry)

    def _offered(self, outcome: Outcome) -> None:
        """A task that people get although it had been completed before came back."""
        for task in outcome.tasks:
            if task.id not in self._tasks and _key(task.place) in self._left:
                where = (task.place.scope, task.place.element)
                self._apart.tell("returned", *where, self._did)
        self._tasks = {task.id: task for task in outcome.tasks}

    # What it came to -----------------------------------------------------------------------

    def ways(self) -> tuple[Way, ...]:
        """Everything that was told, once all entries are."""
        for visit in self._visits:
            if id(visit) not in self._frames:
                self._visited(visit)
        for release, *words in self.periods.told():
            self._apart.tell("clock", *words, under=release)
        return self._apart.ways()

    def _visited(self, visit: Visit) -> None:
        where, under = (visit.place.scope, visit.place.element), visit.release
        self._apart.tell("entered", *where, under=under)
        self._apart.tell(visit.how, *where, under=under)
        if visit.left_at is None or visit.left_seq == visit.seq or where in self._around:
            return
        taken_at = visit.taken_at or visit.left_at
        waited = three_figures((taken_at - visit.at).total_seconds())
        self._apart.last("waited", *where, seconds=waited, under=under)
        if visit.taken_at:
            worked = three_figures((visit.left_at - visit.taken_at).total_seconds())
            self._apart.last("worked", *where, seconds=worked, under=under)


def _key(place: Place) -> Key:
    return place.scope, place.element, place.item


def _live(outcome: Outcome) -> Iterator[Place]:
    """Where people, the world, time or messages are waited for."""
    yield from (one.place for one in outcome.tasks)
    yield from (one.place for one in outcome.effects)
    yield from (one.place for one in outcome.timers)
    yield from (one.place for one in outcome.subscriptions)


def _place(entry: Entry) -> Place:
    """Where an entry happened; nowhere that was visited, if it was damaged."""
    item, occurrence = entry.place.get("item"), entry.place.get("occurrence")
    return Place(
        entry.element,
        str(entry.place.get("scope", "")),
        int(item) if isinstance(item, WHOLE) else None,
        int(occurrence) if isinstance(occurrence, WHOLE) else 0,
    )
