"""What the elements of a procedure read and write, and what a case that changes to it would miss."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.diagram import Diagram, Node
from engine.errors import Invalid
from engine.model import Data, Release
from engine.package import DIAGRAM

from .letters import paths_printed
from .names import GIVEN, paths_read, written_by
from .subject import Context, Subject, read_subject

Element = tuple[str, str]
"""(folder of its diagram, id)."""
Paths = Mapping[Element, frozenset[str]]
UNKNOWN = Context("", "", frozenset(), {})
MOST = 16
"""Releases whose needs are kept by digest."""


@dataclass(frozen=True)
class Needs:
    """Dotted data paths by element: what it reads, what it writes."""

    reads: Paths
    writes: Paths

    def read_at(self, some: Collection[Element]) -> dict[str, str]:
        """What these read, each path with an element that does."""
        return {path: at[1] for at in sorted(some) for path in self.reads.get(at, ())}

    def written_at(self, some: Collection[Element]) -> _Written:
        return _Written(path for at in some for path in self.writes.get(at, ()))

    @cached_property
    def ever_written(self) -> _Written:
        return self.written_at(self.writes)


class _Written:
    """Paths that are written: whatever lies within one, or has one within it, is written too."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)
        self.around = frozenset(part for path in self.paths for part in _parts(path))

    def __contains__(self, path: str) -> bool:
        return path in self.around or any(part in self.paths for part in _parts(path))


def _parts(path: str) -> Iterator[str]:
    """A dotted path and everything around it."""
    steps = path.split(".")
    yield from (".".join(steps[: n + 1]) for n in range(len(steps)))


_KNOWN: dict[str, Needs] = {}


def missing(
    old: tuple[Needs, Collection[Element]], new: tuple[Needs, Collection[Element]], data: Data
) -> tuple[str, str] | None:
    """(path, element) of the first value that elements still to come read and a case will not have.

    Each side: the needs of a release, and what the case may still come to on it. A value is missed
    where it is not there, nothing still to come writes it, some form or result does write it, and
    the old release would not have missed it as well.
    """
    known = (old[0].ever_written, new[0].ever_written)
    read, writes = new[0].read_at(new[1]), new[0].written_at(new[1])
    old_read, old_writes = old[0].read_at(old[1]), old[0].written_at(old[1])
    for path, element in sorted(read.items()):
        if _is_there(data, path) or path in writes or not any(path in one for one in known):
            continue
        if path.partition(".")[0] in GIVEN or (path in old_read and path not in old_writes):
            continue
        return path, element
    return None


def needs(release: Release) -> Needs:
    """What the elements of a release, and of those it calls, read and write; worked out once."""
    found = _KNOWN.get(release.digest)
    if found is None:
        found = _needs(release.files)
        while len(_KNOWN) >= MOST:
            _KNOWN.pop(next(iter(_KNOWN)), None)
        _KNOWN[release.digest] = found
    return found


def _needs(files: Mapping[str, bytes]) -> Needs:
    reads: dict[Element, frozenset[str]] = {}
    writes: dict[Element, frozenset[str]] = {}
    for home in (one.removesuffix(DIAGRAM) for one in files if one.rpartition("/")[2] == DIAGRAM):
        try:
            subject = read_subject(files, home, UNKNOWN)
        except Invalid:
            continue
        for node in subject.diagram.nodes.values():
            writes[home, node.id] = frozenset(written_by(subject, home, node))
        for element, path in _read(subject):
            reads[home, element] = reads.get((home, element), frozenset()) | {path}
    return Needs(reads, writes)


def _read(subject: Subject) -> Iterator[tuple[str, str]]:
    """What each element reads, asks by its form, throws or awaits, and prints."""
    stands_for = dict(_stand_ins(subject.diagram))
    for element, path in (*paths_read(subject), *paths_printed(subject)):
        yield from ((one, path) for one in stands_for.get(element, (element,)))


def _stand_ins(diagram: Diagram) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Flows ask at the element they leave, lanes at those they hold, messages at who has to do with them."""
    yield from ((one.id, (one.source,)) for one in diagram.flows.values())
    nodes = diagram.nodes.values()
    for lane in diagram.lanes:
        yield lane, tuple(one.id for one in nodes if one.lane == lane)
    for message in diagram.messages:
        yield message, tuple(one.id for one in nodes if message in _messages(one))


def _messages(node: Node) -> set[str]:
    return {node.message, *(event.ref for event in node.events if event.kind == "message")}


def _is_there(data: Any, path: str) -> bool:
    for part in path.split("."):
        if not isinstance(data, Mapping) or part not in data:
            return False
        data = data[part]
    return data is not None
