"""A decision table's elements while it is edited: made in their place, indented as their neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from engine.diagram.xml import local
from engine.errors import Invalid

Xml = etree._Element
ORDER = ("input", "output", "annotation", "rule")
"""As DMN orders the children of a table."""
ENTRIES = {"input": "inputEntry", "output": "outputEntry", "annotation": "annotationEntry"}
"""What a rule holds for each kind of column."""


def name_of(xml: Xml) -> str:
    """The local name; a comment has none."""
    return local(xml) if isinstance(xml.tag, str) else ""


def parts(xml: Xml, name: str) -> list[Xml]:
    """The children of this name."""
    return [child for child in xml if name_of(child) == name]


def part(xml: Xml | None, name: str) -> Xml | None:
    """The first child of this name."""
    return next(iter(parts(xml, name)), None) if xml is not None else None


def text_of(xml: Xml | None) -> str:
    """The text within ``<text>``, "" if there is none."""
    found = part(xml, "text")
    return "" if found is None else (found.text or "").strip()


def say_text(xml: Xml, text: str) -> None:
    """Change the text within ``<text>``; what says the same stays as it was written."""
    if text_of(xml) == text:
        return
    found = part(xml, "text")
    if found is None:
        found = etree.SubElement(xml, _tag(xml, "text"))
    _written(found, text)


def _written(xml: Xml, text: str) -> None:
    try:
        xml.text = text
    except ValueError as error:  # a null byte, a control character
        raise Invalid("authoring_character") from error


def say_attribute(xml: Xml, name: str, text: str) -> None:
    """Change an attribute; "" takes it away."""
    if xml.get(name, "").strip() == text:
        return
    try:
        xml.set(name, text)
    except ValueError as error:
        raise Invalid("authoring_character") from error
    if not text:
        del xml.attrib[name]


def say_inner(xml: Xml, name: str, text: str) -> None:
    """Change the text of a child that holds a ``<text>``; an empty one that was not there stays away."""
    inner = part(xml, name)
    if inner is None:
        if not text:
            return
        inner = laid(xml, name, len(xml) if name != "inputExpression" else 0)
    if text or name == "inputExpression":
        say_text(inner, text)
    else:
        drop(inner)


def laid(parent: Xml, name: str, place: int) -> Xml:
    """A new child there, on a line of its own where its neighbours are."""
    made: Xml = parent.makeelement(_tag(parent, name), {}, None)
    before = parent[place - 1] if place else None
    if len(parent) == 0 or before is None:
        made.tail = parent.text
    elif place == len(parent):
        made.tail, before.tail = before.tail, parent.text if len(parent) == 1 else parent[0].tail
    else:
        made.tail = before.tail
    parent.insert(place, made)
    return made


def drop(xml: Xml) -> None:
    """Take an element away with its line."""
    parent = xml.getparent()
    if parent is None:
        return
    before = xml.getprevious()
    if xml.getnext() is None and before is not None:
        before.tail = xml.tail
    parent.remove(xml)


def swap(one: Xml, other: Xml) -> None:
    """Let two neighbours change places; the white space around them stays where it is."""
    first, second = (one, other) if one.getnext() is other else (other, one)
    first.tail, second.tail = second.tail, first.tail
    parent = first.getparent()
    if parent is not None:
        parent.insert(parent.index(first), second)


def end_of(table: Xml, kind: str) -> int:
    """Where a new child of this kind goes: after its like, before what DMN puts behind it."""
    later = ORDER[ORDER.index(kind) + 1 :]
    places = [place for place, child in enumerate(table) if name_of(child) in later]
    return min(places, default=len(table))


def entry_place(rule: Xml, kind: str, number: int) -> int:
    """Where the entry of a column stands, or would, within a rule."""
    wanted = list(ENTRIES)[: list(ENTRIES).index(kind)]
    before = sum(len(parts(rule, ENTRIES[name])) for name in wanted)
    lead = len([child for child in rule if name_of(child) not in ENTRIES.values()])
    return min(lead + before + number, len(rule))


def ids(xml: Xml) -> Iterator[str]:
    """Every id of the file."""
    for element in xml.getroottree().getroot().iter():
        if isinstance(element.tag, str) and element.get("id"):
            yield element.get("id", "")


def fresh_id(xml: Xml, stem: str) -> str:
    """An id that nobody has: the stem and the next number."""
    taken = set(ids(xml))
    return next(name for n in range(1, len(taken) + 2) if (name := f"{stem}_{n}") not in taken)


def copy_of(rule: Xml) -> Xml:
    """The same row with ids of its own."""
    made = deepcopy(rule)
    for element in made.iter():
        if isinstance(element.tag, str):
            element.attrib.pop("id", None)
    return made


def _tag(xml: Xml, name: str) -> str:
    return f"{{{etree.QName(xml).namespace}}}{name}"
