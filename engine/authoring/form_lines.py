"""A form file as lines, top to bottom: what each says, of which type it is, whose type that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.errors import Invalid
from engine.forms.schema import SHARED, at, kind_of, resolve

LineKind = Literal["field", "column", "group", "table", "note"]
Json = dict[str, Any]

TYPES: Mapping[str, Json] = {
    "text": {"type": "string"},
    "choice": {"type": "string", "enum": []},
    "choices": {"type": "array", "items": {"type": "string", "enum": []}, "uniqueItems": True},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
    "date-time": {"type": "string", "format": "date-time"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "money": {"type": "number", "format": "money"},
    "file": {"type": "object", "format": "file"},
    "files": {"type": "array", "items": {"type": "object", "format": "file"}},
    "signature": {"type": "object", "format": "signature"},
    "rows": {"type": "array", "items": {"type": "object", "properties": {}}},
}
"""What a field may be, beside the types that ``shared/types.json`` names."""

LIMITS: Mapping[str, tuple[str, str]] = {
    "text": ("minLength", "maxLength"),
    "number": ("minimum", "maximum"),
    "integer": ("minimum", "maximum"),
    "money": ("minimum", "maximum"),
    "choices": ("minItems", "maxItems"),
    "files": ("minItems", "maxItems"),
    "rows": ("minItems", "maxItems"),
}
"""Smallest and largest, by kind."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a form. ``at``: "3", within a group "3.0", a column of rows "3/name".

    ``told``: what it says, taken over from a shared type where it says nothing itself; ``type``: of
    TYPES, or the reference to a shared one; ``is_own``: its type stands in this file.
    """

    at: str
    kind: LineKind
    told: Mapping[str, Any]
    pointer: str = ""
    node: Mapping[str, Any] = field(default_factory=dict)
    type: str = ""
    is_own: bool = True
    is_required: bool = False

    @property
    def value_kind(self) -> str:
        return kind_of(self.node) or ""

    @property
    def codes(self) -> list[str]:
        """What can be chosen, in its order."""
        return [str(code) for code in self.node.get("items", self.node).get("enum", ())]

    @property
    def is_inside(self) -> bool:
        return "." in self.at or "/" in self.at

    @property
    def limits(self) -> tuple[str, str]:
        return LIMITS.get(self.value_kind, ("", ""))


def lines(told: Json, shared: Mapping[str, Any]) -> Iterator[Line]:
    """Every line of a form file that has the shape of one."""
    try:
        schema = resolve(told["schema"], told["schema"], shared)
    except Invalid:
        schema = told["schema"]  # a type that nobody knows: its finding says so
    for number, item in enumerate(told["ui"]["order"]):
        if isinstance(item, str):
            yield from _field(told, schema, str(number), item)
            continue
        kind: LineKind = "note" if "text" in item else "table" if "table" in item else "group"
        yield Line(str(number), kind, item)
        for place, pointer in enumerate(item.get("order", ()) if kind == "group" else ()):
            yield from _field(told, schema, f"{number}.{place}", pointer)


def _field(told: Json, schema: Any, where: str, pointer: str) -> Iterator[Line]:
    line = _line(told, schema, where, pointer)
    yield line
    if line.value_kind == "rows":
        for name in columns(line):
            yield _line(told, schema, f"{where}/{name}", f"{pointer}/*/{name}")


def columns(line: Line) -> list[str]:
    """Names of the columns of rows, in the order drawn; the id of a row is nothing to edit."""
    known = list(line.node["items"].get("properties", {}))
    return [name for name in line.told.get("columns", known) if name in known and name != "id"]


def _line(told: Json, schema: Any, where: str, pointer: str) -> Line:
    node = at(schema, pointer) or {}
    raw = written_at(told["schema"], pointer)
    parent, _, name = pointer.rpartition("/")
    return Line(
        at=where,
        kind="column" if "/" in where else "field",
        told={**(node.get("ui") or {}), **told["ui"].get("fields", {}).get(pointer, {})},
        pointer=pointer,
        node=node,
        type=_type(raw, node),
        is_own=raw is not None,
        is_required=name in (at(schema, parent) or {}).get("required", ()),
    )


def written_at(schema: Json, pointer: str) -> Json | None:
    """What the file itself writes at a pointer; None where a shared type says it."""
    node: Any = schema
    for part in pointer.split("/")[1:]:
        node = node.get("items") if part == "*" else node.get("properties", {}).get(part)
        if not isinstance(node, dict):
            return None
    return node if isinstance(node, dict) else None


def _type(raw: Json | None, node: Mapping[str, Any]) -> str:
    if raw and str(raw.get("$ref", "")).startswith(f"{SHARED}#"):
        return str(raw["$ref"])
    kind = kind_of(node) or ""
    return "choice" if kind == "text" and "enum" in node else kind
