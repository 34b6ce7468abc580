"""Small diagrams in a few words, as releases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from engine.model import Release
from engine.package import digest

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
NAMESPACES = (
    f'xmlns="{BPMN}" xmlns:bpmn="{BPMN}" xmlns:ld="urn:liandiao:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday 2 March 2026, nine in the morning in Chongqing."""


# Drawing --------------------------------------------------------------------------------------


def element(tag: str, id: str, inside: str = "", **attributes: str) -> str:
    """Any BPMN element; ``ld_role="X"`` becomes ``ld:role="X"``."""
    said = "".join(f" {k.replace('ld_', 'ld:')}={quoteattr(v)}" for k, v in attributes.items())
    return f'<{tag} id="{id}"{said}>{inside}</{tag}>'


def user(id: str, inside: str = "", **attributes: str) -> str:
    return element("userTask", id, inside, **attributes)


def script(id: str, feel: str, result: str = "", inside: str = "") -> str:
    text = f"{inside}<script>{escape(feel)}</script>"
    return element("scriptTask", id, text, scriptFormat="feel", ld_result=result or id)


def service(id: str, operation: str = "numbers.next", result: str = "", **params: str) -> str:
    each = "".join(
        f"<ld:param name={quoteattr(k)} value={quoteattr(v)}/>" for k, v in params.items()
    )
    return element("serviceTask", id, extend(each), ld_operation=operation, ld_result=result)


def rule(id: str, decision: str, result: str) -> str:
    return element("businessRuleTask", id, ld_decision=decision, ld_result=result)


def xor(id: str, **attributes: str) -> str:
    return element("exclusiveGateway", id, **attributes)


def par(id: str) -> str:
    return element("parallelGateway", id)


def inc(id: str, **attributes: str) -> str:
    return element("inclusiveGateway", id, **attributes)


def catch(id: str, definition: str, **attributes: str) -> str:
    return element("intermediateCatchEvent", id, definition, **attributes)


def throw(id: str, definition: str = "") -> str:
    return element("intermediateThrowEvent", id, definition)


def start(id: str, definition: str = "", **attributes: str) -> str:
    return element("startEvent", id, definition, **attributes)


def end(id: str, definition: str = "") -> str:
    return element("endEvent", id, definition)


def boundary(id: str, on: str, definition: str, interrupting: bool = True, **more: str) -> str:
    cancel = "true" if interrupting else "false"
    return element("boundaryEvent", id, definition, attachedToRef=on, cancelActivity=cancel, **more)


def sub(id: str, flows: str, *parts: str, inside: str = "", tag: str = "subProcess") -> str:
    return element(tag, id, inside + scope(flows, *parts, prefix=f"{id}_"))


def handler(id: str, flows: str, *parts: str) -> str:
    """An event sub-process."""
    return element("subProcess", id, scope(flows, *parts, prefix=f"{id}_"), triggeredByEvent="true")


def call(id: str, called: str, inside: str = "") -> str:
    return element("callActivity", id, inside, calledElement=called)


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{escape(text)}</{kind}></timerEventDefinition>"


def on_clock(rule_id: str) -> str:
    return f'<timerEventDefinition ld:clock="{rule_id}"/>'


def event(kind: str, ref: str = "") -> str:
    """``event("message", "paid")``: its ref is the id of the declared thing."""
    return f"<{kind}EventDefinition" + (f' {kind}Ref="{ref}"/>' if ref else "/>")


def link(name: str) -> str:
    return f'<linkEventDefinition name="{name}"/>'


def condition(feel: str) -> str:
    return (
        "<conditionalEventDefinition><condition>"
        f"{escape(feel)}</condition></conditionalEventDefinition>"
    )


def clock(rule_id: str, **marks: str) -> str:
    said = "".join(f" {key.rstrip('_')}={quoteattr(value)}" for key, value in marks.items())
    return f'<ld:clock rule="{rule_id}"{said}/>'


def extend(*inside: str) -> str:
    return f"<extensionElements>{''.join(inside)}</extensionElements>" if any(inside) else ""


