"""Ids for a diagram from elsewhere: those it lacks, has twice, or writes as no id can be written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.diagram.nodes import NODE_TYPES
from engine.diagram.xml import BPMN, BPMNDI, DC, DI, local

START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
REST = START + "\\-.0-9\xb7\u0300-\u036f\u203f\u2040"
NCNAME = re.compile(f"[{START}][{REST}]*")
"""Names without colons, of any language (Namespaces in XML 1.0, section 3)."""
STRANGE = re.compile(f"[^{REST}]+")
OURS = frozenset({BPMN, BPMNDI, DC, DI})
NAMED = NODE_TYPES | {
    *("process", "collaboration", "participant", "messageFlow", "sequenceFlow", "lane"),
    *("dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "association"),
    *("message", "signal", "error", "escalation"),
}
"""What can be drawn, named by another element or declared: it has an id."""
REFERRING = ("Ref", "Refs", "incoming", "outgoing", "default", "bpmnElement", "calledElement")
CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")

Holder = tuple[etree._Element, str]
"""Where an id is referred to: an element, and its attribute ("" = its text)."""


def name_all(root: etree._Element, only_drawn: bool = False) -> int:
    """Gives ids in place, the same ones each time; how many are new.

    References follow an id that changes. Where an id stands twice the first keeps it; another is
    meant by what lies in its own scope, and by the shape that comes as far down as it does.
    ``only_drawn``: shapes, lines and planes alone get another id.
    """
    names = _Names(root)
    for element in names.elements:
        old, is_drawn = element.get("id", "").strip(), _space(element) != BPMN
        if old and (old not in names.holders or (only_drawn and not is_drawn)):
            names.holders.setdefault(old, [element])
            if not NCNAME.fullmatch(old) and not only_drawn:
                names.rename(element, old)
        elif old:
            names.part(element, old)
        elif local(element) in NAMED and not (is_drawn or only_drawn):
            names.give(element, f"{CAPITAL.sub('_', local(element)).lower()}_1")
    return names.count


def _space(element: etree._Element) -> str:
    return str(etree.QName(element).namespace or "")


class _Names:
    """``holders``: the elements by the id they came with; ``refs``: where each id is referred to."""

    def __init__(self, root: etree._Element) -> None:
        found = [one for one in root.iter("*") if _space(one) in OURS]
        # What is drawn gives way to what it shows.
        self.elements = sorted(found, key=lambda one: _space(one) != BPMN)
        self.used = {one.get("id", "").strip() for one in found}
        self.holders: dict[str, list[etree._Element]] = {}
        self.refs: dict[str, list[Holder]] = {}
        self.count = 0
        for element in found:
            for place, ref in _references(element):
                known = ref if ref in self.used else ref.rpartition(":")[2]
                self.refs.setdefault(known, []).append((element, place))

    def give(self, element: etree._Element, wanted: str) -> str:
        """Sets the id that is wanted, else the next free one of its kind."""
        stem, _, last = wanted.rpartition("_")
        stem, number = (stem, int(last)) if stem and last.isdecimal() else (wanted, 1)
        name = wanted
        while name in self.used:
            number += 1
            name = f"{stem}_{number}"
        self.used.add(name)
        element.set("id", name)
        self.count += 1
        return name

    def rename(self, element: etree._Element, old: str) -> None:
        """Another id for what is written as none can be; all that refers to it follows."""
        plain = STRANGE.sub("_", old)
        name = self.give(element, plain if NCNAME.fullmatch(plain) else f"_{plain}")
        for holder in self.refs.get(old, ()):
            _refer(holder, name)

    def part(self, element: etree._Element, old: str) -> None:
        """An id of its own for what bears another's."""
        first, *_ = held = self.holders[old]
        held.append(element)
        name = self.give(element, f"{first.get('id')}_2")
        around = element.getparent()
        shapes = [one for one in self.refs.get(old, ()) if one[1] == "bpmnElement"]
        meant = shapes[len(held) - 1 : len(held)]
        if around is not first.getparent() and _space(element) == BPMN:
            meant += [one for one in self.refs.get(old, ()) if around in [*one[0].iterancestors()]]
        for holder in meant:
            _refer(holder, name)


def _references(element: etree._Element) -> Iterator[tuple[str, str]]:
    for place, value in element.attrib.items():
        if str(place).endswith(REFERRING) and not str(place).startswith("{"):
            yield str(place), str(value).strip()
    if local(element).endswith(REFERRING) and not len(element):
        yield "", str(element.text or "").strip()


def _refer(holder: Holder, name: str) -> None:
    element, place = holder
    if place:
        element.set(place, name)
    else:
        element.text = name
