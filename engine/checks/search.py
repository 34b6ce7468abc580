"""Goes through every marking a scope can come to, and keeps the shortest way to each fault.

Only one token moves at a time, the one furthest behind: what moves alone cannot change what the
others may do, so every dead end is still met, and tokens pile up wherever two can meet. (A loop
without a way out would keep the others waiting: that is refused by ``structure``.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from .tokens import JOINS, Marking, Net, Token, TooMany, Way

Kind = Literal["deadlock", "unsynchronised", "completion", "dead"]
OVER: Marking = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """``path``: ids of elements in the order in which they are passed, from the start."""

    kind: Kind
    element: str
    path: tuple[str, ...] = ()


@dataclass(slots=True)
class Searched:
    """What a search met. ``is_decided``: all markings were gone through."""

    states: int = 0
    is_decided: bool = True
    completes: bool = False
    faults: list[Fault] = field(default_factory=list)


def search(net: Net, most: int, at: Marking | None = None) -> Searched:
    """Every fault of a scope, at most one per kind and element; ``most``: markings gone through.

    From its start events, or from where tokens are already: then nothing is called dead.
    """
    found = _Search(net, most, at)
    try:
        found.run()
    except TooMany:
        found.result.is_decided = False
    return found.result


class _Search:
    def __init__(self, net: Net, most: int, at: Marking | None) -> None:
        self.net = net
        self.most = most
        self.at = at
        self.came: dict[Marking, tuple[Marking | None, tuple[str, ...]]] = {}
        self.queue: deque[Marking] = deque()
        self.passed: set[str] = set()
        self.result = Searched()
        self._known: set[tuple[Kind, str]] = set()

    def run(self) -> None:
        self._begin()
        while self.queue and len(self.came) <= self.most:
            self._expand(self.queue.popleft())
        self.result.states = len(self.came)
        self.result.is_decided = not self.queue
        is_whole = self.at is None and self.result.is_decided
        if is_whole and not any(k == "deadlock" for k, _ in self._known):
            for name in self._dead():
                self._fault("dead", name, ())

    def _begin(self) -> None:
        if self.at is not None:
            self.came[self.at] = (None, ())
            self.queue.append(self.at)
            return
        for start in self.net.starts:
            for way in self.net.ways(start):
                self._reach(None, OVER, way, "")

    def _expand(self, marking: Marking) -> None:
        if not marking:
            self.result.completes = True
            return
        has_moved = False
        for node, used in self._movable(marking):
            has_moved = True
            colour = min(colour for _, colour in used)
            rest = marking - used
            ways = self.net.ways(node)
            for way in ways:
                self._reach(marking, rest, way, colour)
            if not any(way.ends for way in ways):
                return  # what ends the scope cuts the others off: then they move, too
        if not has_moved:
            self._stuck(marking)

    def _movable(self, marking: Marking) -> Iterator[tuple[str, Marking]]:
        """What can move: a node with the tokens it takes, the one furthest behind first."""
        waiting: dict[str, list[Token]] = {}
        for token in sorted(marking):
            waiting.setdefault(self.net.target(token), []).append(token)
        some = []
        for name in sorted(waiting, key=lambda one: self.net.ranks[one]):
            node, tokens = self.net.diagram.nodes[name], waiting[name]
            if node.type not in JOINS or len(node.incoming) < 2:
                yield from ((name, frozenset({token})) for token in tokens)
            elif node.type == "inclusiveGateway":
                some.append((name, frozenset(tokens)))
            elif len({flow for flow, _ in tokens}) == len(node.incoming):
                yield name, frozenset(tokens)
        yield from (one for one in some if self.net.joins_some(one[0], marking))

    def _reach(self, before: Marking | None, rest: Marking, way: Way, colour: str) -> None:
        """Take one way out of a node."""
        self.passed.update(way.steps)
        if way.leaves:
            return
        after = set(OVER if way.ends else rest)
        beside = {one for _, one in rest}
        for flow, own in way.flows:
            if own is None or own not in beside:
                self._put(after, (flow, colour if own is None else own), (before, way.steps))
        met = frozenset(after)
        if met not in self.came:
            self.came[met] = (before, way.steps)
            self.queue.append(met)

    def _put(
        self, after: set[Token], token: Token, came: tuple[Marking | None, tuple[str, ...]]
    ) -> None:
        """A token arrives; where another already is, they meet without having been joined."""
        met = self._met(after, token)
        target = self.net.target(token)
        kind = _fault_of(self.net.diagram.nodes[target].type, token[1], {one[1] for one in met})
        if kind:
            path = (*(self._path(came[0]) if came[0] is not None else ()), *came[1], target)
            self._fault(kind, target, path)
        # One goes on, or all that follows would be told again.
        same = [one for one in met if kind or one[0] == token[0]]
        after.difference_update(same)
        after.add(min([*same, token], key=lambda one: one[1]))

    def _met(self, there: set[Token], token: Token) -> list[Token]:
        """The tokens on the same flow; before what does not join, on any flow to the same node."""
        target = self.net.diagram.nodes[self.net.target(token)]
        if target.type in JOINS:
            return [one for one in there if one[0] == token[0]]
        return [one for one in there if self.net.target(one) == target.id]

    def _stuck(self, marking: Marking) -> None:
        waits = min((self.net.target(one) for one in marking), key=lambda one: self.net.ranks[one])
        self._fault("deadlock", waits, (*self._path(marking), waits))

    def _path(self, marking: Marking) -> tuple[str, ...]:
        parts: list[tuple[str, ...]] = []
        at: Marking | None = marking
        while at is not None:
            at, steps = self.came[at]
            parts.append(steps)
        return tuple(step for steps in reversed(parts) for step in steps)

    def _fault(self, kind: Kind, element: str, path: tuple[str, ...]) -> None:
        if (kind, element) not in self._known:
            self._known.add((kind, element))
            self.result.faults.append(Fault(kind, element, path))

    def _dead(self) -> Iterator[str]:
        """Nodes that flows lead to, but no token ever."""
        seen: set[str] = set()
        todo = list(self.net.starts)
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                todo.extend(self.net.onward(at))
        yield from sorted(seen - self.passed)


def _fault_of(kind: str, colour: str, met: set[str]) -> Kind | None:
    """What is wrong with a token's arrival. What runs beside the main course may meet its like."""
    if kind == "endEvent":
        return "completion" if colour == "" and "" in met else None
    return "unsynchronised" if met & {colour, ""} or (met and not colour) else None
