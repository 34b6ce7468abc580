"""Untrusted XML comes in here and nowhere else: bounded, without entities, DTD or network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.errors import Invalid
from engine.model import Bilingual

MAX_BYTES = 5_000_000
MAX_ELEMENTS = 20_000
CHUNK_BYTES = 65_536
SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
}

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
LD = "urn:liandiao:bpmn:1"
I18N = "http://www.omg.org/spec/BPMN/non-normative/extensions/i18n/1.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_xml(content: bytes, to_write: bool = False) -> etree._Element:
    """The root element; ``to_write``: with comments, instructions and CDATA as they are.

    Raises Invalid: too large, too many elements, DOCTYPE, not well-formed.
    """
    if len(content) > MAX_BYTES:
        raise Invalid(
            "xml_too_large", megabytes=round(len(content) / 1e6, 1), most=MAX_BYTES // 10**6
        )
    if b"<!DOCTYPE" in content.replace(b"\0", b""):  # UTF-16 and UTF-32 too
        raise Invalid("xml_doctype")
    try:
        _bound(content)
        root: etree._Element = etree.fromstring(
            content,
            etree.XMLParser(
                **SAFE,
                remove_comments=not to_write,
                remove_pis=not to_write,
                strip_cdata=not to_write,
            ),
        )
    except etree.XMLSyntaxError as error:
        line, column = error.position
        reason = (error.msg or "").partition(", line ")[0]
        raise Invalid("xml_broken", line=line, column=column, reason=reason) from None
    if root.getroottree().docinfo.doctype:  # hidden by a rare encoding
        raise Invalid("xml_doctype")
    return root


def _bound(content: bytes) -> None:
    """Stops at the element that is one too many, before a tree of them all is built."""
    parser = etree.XMLPullParser(events=("start",), **SAFE)
    count = 0
    for start in range(0, len(content), CHUNK_BYTES):
        parser.feed(content[start : start + CHUNK_BYTES])
        count += sum(1 for _ in parser.read_events())
        if count > MAX_ELEMENTS:
            raise Invalid("xml_too_many_elements", most=MAX_ELEMENTS)


def local(element: etree._Element) -> str:
    """The tag without its namespace."""
    return str(etree.QName(element).localname)


def is_bpmn(element: etree._Element) -> bool:
    return etree.QName(element).namespace == BPMN


def bpmn(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Its BPMN children of these local names, in document order."""
    return element.iterchildren(*(f"{{{BPMN}}}{name}" for name in names))


def child_text(element: etree._Element, name: str) -> str:
    """The text of its first BPMN child of that name, "" when there is none."""
    for child in bpmn(element, name):
        return text_of(child)
    return ""


def text_of(element: etree._Element) -> str:
    return "".join(element.itertext()).strip()


def extensions(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Its ``ld:`` extension elements of that local name."""
    for holder in bpmn(element, "extensionElements"):
        yield from holder.iterchildren(f"{{{LD}}}{name}")


def ld(element: etree._Element, name: str) -> str:
    """An ``ld:`` attribute, "" when it has none."""
    return str(element.get(f"{{{LD}}}{name}", "")).strip()


def bilingual(element: etree._Element, target: str) -> Bilingual:
    """``@name``, ``documentation`` or ``text`` by language; missing ones are left out."""
    name = target.removeprefix("@")
    own = element.get(name, "").strip() if target.startswith("@") else child_text(element, name)
    words = {"zh": own} if own else {}
    for holder in bpmn(element, "extensionElements"):
        for translation in holder.iterchildren(f"{{{I18N}}}translation"):
            lang = str(translation.get(XML_LANG, "")).split("-")[0].lower()
            if translation.get("target") == target and text_of(translation):
                words[lang] = text_of(translation)
    return words
