"""May somebody do it at all: what ``ld:not`` keeps apart exists, and leaves a person for the step."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram import Node
from engine.model import Finding

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


RULES = (kept_apart,)
