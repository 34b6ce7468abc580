"""Whether a file is enough of a form to be edited line by line, however unfinished it is."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from engine.forms.schema import load
from engine.forms.shape import SHAPE, bad_schema

UNFINISHED = ("required", "dependentRequired", "pattern", "minItems")


def is_editable(told: Any) -> bool:
    """Words, keys and rows may be missing, strange keys may stand there: the shape is what counts."""
    if not is_text(told) or not _loose().is_valid(told) or not {"schema", "ui"} <= told.keys():
        return False
    if "order" not in told["ui"]:
        return False
    return all(finding.code != "form_schema_invalid" for finding in bad_schema(told["schema"]))


def is_text(told: Any) -> bool:
    """Whether it can be written at all: half a character (a lone surrogate) cannot."""
    try:
        json.dumps(told, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


@cache
def _loose() -> Any:
    return Draft202012Validator(_loosened(load(SHAPE.read_bytes())))


def _loosened(shape: Any) -> Any:
    if isinstance(shape, list):
        return [_loosened(one) for one in shape]
    if not isinstance(shape, dict):
        return shape
    strict = {"additionalProperties"} if shape.get("additionalProperties") is False else set()
    return {
        key: _loosened(value)
        for key, value in shape.items()
        if key not in {*UNFINISHED, *strict} or isinstance(value, dict)
    }


def read(content: bytes) -> Any:
    """The file as it can be written again; raises Invalid (form_not_json)."""
    load(content)
    return json.loads(content)


def written(told: Any) -> bytes:
    """As the files of bundled procedures are written."""
    return json.dumps(told, indent=2, ensure_ascii=False).encode() + b"\n"
