"""May somebody do it at all: what is kept apart leaves a person for the step, and health data a reader."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram import Node
from engine.errors import Invalid
from engine.forms import form_of
from engine.model import Finding

from .expressions import CODES
from .subject import Subject


def kept_apart(subject: Subject) -> Iterator[Finding]:
    """Only a person's step names others with ``ld:not``: people's steps or beginnings."""
    nodes = subject.diagram.nodes
    for node in nodes.values():
        if node.apart and node.type != "userTask":
            yield subject.finding("apart_misplaced", node.id)
            continue
        for name in node.apart:
            other = nodes.get(name)
            if other is None or not _is_done(other):
                yield subject.finding("apart_unknown", node.id, other=name)
            elif node.person and node.person == other.person:
                yield subject.warning(
                    "apart_same_person", node.id, other=subject.title(name), person=node.person
                )


def _is_done(node: Node) -> bool:
    """Whether a person does it: completes the task, or begins a case with it."""
    return node.type == "userTask" or (node.type == "startEvent" and not node.events)


def health_forms(subject: Subject) -> Iterator[Finding]:
    """Health data is asked of a role that sees it, and shown to roles that exist."""
    known = subject.register("roles")
    for node in subject.diagram.nodes.values():
        for pointer, roles in _health_of(subject, node):
            if CODES.fullmatch(node.role) and node.role not in roles:
                yield subject.finding("health_role", node.id, field=pointer, role=node.role)
            for role in roles:
                if role not in known:
                    yield subject.finding("role_unregistered", node.id, role=role)


def _health_of(subject: Subject, node: Node) -> list[tuple[str, tuple[str, ...]]]:
    try:
        form = form_of(subject.files, subject.folder + node.id)
    except Invalid:
        form = None  # the form's own findings say why
    fields = form.fields.items() if form else ()
    return [(pointer, field.health) for pointer, field in fields if field.health]


RULES = (kept_apart, health_forms)
