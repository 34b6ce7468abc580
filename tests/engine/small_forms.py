"""Small forms to try: their properties drawn one after the other."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Invalid
from engine.forms import read_form, submit

TYPES = Path("bpmn/shared/types.json").read_bytes()
NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
LOCAL = timezone(timedelta(hours=8))


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def form_with(properties: dict[str, Any], **ui: Any) -> Any:
    """A form that draws its properties one after the other, each labelled with its name."""
    fields = {
        f"/{name}": {"label": words(name)} for name in properties if "$ref" not in properties[name]
    }
    for pointer, more in ui.pop("fields", {}).items():
        fields[pointer] = {**fields.get(pointer, {}), **more}
    schema = {"type": "object", "properties": properties, "required": ui.pop("required", [])}
    ui = {"order": [f"/{name}" for name in properties], "fields": fields, **ui}
    return read_form(json.dumps({"schema": schema, "ui": ui}).encode(), TYPES)


def shared(name: str) -> dict[str, str]:
    return {"$ref": f"shared/types.json#/$defs/{name}"}


def typed(schema: dict[str, Any], *given: str, context: Any = None, **ui: Any) -> Any:
    form = form_with({"x": schema}, **ui)
    return submit(form, {"/x": list(given)}, context or {}, NOW, None).values.get("/x")


def refused(form: Any, raw: Any, outcome: str | None = None, context: Any = None) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        submit(form, raw, context or {}, NOW, outcome)
    return {problem.pointer: problem.code for problem in refusal.value.problems}


def code(schema: dict[str, Any], *given: str, **ui: Any) -> str:
    return refused(form_with({"x": schema}, **ui), {"/x": list(given)})["/x"]


TEXT = {"type": "string"}
LONG = {"type": "string", "ui": {"label": words("x"), "widget": "long"}}
MONEY = {"type": "number", "format": "money"}
