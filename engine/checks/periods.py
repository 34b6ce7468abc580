"""Does a clock run where the law sets one: a step that cites a period's basis has it in its procedure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.diagram import Diagram, read_diagram
from engine.errors import Invalid
from engine.model import Bilingual, Finding
from engine.package import DIAGRAM

from .subject import Subject


def clocks_run(subject: Subject) -> Iterator[Finding]:
    """Warns at the first step that cites all of a period's basis while no such period runs.

    Of periods on one basis any will do. Those marked ``optional`` in the register share their
    article with much else: they are missed only in the procedure in which they run. An expression
    may name any period: then nothing is said.
    """
    rules = subject.register("rules")
    running = {name for diagram in _diagrams(subject) for name in _running(diagram)}
    if running - rules.keys():
        return
    held = {ref for name in running for ref in rules[name].get("basis", ())}
    cited: dict[str, str] = {}
    for node in subject.diagram.nodes.values():
        for ref in node.basis:
            cited.setdefault(ref, node.id)
    for name, rule in rules.items():
        basis = set(rule.get("basis", ()))
        if basis and not basis & held and basis <= cited.keys() and _is_due(subject, rule):
            yield _missing(subject, cited[rule["basis"][0]], name, rule)


def _is_due(subject: Subject, rule: Mapping[str, Any]) -> bool:
    told = rule.get("optional")
    return told.get("in") == subject.context.own if isinstance(told, Mapping) else not told


def _missing(subject: Subject, element: str, name: str, rule: Mapping[str, Any]) -> Finding:
    words: Bilingual = {"zh": rule.get("zh", name), "en": rule.get("en", name)}
    refs = ", ".join(rule["basis"])
    return subject.warning("clock_missing", element, rule=name, period=words, basis=refs)


def _diagrams(subject: Subject) -> Iterator[Diagram]:
    """The diagrams of the package: a called procedure's clock runs for the same case."""
    for name, content in subject.files.items():
        if name.rpartition("/")[2] == DIAGRAM:
            try:
                yield read_diagram(content)
            except Invalid:
                continue


def _running(diagram: Diagram) -> Iterator[str]:
    for node in diagram.nodes.values():
        yield from (clock.rule for clock in node.clocks)
        yield from (event.clock for event in node.events if event.clock)


RULES = (clocks_run,)
