"""Reads what an element waits for, throws, repeats or carries: event definitions, loops, data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from .nouns import (
    DataAssociation,
    Declared,
    EventDefinition,
    EventKind,
    Message,
    MultiInstance,
    StandardLoop,
)
from .xml import bpmn, child_text, extensions, ld, local, text_of

KINDS: Mapping[str, EventKind] = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
    "linkEventDefinition": "link",
    "compensateEventDefinition": "compensate",
    "terminateEventDefinition": "terminate",
    "cancelEventDefinition": "cancel",
}
TIMERS: Mapping[str, Literal["date", "duration", "cycle"]] = {
    "timeDate": "date",
    "timeDuration": "duration",
    "timeCycle": "cycle",
}
REFERENCES = {"compensate": "activityRef"}


@dataclass(frozen=True, slots=True)
class Declarations:
    """What a file declares beside its processes, by id."""

    messages: Mapping[str, Message]
    signals: Mapping[str, Declared]
    errors: Mapping[str, Declared]
    escalations: Mapping[str, Declared]

    def named(self, ref: str) -> Message | Declared | None:
        for declared in (self.messages, self.signals, self.errors, self.escalations):
            if ref in declared:
                return declared[ref]
        return None


def read_declarations(root: etree._Element) -> Declarations:
    return Declarations(
        {one.get("id", ""): _message(one) for one in bpmn(root, "message")},
        _declared(root, "signal", ""),
        _declared(root, "error", "errorCode"),
        _declared(root, "escalation", "escalationCode"),
    )


def _message(element: etree._Element) -> Message:
    payload = {one.get("name", ""): one.get("value", "") for one in extensions(element, "payload")}
    return Message(element.get("id", ""), element.get("name", ""), ld(element, "key"), payload)


def _declared(root: etree._Element, tag: str, code: str) -> dict[str, Declared]:
    return {
        one.get("id", ""): Declared(
            one.get("id", ""), one.get("name", ""), one.get(code, "") if code else ""
        )
        for one in bpmn(root, tag)
    }


def bare(qname: str | None) -> str:
    """An id out of a QName reference (``tns:order`` -> ``order``)."""
    return (qname or "").strip().rpartition(":")[2]


def read_events(
    element: etree._Element, declared: Declarations, shared: Mapping[str, etree._Element]
) -> tuple[EventDefinition, ...]:
    """Its event definitions; ``shared`` are those declared at the root, by id."""
    found = [_event(child, declared) for child in bpmn(element, *KINDS)]
    for ref in bpmn(element, "eventDefinitionRef"):
        target = shared.get(bare(text_of(ref)))
        if target is not None:
            found.append(_event(target, declared))
    return tuple(found)


def _event(definition: etree._Element, declared: Declarations) -> EventDefinition:
    kind = KINDS[local(definition)]
    ref = bare(definition.get(REFERENCES.get(kind, f"{kind}Ref")))
    target = declared.named(ref)
    timer_kind, timer = _timer(definition)
    return EventDefinition(
        kind,
        ref,
        name=target.name if target else definition.get("name", "").strip(),
        code=target.code if isinstance(target, Declared) else "",
        timer_kind=timer_kind,
        timer=timer,
        clock=ld(definition, "clock"),
        condition=child_text(definition, "condition"),
    )


def _timer(definition: etree._Element) -> tuple[Literal["", "date", "duration", "cycle"], str]:
    for child in bpmn(definition, *TIMERS):
        return TIMERS[local(child)], text_of(child)
    return "", ""


def read_loop(element: etree._Element) -> MultiInstance | StandardLoop | None:
    for loop in bpmn(element, "multiInstanceLoopCharacteristics"):
        return MultiInstance(
            sequential=loop.get("isSequential") == "true",
            cardinality=child_text(loop, "loopCardinality"),
            collection=child_text(loop, "loopDataInputRef"),
            item=_item(loop, "inputDataItem"),
            output_item=_item(loop, "outputDataItem"),
            output=child_text(loop, "loopDataOutputRef"),
            completion=child_text(loop, "completionCondition"),
        )
    for loop in bpmn(element, "standardLoopCharacteristics"):
        return StandardLoop(
            condition=child_text(loop, "loopCondition"),
            test_before=loop.get("testBefore") == "true",
            maximum=loop.get("loopMaximum", ""),
        )
    return None


def _item(loop: etree._Element, name: str) -> str:
    for item in bpmn(loop, name):
        return item.get("name") or item.get("id") or ""
    return ""


def read_associations(element: etree._Element) -> Iterator[DataAssociation]:
    for one in bpmn(element, "dataInputAssociation", "dataOutputAssociation"):
        yield DataAssociation(
            "in" if local(one) == "dataInputAssociation" else "out",
            tuple(text_of(source) for source in bpmn(one, "sourceRef")),
            child_text(one, "targetRef"),
            child_text(one, "transformation"),
            tuple(
                (child_text(each, "from"), child_text(each, "to"))
                for each in bpmn(one, "assignment")
            ),
            one.get("id", ""),
        )
