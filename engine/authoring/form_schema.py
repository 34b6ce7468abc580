"""The schema half of a form while it is edited: a field comes, changes its type, goes."""

from __future__ import annotations

from copy import deepcopy

from engine.errors import Invalid

from .form_lines import TYPES, Json, written_at


def lay(schema: Json, pointer: str, type: str) -> None:
    """A place of this type; one that is there already stays. Raises Invalid (authoring_path_taken)."""
    node = schema
    *way, name = pointer.split("/")[1:]
    for part in way:
        node = node["items"] if part == "*" else _step(node, part)
        if not isinstance(node, dict) or "$ref" in node:
            raise Invalid("authoring_path_taken", path=pointer)
    node.setdefault("properties", {}).setdefault(name, template(type))


def _step(node: Json, part: str) -> Json:
    inside: Json = node.setdefault("properties", {})
    found: Json = inside.setdefault(part, {"type": "object", "properties": {}})
    return found


def template(type: str) -> Json:
    """A schema of this type: one of TYPES, else a reference to a shared one."""
    return deepcopy(TYPES[type]) if type in TYPES else {"$ref": type}


def retype(schema: Json, pointer: str, type: str) -> None:
    """Another type; what could be chosen can still be chosen."""
    old = written_at(schema, pointer) or {}
    new = template(type)
    codes = old.get("items", old).get("enum")
    if codes and type in ("choice", "choices"):
        new.get("items", new)["enum"] = codes
    old.clear()
    old.update(new)


def require(schema: Json, pointer: str, wanted: bool) -> None:
    """Whether it must always be answered."""
    parent, _, name = pointer.rpartition("/")
    node = written_at(schema, parent)
    if node is None or (name in node.get("required", ())) == wanted:
        return
    names = [one for one in node.get("required", ()) if one != name]
    node["required"] = [*names, name] if wanted else names
    if not node["required"]:
        del node["required"]


def drop(schema: Json, pointer: str) -> None:
    """A place and what is empty without it; a shared type is left alone."""
    parent, _, name = pointer.rpartition("/")
    node = written_at(schema, parent)
    if node is None or name not in node.get("properties", {}):
        return
    require(schema, pointer, wanted=False)
    del node["properties"][name]
    if parent and not parent.endswith("/*") and not node["properties"]:
        drop(schema, parent)
