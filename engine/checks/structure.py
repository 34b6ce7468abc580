"""Is it one whole: a process that begins, leads on everywhere, and ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set

from engine.diagram import GATEWAYS, Flow, Node
from engine.model import Finding

from .subject import Subject


def one_process(subject: Subject) -> Iterator[Finding]:
    """Exactly one executable process, named like the folder (conventions 4)."""
    diagram = subject.diagram
    count = len(diagram.executable_ids)
    if count != 1:
        yield subject.finding("process_count", diagram.process_id, count=count)
    elif subject.context.procedure not in ("", diagram.process_id):
        wanted = subject.context.procedure
        yield subject.finding("process_id", diagram.process_id, procedure=wanted)


def ids_once(subject: Subject) -> Iterator[Finding]:
    """No id twice in a file; no flow node, flow or lane without one."""
    counts = Counter(one.get("id") for one in subject.root.iter("{*}*") if one.get("id"))
    for name, count in counts.items():
        if count > 1:
            yield subject.finding("id_twice", str(name), count=count)
    diagram = subject.diagram
    if "" in diagram.nodes or "" in diagram.flows or "" in diagram.lanes:
        yield subject.finding("id_missing", diagram.process_id)


def flows_connect(subject: Subject) -> Iterator[Finding]:
    """Both ends of a flow exist, in one scope, and may have it."""
    nodes = subject.diagram.nodes
    for flow in subject.diagram.flows.values():
        source, target = nodes.get(flow.source), nodes.get(flow.target)
        if source is None or target is None:
            missing = flow.source if source is None else flow.target
            yield subject.finding("flow_dangling", flow.id, missing=missing or "—")
        elif not source.scope == target.scope == flow.scope:
            yield subject.finding("flow_across", flow.id)
        elif target.type in ("startEvent", "boundaryEvent") or source.type == "endEvent":
            yield subject.finding("flow_misplaced", flow.id)


def attachments(subject: Subject) -> Iterator[Finding]:
    """Boundary events hang on an activity, defaults are outgoing flows, lanes list what exists."""
    diagram = subject.diagram
    for node in diagram.nodes.values():
        if node.type == "boundaryEvent" and node.attached_to not in diagram.nodes:
            yield subject.finding("boundary_loose", node.id, missing=node.attached_to or "—")
        if node.default and node.default not in node.outgoing:
            yield subject.finding("default_unknown", node.id, missing=node.default)
    for lane in diagram.lanes.values():
        for ref in lane.nodes:
            if ref not in diagram.nodes:
                yield subject.finding("lane_lists_unknown", lane.id, missing=ref)


def reachable(subject: Subject) -> Iterator[Finding]:
    """Every node can be reached from a start and can reach an end."""
    nodes = subject.diagram.nodes
    onward = _onward(nodes, subject.diagram.flows.values())
    backward: dict[str, set[str]] = {name: set() for name in nodes}
    for source, targets in onward.items():
        for target in targets:
            backward[target].add(source)
    begun = _reached((one.id for one in nodes.values() if _begins(one)), onward)
    ending = _reached((one.id for one in nodes.values() if _ends(one)), backward)
    for node in nodes.values():
        if node.id not in begun:
            yield subject.finding("unreachable", node.id)
        elif node.id not in ending:
            yield subject.finding("no_end", node.id)


def _onward(nodes: Mapping[str, Node], flows: Iterable[Flow]) -> dict[str, set[str]]:
    """Where a token may come to next: along flows and links, into handlers of what is attached."""
    onward: dict[str, set[str]] = {name: set() for name in nodes}
    for flow in flows:
        if flow.source in nodes and flow.target in nodes:
            onward[flow.source].add(flow.target)
    catches = {
        (one.scope, event.name): one.id
        for one in nodes.values()
        for event in one.events
        if event.kind == "link" and one.type == "intermediateCatchEvent"
    }
    for node in nodes.values():
        if node.attached_to in nodes:
            onward[node.attached_to].add(node.id)
        for event in node.events:
            link = catches.get((node.scope, event.name))
            if event.kind == "link" and node.type == "intermediateThrowEvent" and link:
                onward[node.id].add(link)
    return onward


def _begins(node: Node) -> bool:
    return node.type == "startEvent" or node.triggered_by_event or node.instantiate


def _ends(node: Node) -> bool:
    return node.type == "endEvent" or node.triggered_by_event


def _reached(starts: Iterable[str], onward: Mapping[str, Set[str]]) -> set[str]:
    found = set(starts)
    waiting = list(found)
    while waiting:
        for name in onward.get(waiting.pop(), frozenset()) - found:
            found.add(name)
            waiting.append(name)
    return found


def choices_close(subject: Subject) -> Iterator[Finding]:
    """A choice says which way it takes when no condition holds."""
    flows = subject.diagram.flows
    for node in subject.diagram.nodes.values():
        is_choice = node.type in ("exclusiveGateway", "inclusiveGateway")
        conditions = [flows[name].condition for name in node.outgoing]
        if is_choice and len(conditions) > 1 and not node.default and all(conditions):
            yield subject.finding("gateway_without_default", node.id)


def calls_end(subject: Subject) -> Iterator[Finding]:
    """A call names a procedure of the package, and no procedure comes to call itself."""
    calls = subject.context.calls
    for node in subject.diagram.nodes.values():
        if node.type != "callActivity":
            continue
        if node.called not in calls:
            yield subject.finding("call_unknown", node.id, called=node.called or "—")
        elif subject.context.own in _reached([node.called], calls):
            yield subject.finding("call_recursive", node.id, called=node.called)


def gateways_work(subject: Subject) -> Iterator[Finding]:
    """A gateway does something; one that waits parts ways or joins them, not both at once."""
    for node in subject.diagram.nodes.values():
        if node.type in GATEWAYS - {"complexGateway"}:
            ways = len(node.incoming), len(node.outgoing)
            if min(ways) > 1 and node.type in ("parallelGateway", "inclusiveGateway"):
                yield subject.warning("gateway_both", node.id)
            elif ways == (1, 1) or (node.type == "eventBasedGateway" and ways[1] == 1):
                yield subject.warning("gateway_idle", node.id)


def terminations_matter(subject: Subject) -> Iterator[Finding]:
    """An end stops everything only where something else may still run."""
    diagram = subject.diagram
    for node in diagram.nodes.values():
        if node.type == "endEvent" and any(one.kind == "terminate" for one in node.events):
            inside = diagram.children(node.scope)
            ends = [one for one in inside if one.type == "endEvent"]
            if len(ends) == 1 and not any(map(_runs_beside, inside)):
                yield subject.warning("end_stops_nothing", node.id)


def _runs_beside(node: Node) -> bool:
    is_handler = node.triggered_by_event or (bool(node.attached_to) and not node.interrupting)
    is_split = node.type not in ("exclusiveGateway", "eventBasedGateway") and len(node.outgoing) > 1
    return is_handler or is_split


RULES = (one_process, ids_once, flows_connect, attachments)
WHEN_WHOLE = (reachable, choices_close, calls_end, gateways_work, terminations_matter)
