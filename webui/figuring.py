"""Figures in words: one table for each picture, for the page, for files and for the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.diagram import EVENTS, GATEWAYS, Flow, Node, read_diagram
from engine.figures import (
    CLOCK,
    PARTIES,
    VISITS,
    Count,
    Figures,
    Line,
    Period,
    Spread,
    Step,
    bottlenecks,
)
from engine.model import Bilingual, Release

from .registers import SHARED, rules
from .words import words

TABLES = (
    *("steps", "flows", "bottlenecks", "variants", "loops"),
    *("rework", "clocks", "handovers"),
)
TEXTS = ("step", "flow", "variant", "kind", "after", "rule", "giver")
"""Columns of words; all others hold numbers."""
MOST_VARIANTS = 20
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True)
class Cell:
    """``value``: as a machine reads it, lengths in seconds; ``count``: leads to the cases behind it;
    ``refs``: the articles that say so.
    """

    value: Any
    text: str
    count: Count | None = None
    refs: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, int)


@dataclass(frozen=True, slots=True)
class Table:
    """``columns``: (key, words)."""

    id: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Cell]]

    def plain(self) -> list[dict[str, Any]]:
        """Each row by the keys of its columns."""
        keys = [key for key, _ in self.columns]
        return [dict(zip(keys, (cell.value for cell in row), strict=True)) for row in self.rows]


@cache
def dispute_types() -> Mapping[str, Bilingual]:
    """What types of disputes are called, by code."""
    types = json.loads((SHARED / "types.json").read_text("utf-8"))
    named: Mapping[str, Bilingual] = types["$defs"]["dispute_type"]["ui"]["options"]
    return named


class Naming:
    """What elements of a release, organisations and rules are called in a language."""

    def __init__(self, release: Release, offices: Mapping[str, str], language: str) -> None:
        names = sorted(name for name in release.files if name.endswith("process.bpmn"))
        drawings = [read_diagram(release.files[name]) for name in names]
        main = read_diagram(release.files["process.bpmn"])
        self.language = language
        self.nodes: dict[str, Node] = {}
        self._flows: dict[str, Flow] = {}
        self._offices = offices
        for drawing in (*drawings, main):
            self.nodes |= drawing.nodes
            self._flows |= drawing.flows

    def say(self, key: str, **params: Any) -> str:
        """A word of figures.toml."""
        return words()[f"figures.{key}"][self.language].format(**params)

    def step(self, element: str) -> str:
        """Gateways without a name are called what they are."""
        node = self.nodes.get(element)
        if node and not node.name and f"outline.{node.type}" in words():
            return f"{words()[f'outline.{node.type}'][self.language]} ({element})"
        return self._pick(node.name, element) if node else element

    def flow(self, flow: str) -> str:
        """From where to where, and under which condition if it is drawn."""
        drawn = self._flows.get(flow)
        if drawn is None:
            return flow
        way = f"{self.step(drawn.source)} → {self.step(drawn.target)}"
        label = self._pick(drawn.name, "")
        return f"{way} ({label})" if label else way

    def office(self, org: str) -> str:
        return self.say("parties") if org == PARTIES else self._offices.get(org, org)

    def rule(self, rule: str) -> str:
        known = rules().get(rule)
        return self._pick(known.name, rule) if known else rule

    def fact(self, fact: str) -> str:
        """What a fact says."""
        kind, *rest = fact.split("\t")
        if f"figures.{kind}" not in words() or kind == "variant":
            return self.say("variant")
        if kind == "handover" and len(rest) == 2:
            return f"{self.say(kind)}: {self.office(rest[0])} → {self.office(rest[1])}"
        if kind == "flow" and len(rest) == 2:
            return self.flow(rest[1])
        return f"{self.say(kind)}: {self.step(rest[1])}" if len(rest) > 1 else self.say(kind)

    def lasted(self, seconds: int | None) -> str:
        """In its two largest units: 3 天 4 小时."""
        if seconds is None:
            return ""
        found: list[str] = []
        for unit, size in UNITS:
            count, seconds = divmod(seconds, size)
            if count:
                found.append(self.say(unit if count == 1 else f"{unit}s", count=count))
            if found and (len(found) == 2 or not count):
                break
        return " ".join(found) or self.say("at_once")

    def is_task(self, element: str) -> bool:
        """Whether somebody works there: neither an event nor a gateway."""
        node = self.nodes.get(element)
        return node is not None and node.type not in EVENTS | GATEWAYS

    def _pick(self, label: Mapping[str, str], otherwise: str) -> str:
        return label.get(self.language) or label.get("zh") or otherwise


@dataclass(frozen=True)
class Tables:
    """Makes the tables of some figures; ``paths``: element ids by variant."""

    figures: Figures
    naming: Naming
    paths: Mapping[str, Sequence[str]]

    def all(self) -> list[Table]:
        """Every table, in the order in which they are read."""
        return [self.one(name) for name in TABLES]

    def one(self, name: str) -> Table:
        """The table of that name."""
        columns, rows = getattr(self, f"_{name}")()
        return Table(name, [(key, self._head(key)) for key in columns], list(rows))

    def _head(self, key: str) -> str:
        return self.naming.say(key) if f"figures.{key}" in words() else self.naming.office(key)

    # Cells --------------------------------------------------------------------------------

    def _step(self, scope: str, element: str) -> Cell:
        return Cell(f"{scope}/{element}".strip("/"), self.naming.step(element))

    def _length(self, seconds: int | None) -> Cell:
        return Cell(seconds, self.naming.lasted(seconds))

    def _share(self, part: int, whole: int) -> Cell:
        percent = round(100 * part / whole) if whole else 0
        return Cell(percent, f"{percent} %")

    # Tables -------------------------------------------------------------------------------

    def _steps(self) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
        times = ("waited_median", "waited_p90", "waited_total", "worked_median", "worked_p90")
        columns = ("step", *VISITS, *times)
        return columns, (
            (
                self._step(step.scope, step.element),
                *(_number(step.visits[kind]) for kind in VISITS),
                *self._lengths(step.waited),
                self._length(step.worked.median),
                self._length(step.worked.p90),
            )
            for step in self._ordered()
        )

    def _ordered(self) -> list[Step]:
        """The most often entered first."""
        return sorted(self.figures.steps(), key=lambda one: -one.visits["entered"].times)

    def _lengths(self, some: Spread) -> Iterator[Cell]:
        yield from map(self._length, (some.median, some.p90, some.total if some.count else None))

    def _flows(self) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
        return ("flow", "times", "cases"), (
            (Cell(line.words[1], self.naming.flow(line.words[1])), *_numbers(line))
            for line in self.figures.flows()
        )

    def _bottlenecks(self) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
        steps = self.figures.steps()
        tasks = [(s.scope, s.element) for s in steps if self.naming.is_task(s.element)]
        found = list(bottlenecks(steps, tasks))
        whole = sum(step.waited.total for step in found)
        columns = ("step", "waited_total", "share", "waited_median", "waited_p90", "open")
        return columns, (
            (
                self._step(step.scope, step.element),
                self._length(step.waited.total),
                self._share(step.waited.total, whole),
                self._length(step.waited.median),
                self._length(step.waited.p90),
                _number(step.visits["open"]),
            )
            for step in found
        )

    def _variants(self) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
        def way(line: Line) -> Cell:
            path = self.paths.get(line.words[0], ())
            names = " → ".join(map(self.naming.step, path))
            return Cell(" ".join(path), names or self.naming.say("nothing_yet"))

        return ("variant", "cases", "share"), (
            (way(line), _number(line.count), self._share(line.count.cases, self.figures.cases))
            for line in self.figures.variants()[:MOST_VARIANTS]
        )

    def _loops(self) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
        return ("step", "times", "cases"), (
            (self._step(*line.words), *_numbers(line)) for line in self.figures.loops()
        )

    def _rework(self) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
        def row(kind: str, line: Line) -> Sequence[Cell]:
            scope, element, by = (*line.words, "", "", "")[:3]
            where, after = self._step(scope, element), Cell(by, self.naming.step(by))
            return Cell(kind, self.naming.say(kind)), where, after, *_numbers(line)

        found = self.figures.rework()
        return ("kind", "step", "after", "times", "cases"), (row(*one) for one in found)

    def _clocks(self) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
        def row(one: Period) -> Sequence[Cell]:
            known = rules().get(one.rule)
            basis = known.basis if known else ()
            decided = one.counts["kept"].times + one.counts["breached"].times
            share = self._share(one.counts["kept"].times, decided) if decided else Cell(None, "")
            name = Cell(one.rule, self.naming.rule(one.rule), refs=basis)
            return name, *(_number(one.counts[what]) for what in CLOCK), share

        return ("rule", *CLOCK, "kept_share"), map(row, self.figures.periods())

    def _handovers(self) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
        lines = self.figures.handovers()
        givers = sorted({line.words[0] for line in lines})
        takers = sorted({line.words[1] for line in lines})

        def row(giver: str) -> Sequence[Cell]:
            numbers = (_number(self.figures.count("handover", giver, taker)) for taker in takers)
            return Cell(giver, self.naming.office(giver)), *numbers

        return ("giver", *takers), map(row, givers)


def _number(count: Count) -> Cell:
    return Cell(count.times, f"{count.times:,}", count)


def _numbers(line: Line) -> Iterable[Cell]:
    return _number(line.count), Cell(line.count.cases, f"{line.count.cases:,}")
