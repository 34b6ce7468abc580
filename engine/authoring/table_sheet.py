"""A DMN file open for editing: the cells of its decision tables, their rows, columns, hit policies."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.decisions.reading import read_model
from engine.diagram.xml import read_xml
from engine.errors import Invalid

from .form_words import Typed, plain
from .table_grid import AGGREGATIONS, KINDS, POLICIES, Grid, columns_of, grid_of
from .table_needs import declare
from .table_parts import (
    ENTRIES,
    Xml,
    copy_of,
    drop,
    end_of,
    entry_place,
    fresh_id,
    laid,
    part,
    parts,
    say_attribute,
    say_inner,
    say_text,
    swap,
)

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'


class TableSheet:
    """Raises Invalid where the file cannot be read as DMN."""

    def __init__(self, content: bytes) -> None:
        read_model(content)
        self.root = read_xml(content, to_write=True)
        self.original, self.before = content, etree.tostring(self.root)
        self.tables = [
            table
            for decision in parts(self.root, "decision")
            for table in parts(decision, "decisionTable")
        ]

    @property
    def is_changed(self) -> bool:
        """Whether anything is different from what came."""
        return bool(etree.tostring(self.root) != self.before)

    @property
    def content(self) -> bytes:
        """The file; the very bytes that came while nothing is different."""
        if not self.is_changed:
            return self.original
        end = b"\n" if self.original.endswith(b"\n") else b""
        return HEAD + etree.tostring(self.root.getroottree(), encoding="UTF-8") + end

    @property
    def grids(self) -> list[Grid]:
        """Every table of the file."""
        return [grid_of(f"t{number}", table) for number, table in enumerate(self.tables)]

    def table(self, at: str) -> Xml:
        """Raises Invalid (authoring_line_gone)."""
        number = at[1:]
        if not number.isdecimal() or int(number) >= len(self.tables):
            raise Invalid("authoring_line_gone")
        return self.tables[int(number)]

    # Saying ------------------------------------------------------------------------------------

    def say(self, typed: Mapping[str, Typed]) -> None:
        """What was typed, by table: ``hit``, ``i0.text``, ``o0.values``, ``r3.i0``."""
        for number, table in enumerate(self.tables):
            said = {key: plain(text) for key, text in typed.get(f"t{number}", {}).items()}
            _say_policy(table, said)
            for at, kind, column in columns_of(table):
                _say_column(column, kind, at, said)
            for place, rule in enumerate(parts(table, "rule")):
                _say_rule(table, rule, f"r{place}", said)
        if self.is_changed:
            for table in self.tables:
                declare(table)

    # Rows and columns come, move and go ---------------------------------------------------------

    def add_rule(self, at: str, like: str = "") -> str:
        """A row at the end, or after row ``like`` and like it; says where it stands."""
        table = self.table(at)
        rules = parts(table, "rule")
        if like:
            old = self._rule(at, like)
            made = copy_of(old)
            table.insert(table.index(old) + 1, made)
            place = rules.index(old) + 1
        else:
            made, place = laid(table, "rule", end_of(table, "rule")), len(rules)
            _fill(table, made)
        made.set("id", fresh_id(made, "rule"))
        return f"{at}-r{place}"

    def remove_rule(self, at: str, rule: str) -> str:
        """A row goes."""
        drop(self._rule(at, rule))
        return at

    def move_rule(self, at: str, rule: str, down: bool) -> str:
        """One up or down; says where it stands."""
        moved = self._rule(at, rule)
        rules = parts(self.table(at), "rule")
        place = rules.index(moved)
        other = place + (1 if down else -1)
        if 0 <= other < len(rules):
            swap(moved, rules[other])
            place = other
        return f"{at}-r{place}"

    def add_column(self, at: str, kind: str) -> str:
        """A new last column of inputs, outputs or annotations, with empty cells."""
        table = self.table(at)
        name = KINDS.get(kind)
        if name is None:
            raise Invalid("authoring_line_gone")
        number = len(parts(table, name))
        made = laid(table, name, end_of(table, name))
        if name != "annotation":
            made.set("id", fresh_id(made, name))
        if name == "input":
            say_text(laid(made, "inputExpression", 0), "")
        else:
            made.set("name", f"{name}_{number + 1}")
        for rule in parts(table, "rule"):
            _entry(rule, name, number)
        return at

    def remove_column(self, at: str, column: str) -> str:
        """A column goes, and its cells with it."""
        kind, gone, number = self._column(at, column)
        drop(gone)
        for rule in parts(self.table(at), "rule"):
            entries = parts(rule, ENTRIES[kind])
            if number < len(entries):
                drop(entries[number])
        return at

    def move_column(self, at: str, column: str, right: bool) -> str:
        """One to the left or right among its like, with its cells."""
        kind, _, number = self._column(at, column)
        table = self.table(at)
        other = number + (1 if right else -1)
        if not 0 <= other < len(parts(table, kind)):
            return at
        for holder, name in ((table, kind), *((r, ENTRIES[kind]) for r in parts(table, "rule"))):
            found = parts(holder, name)
            if max(number, other) < len(found):
                swap(found[number], found[other])
        return at

    def _rule(self, at: str, rule: str) -> Xml:
        return _numbered(parts(self.table(at), "rule"), rule)

    def _column(self, at: str, column: str) -> tuple[str, Xml, int]:
        kind = KINDS.get(column[:1], "")
        found = _numbered(parts(self.table(at), kind), column)
        return kind, found, int(column[1:])


def _numbered(found: list[Xml], name: str) -> Xml:
    number = name[1:]
    if not number.isdecimal() or int(number) >= len(found):
        raise Invalid("authoring_line_gone")
    return found[int(number)]


def _say_policy(table: Xml, said: Typed) -> None:
    policy = said.get("hit", "")
    if policy in POLICIES and policy != table.get("hitPolicy", POLICIES[0]):
        table.set("hitPolicy", policy)
    if "aggregation" in said and said["aggregation"] in AGGREGATIONS:
        collects = table.get("hitPolicy") == "COLLECT"
        say_attribute(table, "aggregation", said["aggregation"] if collects else "")


def _say_column(column: Xml, kind: str, at: str, said: Typed) -> None:
    if f"{at}.text" not in said:
        return
    if kind == "input":
        say_inner(column, "inputExpression", said[f"{at}.text"])
    elif said[f"{at}.text"]:
        say_attribute(column, "name", said[f"{at}.text"])
    for key, inner in (("values", f"{kind}Values"), ("default", "defaultOutputEntry")):
        if f"{at}.{key}" in said:
            say_inner(column, inner, said[f"{at}.{key}"])
    if f"{at}.label" in said:
        say_attribute(column, "label", said[f"{at}.label"])


def _say_rule(table: Xml, rule: Xml, at: str, said: Typed) -> None:
    for name, kind, _ in columns_of(table):
        text, number = said.get(f"{at}.{name}"), int(name[1:])
        there = parts(rule, ENTRIES[kind])
        if text is None or (number >= len(there) and not text):
            continue
        say_text(_entry(rule, kind, number), text)


def _entry(rule: Xml, kind: str, number: int) -> Xml:
    """The cell of a column; it and those before it are made where a rule has none yet."""
    while len(found := parts(rule, ENTRIES[kind])) <= number:
        made = laid(rule, ENTRIES[kind], entry_place(rule, kind, len(found)))
        say_text(made, "-" if kind == "input" else "")
        if part(made, "text") is None:
            etree.SubElement(made, f"{{{etree.QName(made).namespace}}}text")
    return found[number]


def _fill(table: Xml, rule: Xml) -> None:
    """Cells of a new row, indented as those of the row before."""
    before = rule.getprevious()
    if before is not None and len(before):
        rule.text = before.text
    for name, kind, _ in columns_of(table):
        _entry(rule, kind, int(name[1:]))
    if before is not None and len(before) and len(rule):
        for cell in rule:
            cell.tail = before.text
        rule[-1].tail = before[-1].tail
