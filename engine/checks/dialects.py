"""Is it plain: what other engines' dialects mean is mapped at import, never run by guess."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.model import Finding

from .subject import Subject

DIALECTS = {
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
    "http://flowable.org/bpmn": "flowable",
    "http://activiti.org/bpmn": "activiti",
    "http://operaton.org/schema/1.0/bpmn": "operaton",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow",
}


def plain(subject: Subject) -> Iterator[Finding]:
    """No attribute or element of a foreign engine, each dialect named once per element."""
    seen = set()
    for element in subject.root.iter("{*}*"):
        names = [element.tag, *element.attrib]
        for space in {str(etree.QName(name).namespace) for name in names} & set(DIALECTS):
            owner = _owner(element)
            if (owner, space) not in seen:
                seen.add((owner, space))
                yield subject.finding("foreign_dialect", owner, dialect=DIALECTS[space])


def _owner(element: etree._Element) -> str:
    """The id of the nearest element around that has one."""
    at: etree._Element | None = element
    while at is not None and not at.get("id"):
        at = at.getparent()
    return "" if at is None else str(at.get("id"))


RULES = (plain,)
