"""Can every expression be read: FEEL in conditions, timers, scripts, parameters, keys, loops."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.diagram import Diagram, EventDefinition, MultiInstance, Node
from engine.errors import EngineError
from engine.feel import FeelError, parse
from engine.model import Finding
from engine.spiff.timers import is_literal
from engine.texts import Lang
from engine.texts import text as text_of

from .subject import Subject

PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
CODES = re.compile(r"[A-Z][A-Z0-9_]*(\s+[A-Z][A-Z0-9_]*)*")
LANGS: tuple[Lang, ...] = ("zh", "en")
IDENTIFIER = re.compile(r"[A-Za-z]\w*")


def expressions(diagram: Diagram) -> Iterator[tuple[str, str]]:
    """(element id, FEEL text) of every expression in a diagram."""
    for flow in diagram.flows.values():
        yield flow.id, flow.condition
    for message in diagram.messages.values():
        yield message.id, message.key
        yield from ((message.id, value) for value in message.payload.values())
    for lane in diagram.lanes.values():
        if not CODES.fullmatch(lane.role):
            yield lane.id, lane.role
    for node in diagram.nodes.values():
        for text in _of_node(node):
            yield node.id, text


def _of_node(node: Node) -> Iterator[str]:
    yield from (node.org, node.person, node.party, node.script, *node.params.values())
    for mark in node.clocks:
        yield from (mark.from_, mark.until)
        if not IDENTIFIER.fullmatch(mark.rule):
            yield mark.rule
    for event in node.events:
        yield from _of_event(event)
    if isinstance(node.loop, MultiInstance):
        yield from (node.loop.cardinality, node.loop.collection, node.loop.completion)
    elif node.loop is not None:
        yield node.loop.condition
    for one in node.associations:
        yield from (one.transformation, *(source for source, _ in one.assignments))


def _of_event(event: EventDefinition) -> Iterator[str]:
    yield event.condition
    if event.timer and not is_literal(event.timer):
        yield event.timer
    if event.clock and not IDENTIFIER.fullmatch(event.clock):
        yield event.clock


def readable(subject: Subject) -> Iterator[Finding]:
    """Each parses; where not, the finding says where in it and what was expected."""
    for element, text in expressions(subject.diagram):
        if not text:
            continue
        try:
            parse(text)
        except FeelError as error:
            yield subject.finding(
                "expression_invalid",
                element,
                text=text[:120],
                line=error.params.get("line", 1),
                column=error.params.get("column", 1),
                **reasons(error),
            )


def reasons(error: EngineError) -> dict[str, str]:
    """Why something was refused, in both languages, to stand inside another sentence."""
    return {f"reason_{lang}": text_of(error.code, lang, error.params) for lang in LANGS}


def results(subject: Subject) -> Iterator[Finding]:
    """What gives a result says where it goes, as a plain path into the case's data."""
    for node in subject.diagram.nodes.values():
        gives = node.type in ("scriptTask", "businessRuleTask")
        if gives and not node.result:
            yield subject.finding("result_missing", node.id)
        if node.result and not PATH.fullmatch(node.result):
            yield subject.finding("result_not_path", node.id, path=node.result)
        loop = node.loop
        if isinstance(loop, MultiInstance) and loop.output and not PATH.fullmatch(loop.output):
            yield subject.finding("result_not_path", node.id, path=loop.output)


RULES = (readable, results)
