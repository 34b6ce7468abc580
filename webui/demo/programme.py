"""Which stories the demonstration tells, and how far: all ends, open work for all roles, a pause."""

from __future__ import annotations

import json
import random
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from engine.diagram import Diagram, read_diagram
from webui.wiring import bundled


@dataclass(frozen=True, slots=True)
class Tale:
    """A scenario to be told: of which procedure, and its file as plain JSON."""

    procedure: str
    script: Mapping[str, Any]


Told = tuple[Tale, int]
"""A tale and after how many of its steps it stops."""
FINISHED = 10
"""So many whole tales come before open work: a small demonstration has something to look back on."""


def read_tales() -> list[Tale]:
    """All bundled ones but those told about other registers than the county keeps."""
    found = [
        Tale(name, json.loads(files[path]))
        for name, files in sorted(bundled().items())
        for path in sorted(files)
        if path.startswith("scenarios/")
    ]
    return [tale for tale in found if "registers" not in tale.script]


def programme(tales: list[Tale], count: int, chance: random.Random) -> Iterator[Told]:
    """``count`` tales: one with a clock that stands still, a few whole ones, one for each role with
    open work, as few as reach every end event, and for the rest any, cut short somewhere."""
    chance.shuffle(tales)
    diagrams = {name: read_diagram(files["process.bpmn"]) for name, files in bundled().items()}
    paused = ((tale, _paused_at(tale)) for tale in tales if _paused_at(tale))
    waiting = (stop for tale in tales for stop in _waits(tale, diagrams[tale.procedure]))
    whole = (
        ((tale, len(tale.script["steps"])), _ends(tale, diagrams[tale.procedure])) for tale in tales
    )
    ends = _fewest(whole)
    first = islice(paused, 1), islice(ends, FINISHED)
    return islice(chain(*first, _fewest(waiting), ends, _anywhere(tales, chance)), count)


def _anywhere(tales: Sequence[Tale], chance: random.Random) -> Iterator[Told]:
    while tales:
        tale = chance.choice(tales)
        yield tale, chance.randint(0, max(0, len(tale.script["steps"]) - 1))


def _fewest(offered: Iterable[tuple[Told, set[Hashable]]]) -> Iterator[Told]:
    """Those of which each next one brings most that is still missing."""
    brought = list(offered)
    missing = set[Hashable]().union(*(brings for _, brings in brought))
    while missing:
        best, brings = max(brought, key=lambda pair: len(pair[1] & missing))
        missing -= brings
        yield best


def _ends(tale: Tale, diagram: Diagram) -> set[Hashable]:
    """The end events of its procedure that a tale says it passes."""
    said = [tale.script["expect"], *(step.get("expect", {}) for step in tale.script["steps"])]
    passed = {name for one in said for name in (*one.get("passed", ()), one.get("ended"))}
    ends = {node.id for node in diagram.nodes.values() if node.type == "endEvent"}
    return {(tale.procedure, name) for name in passed & ends}


def _waits(tale: Tale, diagram: Diagram) -> Iterator[tuple[Told, set[Hashable]]]:
    """After how many steps a tale waits for which role."""
    for number, step in enumerate(tale.script["steps"]):
        node = diagram.nodes.get(step.get("task", ""))
        if node and node.role:
            yield (tale, number), {node.role}


def _paused_at(tale: Tale) -> int:
    """After how many steps a clock of this tale stands still; 0 if none ever does."""
    for number, step in enumerate(tale.script["steps"], 1):
        if "paused" in step.get("expect", {}).get("clocks", {}).values():
            return number
    return 0
