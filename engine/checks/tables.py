"""Do decision tables decide: no rows that contradict each other, no gaps, no rows that never act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.decisions import analyse_tables, read_decisions
from engine.diagram import Diagram, Node
from engine.errors import Invalid
from engine.feel import FeelError, parse
from engine.model import Finding

from .subject import Subject

CHOOSING = ("exclusiveGateway", "inclusiveGateway")


def tables(subject: Subject) -> Iterator[Finding]:
    """What the analysis of each decision table finds, with an example row.

    A gap is an error where a gateway without a default waits for the result: the case would stop.
    """
    for name, task in _asked(subject).items():
        content = subject.own(f"{name}.dmn")
        try:
            found = analyse_tables(read_decisions(content or b""))
            yield from (_placed(subject, one, task) for one in found)
        except Invalid:
            continue  # ``references.decisions`` says why it cannot be read


def _asked(subject: Subject) -> dict[str, Node]:
    """The first task that asks for each decision."""
    found: dict[str, Node] = {}
    for node in subject.diagram.nodes.values():
        if node.type == "businessRuleTask" and node.decision:
            found.setdefault(node.decision, node)
    return found


def _placed(subject: Subject, one: Finding, task: Node) -> Finding:
    needed = one.code == "table_gap" and _is_needed(subject.diagram, task.result)
    own = f"{subject.folder}{task.decision}.dmn"
    file = own if own in subject.files else f"shared/{task.decision}.dmn"
    params = {"element": one.element, "name": one.element, **one.params}
    return replace(one, level="error" if needed else one.level, file=file, params=params)


def _is_needed(diagram: Diagram, result: str) -> bool:
    """Whether a gateway without a default chooses by what was decided."""
    asking = [
        diagram.flows[flow].condition
        for node in diagram.nodes.values()
        if node.type in CHOOSING and not node.default
        for flow in node.outgoing
        if flow in diagram.flows
    ]
    return any(_reads(condition, result) for condition in asking)


def _reads(condition: str, result: str) -> bool:
    try:
        names = parse(condition).names if condition else frozenset()
    except FeelError:
        return False
    return any(f"{name}.".startswith(f"{result}.") for name in names)


RULES = (tables,)
