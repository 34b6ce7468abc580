"""A decision table as an editor shows it, and the one with which a decision begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from .table_parts import ENTRIES, Xml, part, parts, text_of

POLICIES = ("UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = ("", "SUM", "MIN", "MAX", "COUNT")
KINDS = {"i": "input", "o": "output", "n": "annotation"}
"""Columns as an editor names them: ``i0`` the first input, ``n0`` the first annotation."""


@dataclass(frozen=True, slots=True)
class Column:
    """``text``: an input's expression, an output's name, an annotation's name."""

    at: str
    kind: str
    label: str
    text: str
    values: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table as an editor shows it; ``rows``: the cells' texts by ``Column.at``."""

    at: str
    id: str
    name: str
    policy: str
    aggregation: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, str], ...]


_BLANK = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="{id}_definitions"
    name="{id}" namespace="urn:liandiao:decisions:{id}">
  <decision id="{id}" name="{id}">
    <variable id="{id}_variable" name="{id}"/>
    <decisionTable id="{id}_table" hitPolicy="UNIQUE">
      <input id="{id}_in_1" label="">
        <inputExpression id="{id}_in_1_text"><text></text></inputExpression>
      </input>
      <output id="{id}_out_1" name="result"/>
      <annotation name="legal basis"/>
      <rule id="{id}_1">
        <inputEntry id="{id}_1_i1"><text>-</text></inputEntry>
        <outputEntry id="{id}_1_o1"><text></text></outputEntry>
        <annotationEntry><text></text></annotationEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
"""


def blank_table(id: str) -> bytes:
    """A decision with one input, one output, the legal basis, and one row."""
    return _BLANK.format(id=escape(id, quote=True)).encode()


def columns_of(table: Xml) -> Iterator[tuple[str, str, Xml]]:
    """Name, kind and element of every column: inputs, outputs, annotations."""
    for letter, kind in KINDS.items():
        for number, column in enumerate(parts(table, kind)):
            yield f"{letter}{number}", kind, column


def grid_of(at: str, table: Xml) -> Grid:
    """A table as it stands."""
    decision = table.getparent()
    columns = tuple(_column(*one) for one in columns_of(table))
    return Grid(
        at=at,
        id=decision.get("id", "") if decision is not None else "",
        name=decision.get("name", "") if decision is not None else "",
        policy=table.get("hitPolicy", POLICIES[0]),
        aggregation=table.get("aggregation", ""),
        columns=columns,
        rows=tuple(_cells(rule) for rule in parts(table, "rule")),
    )


def _column(at: str, kind: str, xml: Xml) -> Column:
    text = text_of(part(xml, "inputExpression")) if kind == "input" else xml.get("name", "")
    values = text_of(part(xml, f"{kind}Values"))
    default = text_of(part(xml, "defaultOutputEntry"))
    return Column(at, kind, xml.get("label", ""), text, values, default)


def _cells(rule: Xml) -> Mapping[str, str]:
    return {
        f"{letter}{number}": text_of(entry)
        for letter, kind in KINDS.items()
        for number, entry in enumerate(parts(rule, ENTRIES[kind]))
    }
