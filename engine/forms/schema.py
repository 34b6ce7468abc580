"""The schema half of a form file: shared types put in place, kinds told apart, values judged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

import re2
from jsonschema import Draft202012Validator, TypeChecker, ValidationError
from jsonschema.validators import extend

from engine.errors import Invalid
from engine.forms.form import Kind
from engine.forms.formats import FORMATS, checker
from engine.model import Problem

Json = Mapping[str, Any]
SHARED = "shared/types.json"
KEYWORDS = frozenset(
    [
        "$schema",
        "$defs",
        "$ref",
        "$comment",
        "title",
        "description",
        "ui",
        "type",
        "properties",
        "required",
        "items",
        "enum",
        "const",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "pattern",
        "format",
    ]
)
UNJUDGED = frozenset(["$schema", "$defs", "$comment", "title", "description", "type"])
PLAIN: dict[str, Kind] = {"number": "number", "integer": "integer", "boolean": "boolean"}
DATED: dict[str, Kind] = {"date": "date", "time": "time", "date-time": "date-time"}
MAX_TEXT, MAX_LONG_TEXT, MAX_ROWS = 200, 20_000, 200
MAX_DEPTH = 12


def load(content: bytes) -> Any:
    """JSON with exact numbers and without keys said twice; raises Invalid(form_not_json)."""
    try:
        return json.loads(content, parse_float=Decimal, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Invalid("form_not_json", reason=str(error)[:200]) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"key said twice: {next(key for key in keys if keys.count(key) > 1)}")
    return said


def resolve(node: Any, here: Json, shared: Json, depth: int = 0) -> Any:
    """The schema with every ``$ref`` put in place; keywords beside a ``$ref`` win.

    ``#/$defs/x`` is looked up in this file, ``shared/types.json#/$defs/x`` in the shared one.
    Raises Invalid(form_ref_unknown), or form_too_deep where types refer to each other in a circle.
    """
    if depth > MAX_DEPTH:
        raise Invalid("form_too_deep")
    if isinstance(node, list):
        return [resolve(item, here, shared, depth + 1) for item in node]
    if not isinstance(node, Mapping):
        return node
    plain = {
        key: value if key in ("ui", "$defs") else resolve(value, here, shared, depth + 1)
        for key, value in node.items()
        if key != "$ref"
    }
    if "$ref" not in node:
        return plain
    home, target = _target(str(node["$ref"]), here, shared)
    named = resolve(target, home, shared, depth + 1)
    ui = {**named.get("ui", {}), **plain.get("ui", {})}
    return {**named, **plain, **({"ui": ui} if ui else {})}


def _target(ref: str, here: Json, shared: Json) -> tuple[Json, Json]:
    """The file that a ``$ref`` leads to, and the type in it."""
    file, _, name = ref.partition("#/$defs/")
    home = {"": here, SHARED: shared}.get(file, {})
    target = home.get("$defs", {}).get(name)
    if not isinstance(target, Mapping):
        raise Invalid("form_ref_unknown", ref=ref)
    return home, target


def at(schema: Any, pointer: str) -> Mapping[str, Any] | None:
    """The part of a resolved schema that describes ``pointer`` (``*`` steps into the rows)."""
    node = schema
    for part in pointer.split("/")[1:]:
        inner = node.get("items") if part == "*" else node.get("properties", {}).get(part)
        if not isinstance(inner, Mapping):
            return None
        node = inner
    return node if isinstance(node, Mapping) else None


def kind_of(node: Mapping[str, Any]) -> Kind | None:
    """What sort of value a schema node describes; None if a form has no control for it."""
    match node.get("type"), node.get("format"):
        case "string", str() as name:
            return DATED.get(name, "text")
        case ("string", None) | (None, None) if "enum" in node or node.get("type"):
            return "text"
        case "number", "money":
            return "money"
        case plain, None if plain in PLAIN:
            return PLAIN[plain]
        case "object", ("file" | "signature") as name:
            return "file" if name == "file" else "signature"
        case "array", None:
            return _list_kind(node.get("items"))
    return None


def _list_kind(items: Any) -> Kind | None:
    if not isinstance(items, Mapping):
        return None
    if items.get("type") == "object":
        return "files" if items.get("format") == "file" else "rows"
    return "choices" if items.get("type") == "string" else None


def nodes(node: Any, pointer: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every schema node of a resolved schema with its pointer, outermost first."""
    if not isinstance(node, Mapping):
        return
    yield pointer, node
    for key, inner in (node.get("properties") or {}).items():
        yield from nodes(inner, f"{pointer}/{key}")
    if "items" in node:
        yield from nodes(node["items"], f"{pointer}/*")


def without_required(node: Any) -> Any:
    """The schema as it judges one value: whether it must be there is the form's own question."""
    if isinstance(node, list):
        return [without_required(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    kept = {key: without_required(value) for key, value in node.items() if key != "ui"}
    if isinstance(kept.get("required"), list):
        del kept["required"]
    return kept


def judge(validator: Any, value: Any, pointer: str) -> list[Problem]:
    """What the schema says against the FEEL value of one field; ``validator`` from ``judging``."""
    if validator is None:
        return []
    found = [_problem(error, pointer) for error in validator.iter_errors(_plain(value))]
    return list({problem.code: problem for problem in found}.values()) if found else found


def judging(schema: Mapping[str, Any]) -> Any:
    """What judges parsed values by a schema: made once for a field; None if nothing is left to say.

    A parsed value has its type by construction.
    """
    kept = {key: value for key, value in schema.items() if key not in UNJUDGED}
    return Validator(kept, format_checker=checker) if kept else None


def _problem(error: ValidationError, pointer: str) -> Problem:
    keyword = str(error.validator)
    if keyword == "format":
        return Problem(pointer, FORMATS[str(error.validator_value)])
    limit = error.validator_value
    params = {"limit": f"{limit:f}" if isinstance(limit, Decimal) else str(limit)}
    return Problem(pointer, CODES.get(keyword, "form_not_fitting"), params)


CODES = {
    "minLength": "form_too_short",
    "maxLength": "form_too_long",
    "minimum": "form_too_small",
    "exclusiveMinimum": "form_not_above",
    "maximum": "form_too_large",
    "exclusiveMaximum": "form_not_below",
    "multipleOf": "form_not_multiple",
    "minItems": "form_too_few",
    "maxItems": "form_too_many",
    "uniqueItems": "form_said_twice",
    "enum": "form_not_offered",
    "const": "form_must_be",
    "pattern": "form_pattern",
}


_ITSELF = (str, Decimal, bool, type(None))


def _plain(value: Any) -> Any:
    """FEEL values as the schema knows them: dates and times are ISO 8601 strings."""
    if isinstance(value, _ITSELF):
        return value
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _pattern(_: Any, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Linear time: the library's own keyword would use backtracking."""
    if isinstance(value, str) and not re2.search(pattern, value):
        yield ValidationError("pattern")


def _whole(_: TypeChecker, value: Any) -> bool:
    return isinstance(value, Decimal) and value == value.to_integral_value()


def _number(_: TypeChecker, value: Any) -> bool:
    return isinstance(value, Decimal)


Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"pattern": _pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _whole, "number": _number}
    ),
)
