"""What a draft changes, in the terms of those who read it: elements, fields, rows, steps. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.errors import EngineError
from engine.package import own_files

from .diagrams import diagram_differences
from .nouns import Difference
from .plain import form_differences, story_differences, text_differences
from .tables import table_differences

__all__ = ["Difference", "differences"]

Compare = Callable[[str, bytes, bytes], Iterator[Difference]]


def differences(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[Difference, ...]:
    """Every difference of two procedures' files, the diagram's first, then by file.

    A file that is there on one side only is one difference; one that cannot be read is compared
    line by line. A diagram in which only the drawing changed is one difference of kind "layout".
    """
    before, after = own_files(old), own_files(new)
    found: list[Difference] = []
    for name in sorted({*before, *after}, key=lambda one: (not one.endswith(".bpmn"), one)):
        if name not in before:
            found.append(Difference("added", name, "file"))
        elif name not in after:
            found.append(Difference("removed", name, "file"))
        elif before[name] != after[name]:
            found += _of_file(name, before[name], after[name])
    return tuple(found)


def _of_file(name: str, before: bytes, after: bytes) -> list[Difference]:
    try:
        found = list(_comparer(name)(name, before, after))
    except (EngineError, ValueError, TypeError, AttributeError, KeyError):
        return list(text_differences(name, before, after))
    return found or [Difference("layout", name, "file")]


def _comparer(name: str) -> Compare:
    if name.endswith(".bpmn"):
        return diagram_differences
    if name.endswith(".dmn"):
        return table_differences
    if name.startswith("forms/") and name.endswith(".json"):
        return form_differences
    if name.startswith("scenarios/") and name.endswith(".json"):
        return story_differences
    return text_differences
