"""Two decisions: inputs, outputs and rows."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest

from lxml import etree

from engine.diagram import read_xml

from .nouns import Difference

Row = tuple[str, ...]


def table_differences(file: str, before: bytes, after: bytes) -> Iterator[Difference]:
    """Columns and rows of all tables of a file; rows that stay in order count as the same."""
    old, new = read_xml(before), read_xml(after)
    found: list[Difference] = []
    for part in ("input", "output"):
        found += _rows(file, part, _columns(old, part), _columns(new, part))
    found += _rows(file, "row", _rules(old), _rules(new))
    if not found and _written(old) != _written(new):
        found.append(Difference("changed", file, "other"))
    yield from found


def _rows(file: str, part: str, old: list[Row], new: list[Row]) -> Iterator[Difference]:
    matched = SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matched.get_opcodes():
        if tag == "equal":
            continue
        pairs = zip_longest(range(a, b), range(c, d))
        for was, now in pairs:
            number = str((now if now is not None else was) + 1)
            before = " | ".join(old[was]) if was is not None else ""
            after = " | ".join(new[now]) if now is not None else ""
            if was is None:
                yield Difference("added", file, part, number, after=after)
            elif now is None:
                yield Difference("removed", file, part, number, before=before)
            else:
                yield Difference("changed", file, part, number, "", before, after)


def _columns(root: etree._Element, part: str) -> list[Row]:
    found = root.iter(f"{{*}}{part}")
    return [(one.get("label") or one.get("name") or "", _text(one)) for one in found]


def _rules(root: etree._Element) -> list[Row]:
    return [
        tuple(_text(cell) for cell in rule if etree.QName(cell).localname.endswith("Entry"))
        for rule in root.iter("{*}rule")
    ]


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _written(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, method="c14n2", strip_text=True))
