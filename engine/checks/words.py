"""Can people read it: labels, purposes and reasons in both languages, ids that say what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.diagram import Node
from engine.model import Bilingual, Finding

from .subject import Subject

SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
PARTICIPLE = re.compile(
    r"\w*(ed|en|wn|ept|ent|elt|ught|ound|one|lost|left|paid|said|held|told|made|sold|met|put|cut|"
    r"set|shut|won|run|led|fed|built|begun)"
)
CHOICES = ("exclusiveGateway", "inclusiveGateway")
UNNAMED = ("parallelGateway", "eventBasedGateway", "complexGateway")
LANGS = ("zh", "en")


def labels(subject: Subject) -> Iterator[Finding]:
    """Every step, event, choice, arm, lane and the procedure itself has a name in zh and en."""
    diagram = subject.diagram
    yield from _words(subject, diagram.process_id, diagram.name)
    for lane in diagram.lanes.values():
        yield from _words(subject, lane.id, lane.name)
    for node in diagram.nodes.values():
        if _needs_label(node):
            yield from _words(subject, node.id, node.name)
        if _is_choice(node):
            for flow in node.outgoing:
                yield from _words(subject, flow, diagram.flows[flow].name)


def _words(subject: Subject, element: str, words: Bilingual) -> Iterator[Finding]:
    missing = [lang for lang in LANGS if not words.get(lang)]
    if len(missing) == len(LANGS):
        yield subject.finding("label_missing", element)
    elif missing:
        yield subject.finding(f"label_missing_{missing[0]}", element)


def _needs_label(node: Node) -> bool:
    """Joins, and the plain start inside a sub-process, speak for themselves."""
    if node.type in CHOICES:
        return _is_choice(node)
    if node.type == "startEvent" and node.scope and not node.events:
        return False
    return node.type not in UNNAMED


def _is_choice(node: Node) -> bool:
    return node.type in CHOICES and len(node.outgoing) > 1


def notes(subject: Subject) -> Iterator[Finding]:
    """Notes on the diagram are there for readers of either language."""
    for note in subject.diagram.annotations.values():
        yield from _words(subject, note.id, note.text)


def purposes(subject: Subject) -> Iterator[Finding]:
    """A person's step says what it is for, in both languages, and on what it rests."""
    for node in subject.diagram.nodes.values():
        if node.type != "userTask":
            continue
        for lang in LANGS:
            if not node.purpose.get(lang):
                yield subject.finding(f"purpose_missing_{lang}", node.id)
        if not node.basis:
            yield subject.finding("basis_missing", node.id)


def effects(subject: Subject) -> Iterator[Finding]:
    """An effect in law is said in both languages, and never without what it rests on."""
    for node in subject.diagram.nodes.values():
        for effect in node.effects:
            for lang in LANGS:
                if not effect.words.get(lang):
                    yield subject.finding(f"effect_missing_{lang}", node.id)
            if not effect.basis:
                yield subject.finding("effect_without_basis", node.id)


def ids(subject: Subject) -> Iterator[Finding]:
    """Ids are snake_case; an end says what has become, a choice asks."""
    diagram = subject.diagram
    for name in (diagram.process_id, *diagram.nodes, *diagram.lanes):
        if name and not SNAKE.fullmatch(name):
            yield subject.finding("id_style", name)
    for node in diagram.nodes.values():
        if node.type == "endEvent" and not any(map(PARTICIPLE.fullmatch, node.id.split("_"))):
            yield subject.warning("end_not_participle", node.id)
        if _is_choice(node) and not _asks(node.name):
            yield subject.warning("choice_not_question", node.id)


def _asks(words: Bilingual) -> bool:
    return all(text.rstrip().endswith(("?", "？")) for text in words.values())


def event_words(subject: Subject) -> Iterator[Finding]:
    """Declared messages, signals, errors and escalations have a name to be matched by."""
    diagram = subject.diagram
    for messages in (diagram.messages, diagram.signals):
        for one in messages.values():
            if not one.name:
                yield subject.finding("declared_unnamed", one.id)
    for raised in (diagram.errors, diagram.escalations):
        for each in raised.values():
            if not each.code:
                yield subject.finding("declared_without_code", each.id)


RULES = (labels, notes, purposes, effects, ids, event_words)
