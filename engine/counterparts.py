"""Which element of a new release stands for one of the old that bears another id there: suggested.

By name, form, work or place, only where one fits better than all others; a person confirms or changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.diagram import Diagram, Node, read_diagram
from engine.package import DIAGRAM

Files = Mapping[str, bytes]
SIGNS = ("name", "form", "work", "place")
"""By what two elements are held for the same, the strongest first."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """One element of the old release whose id is gone, or is another kind of element, in the new.

    ``path``: ids of the sub-processes around it and its own; ``options``: ids of the same kind there;
    ``to``: the one that stands for it, "" for none; ``why``: a sign, "chosen", or "".
    """

    path: str
    options: tuple[str, ...]
    to: str
    why: str


@dataclass(frozen=True, slots=True)
class Paired:
    """``names``: old path to new id, of all that is called otherwise, flows too; ``asked``: of elements."""

    names: Mapping[str, str]
    asked: tuple[Counterpart, ...]


def pair(old: Files, new: Files, chosen: Mapping[str, str] | None = None) -> Paired:
    """Pair two releases; ``chosen``: what a person decided, by path ("" = it has no counterpart)."""
    pairing = _Pairing(chosen or {})
    pairing.scope(_Side(old), _Side(new), "")
    return Paired(pairing.names, tuple(pairing.asked))


@dataclass(frozen=True, slots=True)
class _Side:
    """One scope of one release."""

    files: Files
    home: str = ""
    inner: str = ""

    @property
    def diagram(self) -> Diagram:
        return read_diagram(self.files[self.home + DIAGRAM])

    def form(self, node: Node) -> bytes:
        return self.files.get(f"{self.home}forms/{node.id}.json", b"")

    def within(self, node: Node) -> _Side | None:
        """The scope that an element opens."""
        home = f"call/{node.called}/"
        if node.called:
            return _Side(self.files, home) if home + DIAGRAM in self.files else None
        inner = f"{self.inner}/{node.id}" if self.inner else node.id
        return _Side(self.files, self.home, inner) if self.diagram.children(inner) else None


@dataclass
class _Pairing:
    chosen: Mapping[str, str]
    names: dict[str, str] = field(default_factory=dict)
    asked: list[Counterpart] = field(default_factory=list)

    def scope(self, old: _Side, new: _Side, prefix: str) -> None:
        """Pair what lies in two scopes, then what lies in the parts of them."""
        there = {one.id: one for one in new.diagram.children(new.inner)}
        nodes = sorted(old.diagram.children(old.inner), key=lambda one: bool(one.attached_to))
        found: dict[str, str] = {}
        for node in nodes:
            if _same(node, there.get(node.id)) and prefix + node.id not in self.chosen:
                found[node.id] = node.id
        for node in (one for one in nodes if one.id not in found):
            found[node.id] = self._ask(node, (old, new), found, prefix)
        self._flows(old, new, found, prefix)
        for node in nodes:
            inside = old.within(node)
            into = new.within(there[found[node.id]]) if found[node.id] in there else None
            if inside and into:
                self.scope(inside, into, f"{prefix}{node.id}/")

    def _ask(
        self, node: Node, sides: tuple[_Side, _Side], found: Mapping[str, str], prefix: str
    ) -> str:
        taken = {id for id in found.values() if id}
        fits = [one for one in sides[1].diagram.children(sides[1].inner) if _same(node, one)]
        path = prefix + node.id
        if path in self.chosen:
            to, why = self.chosen[path], "chosen"
        else:
            free = [one for one in fits if one.id not in taken]
            to, why = _best([(one.id, _signs(node, one, sides, found)) for one in free])
        options = tuple(one.id for one in fits)
        self.asked.append(Counterpart(path, options, to, why if to else ""))
        if to and to != node.id:
            self.names[path] = to
        return to

    def _flows(self, old: _Side, new: _Side, found: Mapping[str, str], prefix: str) -> None:
        """A flow between the same two elements is the same flow, if it is the only one."""
        there = list(new.diagram.flows.values())
        for flow in old.diagram.flows.values():
            if flow.scope != old.inner or any(flow.id == one.id for one in there):
                continue
            ends = (found.get(flow.source), found.get(flow.target))
            same = [one for one in there if (one.source, one.target) == ends]
            if len(same) == 1:
                self.names[prefix + flow.id] = same[0].id


def _same(node: Node, other: Node | None) -> bool:
    kinds = [event.kind for event in node.events]
    return (
        other is not None
        and node.type == other.type
        and node.triggered_by_event == other.triggered_by_event
        and kinds == [event.kind for event in other.events]
    )


def _signs(
    node: Node, other: Node, sides: tuple[_Side, _Side], found: Mapping[str, str]
) -> tuple[bool, ...]:
    """Which of the signs two elements of a kind have in common."""
    old, new = sides
    form = old.form(node)
    work = (node.operation, node.decision, node.called, node.script, node.message)
    theirs = (other.operation, other.decision, other.called, other.script, other.message)
    on = found.get(node.attached_to, "")
    return (
        bool(node.name.get("zh")) and node.name.get("zh") == other.name.get("zh"),
        bool(form) and form == new.form(other),
        any(work) and work == theirs,
        bool(on) and on == other.attached_to,
    )


def _best(scored: Iterable[tuple[str, tuple[bool, ...]]]) -> tuple[str, str]:
    """The one with the strongest signs and its first sign; none when two are alike or none has any."""
    ranked = sorted(scored, key=lambda one: one[1], reverse=True)
    if not ranked or not any(ranked[0][1]) or (ranked[1:] and ranked[0][1] == ranked[1][1]):
        return "", ""
    to, signs = ranked[0]
    return to, SIGNS[signs.index(True)]


def standing_there(asked: Iterable[Counterpart], paths: Iterable[str]) -> Iterator[Counterpart]:
    """Those that something of these paths stands at or in."""
    all_paths = tuple(paths)
    for one in asked:
        if any(at == one.path or at.startswith(f"{one.path}/") for at in all_paths):
            yield one
