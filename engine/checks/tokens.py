"""What a token may do in one scope of a diagram, data left aside: every arm and every event is possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product

from engine.diagram import ACTIVITIES, EVENTS, GATEWAYS, Diagram, Node

JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
MAY_FAIL = frozenset({"serviceTask", "scriptTask", "businessRuleTask", "callActivity"})
LEAVES = frozenset({"error", "cancel"})
KNOWN = (ACTIVITIES | EVENTS | GATEWAYS) - {"complexGateway", "adHocSubProcess"}
MOST_WAYS = 256
"""More ways out of one element than this are not gone through one by one."""

Token = tuple[str, str]
"""(flow, colour): the colour is the event beside whose activity it runs, "" for the main course."""
Marking = frozenset[Token]


class TooMany(Exception):
    """An element has more ways out than are gone through."""


@dataclass(frozen=True, slots=True)
class Way:
    """One thing an element may do with a token: flows taken, by colour (None: the token's own).

    ``ends``: the whole scope is over with it; ``leaves``: by an error or a cancellation.
    """

    steps: tuple[str, ...]
    flows: tuple[tuple[str, str | None], ...] = ()
    ends: bool = False
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """What is known of a sub-process: whether it can complete, and the codes it can throw."""

    completes: bool = True
    fails: bool = True
    codes: frozenset[tuple[str, str]] = frozenset()  # (kind, code)


@dataclass
class Net:
    """The nodes of one scope. ``inside``: what is known of the sub-processes in it, by id."""

    diagram: Diagram
    scope: str
    inside: Mapping[str, Inside]
    ranks: Mapping[str, int] = field(init=False)
    _ways: dict[str, tuple[Way, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.ranks = ranked(self)

    @property
    def nodes(self) -> tuple[Node, ...]:
        return self.diagram.children(self.scope)

    @property
    def starts(self) -> list[str]:
        return [one.id for one in self.nodes if one.type == "startEvent"]

    def target(self, token: Token) -> str:
        return self.diagram.flows[token[0]].target

    def onward(self, name: str) -> list[str]:
        """Where a token may come to next from a node: over flows, links and events attached."""
        node = self.diagram.nodes[name]
        ends = [self.diagram.flows[flow].target for flow in node.outgoing]
        ends += [one.id for one in self._attached(name)]
        return ends + [one.id for one in self._link(node)]

    def _attached(self, name: str) -> list[Node]:
        return [one for one in self.diagram.boundary_events(name) if one.scope == self.scope]

    def _link(self, node: Node) -> Iterator[Node]:
        names = {one.name for one in node.events if one.kind == "link"}
        if node.type != "intermediateThrowEvent" or not names:
            return
        for other in self.nodes:
            if other.type == "intermediateCatchEvent" and names & {e.name for e in other.events}:
                yield other

    # Ways -----------------------------------------------------------------------------------

    def ways(self, name: str) -> tuple[Way, ...]:
        """Everything that may happen to a token that reaches a node; raises TooMany."""
        if name not in self._ways:
            self._ways[name] = tuple(self._found(self.diagram.nodes[name]))
        return self._ways[name]

    def _found(self, node: Node) -> Iterator[Way]:
        kinds = {one.kind for one in node.events}
        if node.type == "endEvent":
            over = bool(kinds & {"terminate", *LEAVES})
            yield Way((node.id,), ends=over, leaves=bool(kinds & LEAVES))
            return
        links = list(self._link(node))
        if links:
            for way in (way for link in links for way in self.ways(link.id)):
                yield Way((node.id, *way.steps), way.flows)
            return
        beside = list(self._beside(node))
        for steps, flows in self._straight(node):
            for more in beside:
                taken = tuple((flow, None) for flow in flows)
                names = tuple(dict.fromkeys(str(event) for _, event in more))
                yield Way((*steps, *names), (*taken, *more))

    def _straight(self, node: Node) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """How the token itself goes on: done, or interrupted."""
        if self.inside.get(node.id, Inside()).completes:
            for flows in self.splits(node):
                yield (node.id,), flows
        for event in self._events(node):
            if event.interrupting:
                for flows in self.splits(event):
                    yield (node.id, event.id), flows

    def _beside(self, node: Node) -> Iterator[tuple[tuple[str, str | None], ...]]:
        """What events that do not interrupt may begin meanwhile: each at most once."""
        each: list[list[tuple[tuple[str, str | None], ...]]] = []
        for event in self._events(node):
            if not event.interrupting:
                begun = [tuple((flow, event.id) for flow in way) for way in self.splits(event)]
                each.append([(), *begun])
        self._bound(each)
        for chosen in product(*each):
            yield tuple(one for begun in chosen for one in begun)

    @staticmethod
    def _bound(each: Iterable[list[tuple[tuple[str, str | None], ...]]]) -> None:
        count = 1
        for one in each:
            count *= len(one)
        if count > MOST_WAYS:
            raise TooMany

    def _events(self, node: Node) -> list[Node]:
        return [one for one in self._attached(node.id) if self._may_fire(node, one)]

    def _may_fire(self, host: Node, event: Node) -> bool:
        """Time, messages and conditions always may; what is thrown only where it is thrown."""
        inside = self.inside.get(host.id)
        for one in event.events:
            if inside is None or one.kind not in ("error", "escalation", "cancel"):
                continue
            thrown = {code for kind, code in inside.codes if kind == one.kind}
            fails = inside.fails and one.kind != "cancel"
            if not fails and not (thrown and (not one.code or thrown & {one.code, ""})):
                return False
        return True

    def splits(self, node: Node) -> list[tuple[str, ...]]:
        """The sets of flows by which a node may be left."""
        flows = list(node.outgoing)
        if node.type in ("exclusiveGateway", "eventBasedGateway") and flows:
            return [(one,) for one in flows]
        if node.type == "parallelGateway" or len(flows) < 2:
            return [tuple(flows)]
        default = [one for one in flows if one == node.default]
        free = [one for one in flows if one not in default]
        maybe = [one for one in free if self.diagram.flows[one].condition]
        always = tuple(one for one in free if one not in maybe)
        if 2 ** len(maybe) > MOST_WAYS:
            raise TooMany
        some = [one for n in range(1, len(maybe) + 1) for one in combinations(maybe, n)]
        none = (*always, *default) if maybe or not always else always
        return [*([none] if none else []), *((*always, *one) for one in some)]

    # Joins ----------------------------------------------------------------------------------

    @cached_property
    def _upstream(self) -> dict[str, frozenset[str]]:
        """For each flow into an inclusive join: the nodes from which a token could still take it."""
        before: dict[str, list[str]] = {}
        for node in self.nodes:
            for end in self.onward(node.id):
                before.setdefault(end, []).append(node.id)
        joins = [one for one in self.nodes if one.type == "inclusiveGateway"]
        return {
            flow: _reaching(self.diagram.flows[flow].source, join.id, before)
            for join in joins
            for flow in join.incoming
        }

    def joins_some(self, name: str, marking: Marking) -> bool:
        """Whether nothing more can arrive at an inclusive join."""
        came = {flow for flow, _ in marking if self.diagram.flows[flow].target == name}
        others = {self.target(one) for one in marking if one[0] not in came}
        missing = (one for one in self.diagram.nodes[name].incoming if one not in came)
        return not any(others & self._upstream[flow] for flow in missing)


def _reaching(source: str, but: str, before: Mapping[str, list[str]]) -> frozenset[str]:
    seen: set[str] = set()
    todo = [source]
    while todo:
        at = todo.pop()
        if at not in seen and at != but:
            seen.add(at)
            todo.extend(before.get(at, ()))
    return frozenset(seen)


def ranked(net: Net) -> dict[str, int]:
    """Each node's place in an order that follows the flows, going back only in loops."""
    order: list[str] = []
    seen: set[str] = set()
    todo = [(name, False) for name in reversed([one.id for one in net.nodes])]
    todo += [(name, False) for name in reversed(net.starts)]
    while todo:
        name, is_done = todo.pop()
        if is_done:
            order.append(name)
        elif name not in seen:
            seen.add(name)
            todo.append((name, True))
            todo.extend((one, False) for one in net.onward(name) if one not in seen)
    return {name: place for place, name in enumerate(reversed(order))}
