"""The facts of many cases added up: each number with in how many cases it came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.model import Way

from .ways import fact

VISITS = ("entered", "done", "cancelled", "joined", "open", "again")
REWORK = ("returned", "given_back", "handed_on", "stopped", "corrected")
CLOCK = ("started", "kept", "breached", "running", "paused", "extended")


@dataclass(frozen=True, slots=True)
class Count:
    """How often, and in how many cases; ``fact``: what to look for in them."""

    times: int
    cases: int
    fact: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Lengths of time in seconds, of three figures each: of ``count``, half took at most ``median``,
    nine of ten at most ``p90`` (nearest rank); None where there was none.
    """

    count: int
    median: int | None
    p90: int | None
    total: int


@dataclass(frozen=True, slots=True)
class Step:
    """One element: its visits by VISITS, how long it waited to be taken up and was worked on."""

    scope: str
    element: str
    visits: Mapping[str, Count]
    waited: Spread
    worked: Spread


@dataclass(frozen=True, slots=True)
class Line:
    """A row with one number. ``words``: what the fact says after its kind."""

    words: tuple[str, ...]
    count: Count


@dataclass(frozen=True, slots=True)
class Period:
    """What became of the clocks of one rule, by CLOCK."""

    rule: str
    counts: Mapping[str, Count]


class Figures:
    """Sums of facts. What it holds grows with the kinds of facts there are, not with the cases."""

    def __init__(self, ways: Iterable[Way] = ()) -> None:
        self.cases = 0
        self._times: Counter[str] = Counter()
        self._in: Counter[str] = Counter()
        self._lengths: dict[str, Counter[int]] = {}
        for way in ways:
            self.add(way.facts)
            for told, seconds in way.lengths:
                self.last(told, (seconds,))

    def add(self, facts: Sequence[str], cases: int = 1) -> None:
        """What came about in each of so many cases."""
        self.cases += cases
        for told, times in Counter(facts).items():
            self._times[told] += times * cases
            self._in[told] += cases

    def last(self, told: str, seconds: Iterable[int]) -> None:
        """How long something took, each time that it came about."""
        self._lengths.setdefault(told, Counter()).update(seconds)

    def count(self, *words: str) -> Count:
        """How often a fact came about."""
        wanted = fact(*words)
        return Count(self._times[wanted], self._in[wanted], wanted)

    @cached_property
    def _kinds(self) -> Mapping[str, list[tuple[str, ...]]]:
        found: dict[str, list[tuple[str, ...]]] = {}
        for one in sorted(self._times):
            kind, *words = one.split("\t")
            found.setdefault(kind, []).append(tuple(words))
        return found

    def _lines(self, kind: str) -> list[Line]:
        """The most frequent first."""
        lines = [Line(words, self.count(kind, *words)) for words in self._kinds.get(kind, ())]
        return sorted(lines, key=lambda line: (-line.count.times, line.words))

    # Where --------------------------------------------------------------------------------

    def steps(self) -> list[Step]:
        """Every element that was entered, by scope and id."""
        waited, worked = self._spreads("waited"), self._spreads("worked")
        return [
            Step(
                scope,
                element,
                {kind: self.count(kind, scope, element) for kind in VISITS},
                waited.get((scope, element), NONE),
                worked.get((scope, element), NONE),
            )
            for scope, element in self._kinds.get("entered", ())
        ]

    def _spreads(self, kind: str) -> dict[tuple[str, str], Spread]:
        told = ((one.split("\t"), lengths) for one, lengths in self._lengths.items())
        return {(scope, element): spread(of) for (is_, scope, element), of in told if is_ == kind}

    def flows(self) -> list[Line]:
        """Every sequence flow that was taken: (scope, flow)."""
        return self._lines("flow")

    # How ----------------------------------------------------------------------------------

    def variants(self) -> list[Line]:
        """The ways that cases went: (digest,)."""
        return self._lines("variant")

    def loops(self) -> list[Line]:
        """What was entered although it had been left before in the same case: (scope, element)."""
        return self._lines("again")

    def rework(self) -> list[tuple[str, Line]]:
        """What was done twice or had to be mended, each with its kind of REWORK."""
        return [(kind, line) for kind in REWORK for line in self._lines(kind)]

    def handovers(self) -> list[Line]:
        """From which organisation to which the next act passed."""
        return self._lines("handover")

    def periods(self) -> list[Period]:
        """Every rule that set a period, the most often breached first."""
        rules = sorted({rule for rule, _ in self._kinds.get("clock", ())})
        found = [
            Period(rule, {what: self.count("clock", rule, what) for what in CLOCK})
            for rule in rules
        ]
        return sorted(found, key=lambda one: -one.counts["breached"].times)


def spread(lengths: Mapping[int, int]) -> Spread:
    """Of seconds with how often each came about."""
    count = sum(lengths.values())
    total = sum(seconds * times for seconds, times in lengths.items())
    return Spread(count, _rank(lengths, count, 50), _rank(lengths, count, 90), total)


def _rank(lengths: Mapping[int, int], count: int, percent: int) -> int | None:
    """The smallest length that at least so many percent do not exceed."""
    reached = 0
    for seconds in sorted(lengths):
        reached += lengths[seconds]
        if reached * 100 >= count * percent:
            return seconds
    return None


NONE = Spread(0, None, None, 0)


def bottlenecks(steps: Iterable[Step], tasks: Iterable[tuple[str, str]]) -> Iterator[Step]:
    """Of these tasks (scope, element) those that were waited for, the longest sum first."""
    wanted = set(tasks)
    waiting = [step for step in steps if step.waited.total and (step.scope, step.element) in wanted]
    yield from sorted(waiting, key=lambda step: (-step.waited.total, step.scope, step.element))
