"""Two forms, two scenarios, two texts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from .nouns import Difference, between, plain

Json = Mapping[str, Any]


def form_differences(file: str, before: bytes, after: bytes) -> Iterator[Difference]:
    """Fields by pointer, outcomes by id, and the rest of the form as one part."""
    old, new = json.loads(before), json.loads(after)
    yield from between(file, "field", _fields(old), _fields(new))
    yield from between(file, "outcome", _outcomes(old), _outcomes(new))
    yield from between(file, "form", {"": _rest(old)}, {"": _rest(new)})


def _fields(form: Json) -> dict[str, Json]:
    """Each field with its words and what its schema asks of it."""
    ui = form.get("ui", {}).get("fields", {})
    asked = dict(_asked(form.get("schema", {}), ""))
    return {
        pointer: {**asked.get(pointer, {}), **ui.get(pointer, {})}
        for pointer in dict.fromkeys([*ui, *asked])
    }


def _asked(schema: Json, at: str) -> Iterator[tuple[str, Json]]:
    required = schema.get("required", ())
    for name, inside in schema.get("properties", {}).items():
        pointer = f"{at}/{name}"
        told = {key: value for key, value in inside.items() if key not in ("properties", "items")}
        told.pop("required", None)
        if "properties" not in inside:
            yield pointer, told | ({"required": True} if name in required else {})
        yield from _asked(inside, pointer)
        if isinstance(inside.get("items"), dict):
            yield from _asked(inside["items"], f"{pointer}/*")


def _outcomes(form: Json) -> dict[str, Json]:
    return {one["id"]: one for one in form.get("ui", {}).get("outcomes", [])}


def _rest(form: Json) -> Json:
    ui = {k: v for k, v in form.get("ui", {}).items() if k not in ("fields", "outcomes")}
    return ui | {k: v for k, v in form.items() if k not in ("ui", "schema")}


def story_differences(file: str, before: bytes, after: bytes) -> Iterator[Difference]:
    """What a scenario begins with and expects, and its steps by number."""
    old, new = json.loads(before), json.loads(after)
    heads = [{"": {k: v for k, v in one.items() if k != "steps"}} for one in (old, new)]
    yield from between(file, "story", *heads)
    yield from _listed(file, "step", *([_line(x) for x in one["steps"]] for one in (old, new)))


def text_differences(file: str, before: bytes, after: bytes) -> Iterator[Difference]:
    """Line by line; bytes that are no text differ as a whole."""
    try:
        lines = [content.decode("utf-8").splitlines() for content in (before, after)]
    except UnicodeDecodeError:
        yield Difference("changed", file, "file")
        return
    yield from _listed(file, "line", *lines)


def _listed(file: str, part: str, old: list[str], new: list[str]) -> Iterator[Difference]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        told = ("\n".join(old[a:b]), "\n".join(new[c:d]))
        number = str((c if tag != "delete" else a) + 1)
        if tag == "insert":
            yield Difference("added", file, part, number, "", *told)
        elif tag == "delete":
            yield Difference("removed", file, part, number, "", *told)
        else:
            yield Difference("changed", file, part, number, "", *told)


def _line(step: Any) -> str:
    return plain(step) if isinstance(step, dict) else str(step)
