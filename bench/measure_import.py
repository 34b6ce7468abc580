"""What bringing a diagram from elsewhere takes: read, laid out where it has no drawing, checked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from time import process_time

from engine.checks import check
from engine.diagram.xml import BPMN
from engine.importing import read_import

from . import Figure

USUAL, LARGE, LANES = 60, 400, 5


def measure() -> Iterator[Figure]:
    """A procedure of lanes, choices and loops without a drawing, usual and large."""
    for count in (USUAL, LARGE):
        xml = _drawn(count)
        begun = process_time()
        files = read_import(xml).files
        brought = process_time() - begun
        check(files, "p")
        checked = process_time() - begun - brought
        yield Figure(f"import: {count} elements without a drawing", brought, "s CPU", "<= 1")
        yield Figure(f"import: {count} elements, all checks", checked, "s CPU", "<= 1")


def _drawn(count: int) -> bytes:
    """Steps one after another over the lanes; each fifth is a choice that leads on or back."""
    chance = random.Random(count)
    names = [f"n{number}" for number in range(count)]
    flows = [*pairwise(names)]
    for number in range(4, count - 1, 5):
        aim = min(count - 1, max(1, number + chance.randint(-10, 15)))
        flows.append((names[number], names[aim]))
    lanes = "".join(
        f'<lane id="l{lane}">'
        + "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in _in_lane(names, lane))
        + "</lane>"
        for lane in range(LANES)
    )
    nodes = "".join(
        f'<{_kind(n, count)} id="{name}" name="核对 {n}"/>' for n, name in enumerate(names)
    )
    lines = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{one}" targetRef="{other}"/>'
        for n, (one, other) in enumerate(flows)
    )
    inside = f'<laneSet id="lanes">{lanes}</laneSet>{nodes}{lines}'
    return f'<definitions xmlns="{BPMN}"><process id="p">{inside}</process></definitions>'.encode()


def _in_lane(names: list[str], lane: int) -> list[str]:
    return [name for number, name in enumerate(names) if number // 7 % LANES == lane]


def _kind(number: int, count: int) -> str:
    if number in (0, count - 1):
        return "endEvent" if number else "startEvent"
    return "exclusiveGateway" if number % 5 == 4 else "userTask"