def each(
    collection: str = "",
    item: str = "item",
    out: tuple[str, str] = ("", ""),
    done: str = "",
    sequential: bool = False,
    count: str = "",
) -> str:
    """Multi-instance: ``out`` is (item, where the list goes)."""
    parts = f"<loopCardinality>{escape(count)}</loopCardinality>" if count else ""
    parts += f"<loopDataInputRef>{escape(collection)}</loopDataInputRef>" if collection else ""
    parts += f"<loopDataOutputRef>{out[1]}</loopDataOutputRef>" if out[1] else ""
    parts += f'<inputDataItem name="{item}"/>' if collection else ""
    parts += f'<outputDataItem name="{out[0]}"/>' if out[0] else ""
    parts += f"<completionCondition>{escape(done)}</completionCondition>" if done else ""
    attribute = ' isSequential="true"' if sequential else ""
    return (
        f"<multiInstanceLoopCharacteristics{attribute}>{parts}</multiInstanceLoopCharacteristics>"
    )


def repeat(feel: str = "", test_before: bool = False, maximum: str = "") -> str:
    inner = f"<loopCondition>{escape(feel)}</loopCondition>" if feel else ""
    first = ' testBefore="true"' if test_before else ""
    most = f' loopMaximum="{maximum}"' if maximum else ""
    return f"<standardLoopCharacteristics{first}{most}>{inner}</standardLoopCharacteristics>"


def scope(flows: str, *parts: str, prefix: str = "") -> str:
    """Elements and flows. ``flows``: lines ``a -> b -> c``, the last arrow maybe ``if FEEL``.

    ``start`` and ``end`` (with the scope's prefix) draw themselves; flow ids are ``a__b``.
    """
    body = "".join(parts)
    lines: list[str] = []
    for line in filter(None, (one.strip() for one in flows.splitlines())):
        path, _, feel = line.partition(" if ")
        names = [_named(name.strip(), prefix) for name in path.split("->")]
        for source, target in pairwise(names):
            lines.append(_flow(source, target, feel if target == names[-1] else "", lines))
        body += _implicit(names, body, prefix)
    return body + "".join(lines)


def _named(name: str, prefix: str) -> str:
    return prefix + name if name in ("start", "end") else name


def _implicit(names: list[str], body: str, prefix: str) -> str:
    made = ""
    for name, draw in ((f"{prefix}start", start), (f"{prefix}end", end)):
        if name in names and f'id="{name}"' not in body:
            made += draw(name)
    return made


def _flow(source: str, target: str, feel: str, before: list[str]) -> str:
    id = f"{source}__{target}"
    id += f"_{len(before)}" if any(f'id="{id}"' in one for one in before) else ""
    inside = f"<conditionExpression>{escape(feel)}</conditionExpression>" if feel else ""
    return (
        f'<sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'
    )


def message(id: str, key: str = "", **payload: str) -> str:
    each_one = (
        f"<ld:payload name={quoteattr(k)} value={quoteattr(v)}/>" for k, v in payload.items()
    )
    return element("message", id, extend(*each_one), name=id, ld_key=key)


def declared(tag: str, id: str, code: str = "") -> str:
    """A signal, error or escalation."""
    return element(tag, id, name=id, **({f"{tag}Code": code} if code else {}))


def process(flows: str, *parts: str, id: str = "p", root: str = "") -> bytes:
    """A BPMN file with one executable process; ``root`` holds messages, signals, errors."""
    body = scope(flows, *parts)
    text = f'<process id="{id}" isExecutable="true">{body}</process>'
    return f'<definitions {NAMESPACES} targetNamespace="test">{root}{text}</definitions>'.encode()


def release(xml: bytes, files: Mapping[str, bytes] | None = None) -> Release:
    """A release of one diagram and what else it needs."""
    content = {"process.bpmn": xml, **(files or {})}
    found = re.search(rb'<process id="([^"]+)"', xml)
    return Release(found[1].decode() if found else "p", digest(content), content)
