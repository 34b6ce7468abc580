"""Is a refusal told: no way from a person's no to the end on which nobody hears of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.diagram import Node
from engine.errors import Invalid
from engine.forms import form_of
from engine.model import Finding

from .subject import Subject

ASKED = re.compile(r"\b(\w+)\.outcome\s*=\s*\"(\w+)\"")
NO = re.compile(
    r"(^|_)(refus|reject|declin|den(y|ied)|dismiss|inadmissible|not_(accept|admit|grant|approv|permit))"
)
"""How ids of outcomes begin that turn somebody down."""
TELLS = re.compile(
    r"告知|通知|送达|答复|回复|移送|\b(tell|told|notif|notice|serve|answer|inform|sen[dt])", re.I
)


def refusals_told(subject: Subject) -> Iterator[Finding]:
    """Warns at a flow that a refusal takes and that comes to an end past every message, paper and person.

    A step whose purpose says that it tells does so.
    """
    for flow, task, outcome in _refusing(subject):
        node = subject.diagram.nodes.get(task)
        is_told = node is not None and any(TELLS.search(words) for words in node.purpose.values())
        end = "" if is_told else _silent_end(subject, flow)
        if end:
            yield subject.warning("refusal_untold", flow, outcome=outcome, end=subject.title(end))


def _refusing(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Flows that ask for a refusing outcome of a task, and defaults that are left to one."""
    flows, nodes = subject.diagram.flows, subject.diagram.nodes
    for node in nodes.values():
        asked = {
            name: ASKED.findall(flows[name].condition) for name in node.outgoing if name in flows
        }
        named = {pair for pairs in asked.values() for pair in pairs}
        for name, pairs in asked.items():
            yield from ((name, *pair) for pair in pairs if NO.search(pair[1]))
        for task in sorted({task for task, _ in named}) if node.default in asked else ():
            left = [one for one in _outcomes(subject, task) if (task, one) not in named]
            yield from ((node.default, task, one) for one in left if NO.search(one))


def _outcomes(subject: Subject, task: str) -> tuple[str, ...]:
    try:
        form = form_of(subject.files, subject.folder + task)
    except Invalid:
        return ()
    return tuple(one.id for one in form.outcomes) if form else ()


def _silent_end(subject: Subject, flow: str) -> str:
    """The end that a flow comes to with nobody told; "" where there is none."""
    flows, nodes = subject.diagram.flows, subject.diagram.nodes
    waiting, seen = [flows[flow].target], set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in nodes or _tells(nodes[name]):
            continue
        seen.add(name)
        if nodes[name].type == "endEvent" and not nodes[name].scope:
            return name
        waiting += [flows[one].target for one in nodes[name].outgoing]
    return ""


def _tells(node: Node) -> bool:
    """A person who goes on with it, a paper, a message, or something called so."""
    is_thrown = node.type in ("endEvent", "intermediateThrowEvent")
    return (
        node.type in ("userTask", "manualTask", "sendTask", "callActivity")
        or bool(node.operation)
        or (is_thrown and bool({one.kind for one in node.events} & {"message", "signal"}))
        or any(TELLS.search(words) for words in node.name.values())
    )


RULES = (refusals_told,)
