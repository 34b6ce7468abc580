"""Whether a form file has the shape that form.schema.json describes, said as findings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, SchemaError

from engine.forms.schema import KEYWORDS, nodes
from engine.model import Finding

SHAPE = Path(__file__).with_name("form.schema.json")


@cache
def _validator(part: str = "") -> Any:
    shape = json.loads(SHAPE.read_text("utf-8"))
    wanted = {"$ref": f"#/$defs/{part}", "$defs": shape["$defs"]} if part else shape
    return Draft202012Validator(wanted)


def misshapen(told: Any) -> list[Finding]:
    """What in the file, outside the schema's own words, does not have the shape of a form."""
    return list(_findings(_validator().iter_errors(told), ""))


def bad_schema(schema: Mapping[str, Any]) -> list[Finding]:
    """What in the resolved schema is not JSON Schema, or more of it than a form can show."""
    try:
        Draft202012Validator.check_schema(_readable(schema))
    except SchemaError as error:
        return [
            Finding("form_schema_invalid", error.json_path, params={"reason": error.message[:200]})
        ]
    found = []
    for pointer, node in nodes(schema):
        for keyword in sorted(set(node) - KEYWORDS):
            found.append(
                Finding("form_keyword_unsupported", pointer or "/", params={"keyword": keyword})
            )
        found += _findings(_validator("field").iter_errors(node.get("ui", {})), pointer)
    return found


def _readable(schema: Any) -> Any:
    return json.loads(json.dumps(schema, default=float))


def _findings(errors: Iterator[Any], under: str) -> Iterator[Finding]:
    for error in errors:
        for deep in _deepest(error):
            yield _finding(deep, under)


def _deepest(error: Any) -> list[Any]:
    """For one of several shapes: what is wrong with the shape that was meant."""
    if error.validator != "anyOf" or not isinstance(error.instance, dict):
        return [error]
    meant = [
        inner
        for number, branch in enumerate(error.validator_value)
        if _named(branch) in error.instance
        for inner in error.context or ()
        if inner.schema_path[0] == number
    ]
    return meant or [error]


def _named(branch: Mapping[str, str]) -> str:
    name = branch.get("$ref", "").rpartition("/")[2]
    return "text" if name == "note" else name


def _finding(error: Any, under: str) -> Finding:
    path = [str(part) for part in error.absolute_path]
    where = under or _where(path)
    if error.validator == "additionalProperties":
        extra = set(error.instance) - set(error.schema.get("properties", {}))
        return Finding("form_key_unknown", where, params={"key": ", ".join(sorted(extra))})
    languages = {"zh", "en"} & {*path[-1:], *_missing(error)}
    if languages:
        return Finding("form_label_missing", where, params={"language": min(languages)})
    if error.validator in ("required", "dependentRequired"):
        return Finding("form_key_missing", where, params={"key": ", ".join(_missing(error))})
    return Finding("form_shape", where, params={"reason": error.message[:200]})


def _missing(error: Any) -> list[str]:
    if error.validator == "required":
        return [key for key in error.validator_value if key not in error.instance]
    if error.validator == "dependentRequired":
        wanted = [w for k, ws in error.validator_value.items() if k in error.instance for w in ws]
        return [key for key in wanted if key not in error.instance]
    return []


def _where(path: list[str]) -> str:
    """The field's pointer where the path leads into ``fields``, else the path in the file."""
    if path[:2] == ["ui", "fields"] and len(path) > 2:
        return path[2]
    return "/" + "/".join(path)
