"""A form file open for editing: said anew, added, moved, taken away, and written down again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from engine.errors import Invalid
from engine.forms.schema import load

from . import form_order, form_schema
from .form_lines import TYPES, Json, Line, columns, lines, written_at
from .form_said import offered, options, pointer_of, say_columns, say_outcome
from .form_shape import is_editable, read, written
from .form_words import Typed, number, plain, rows, say

BLANK = written({"schema": {"type": "object", "properties": {}}, "ui": {"order": [], "fields": {}}})
NEW: Mapping[str, Json] = {"group": {"group": {}, "order": []}, "note": {"text": {}}}


class FormSheet:
    """``told`` is the file; ``lines`` are read from it anew after each change.

    Raises Invalid: form_not_json, authoring_not_a_form.
    """

    def __init__(self, content: bytes, types: bytes = b"") -> None:
        self.told: Json = read(content)
        if not is_editable(self.told):
            raise Invalid("authoring_not_a_form")
        self.before, self.original = deepcopy(self.told), content
        self.shared: Json = load(types) if types else {}

    @property
    def ui(self) -> Json:
        found: Json = self.told["ui"]
        return found

    @property
    def lines(self) -> list[Line]:
        return list(lines(self.told, self.shared))

    @property
    def content(self) -> bytes:
        """The file; the very bytes that came while nothing is different."""
        return self.original if self.told == self.before else written(self.told)

    def line(self, at: str) -> Line:
        """Raises Invalid (authoring_line_gone)."""
        found = next((line for line in self.lines if line.at == at), None)
        if found is None:
            raise Invalid("authoring_line_gone")
        return found

    # Saying ------------------------------------------------------------------------------------

    def say(self, typed: Mapping[str, Typed]) -> None:
        """What was typed, by line: ``form`` the title, ``o0`` the first outcome, else ``Line.at``."""
        known = self.lines
        say(self.ui, self.ui, typed.get("form", {}))
        for place, outcome in enumerate(self.ui.get("outcomes", ())):
            say_outcome(outcome, typed.get(f"o{place}", {}))
        for line in known:
            if line.at in typed:
                self._say_line(line, typed[line.at])

    def _say_line(self, line: Line, typed: Typed) -> None:
        if not line.pointer:
            item = self.ui["order"][int(line.at)]
            say(item, line.told, typed)
            if line.kind == "table":
                say_columns(item, typed)
            return
        own = dict(self._own(line))
        say(own, line.told, typed)
        self._keep(line, own)
        self._say_options(line, typed)
        self._say_schema(line, typed)

    def _own(self, line: Line) -> Json:
        found: Json = self.ui.get("fields", {}).get(line.pointer, {})
        return found

    def _keep(self, line: Line, own: Json) -> None:
        """What the form itself says of a field; the order of its words stays."""
        if own == self._own(line):
            return
        self.ui.setdefault("fields", {})[line.pointer] = own
        if not own:
            del self.ui["fields"][line.pointer]

    def _say_options(self, line: Line, typed: Typed) -> None:
        if "offered" in typed and plain(typed["offered"]) != offered(line):
            text = plain(typed["offered"])
            own = {key: value for key, value in self._own(line).items() if key != "options"}
            self._keep(line, {**own, "options": text} if text else own)
        elif any(name.startswith("options.") for name in typed):
            self._choose(line, list(rows(typed, "options")))

    def _choose(self, line: Line, told: list[tuple[str, Any]]) -> None:
        if told == options(line):
            return
        self._keep(line, {**self._own(line), "options": dict(told)})
        node = written_at(self.told["schema"], line.pointer)
        if node is not None:
            node.get("items", node)["enum"] = [code for code, _ in told]

    def _say_schema(self, line: Line, typed: Typed) -> None:
        schema = self.told["schema"]
        if "required" in typed:
            form_schema.require(schema, line.pointer, typed["required"] == "yes")
        node = written_at(schema, line.pointer)
        for name, key in zip(("least", "most"), line.limits, strict=True):
            if node is not None and key and name in typed:
                self._limit(node, key, (line.node.get(key), number(typed[name])))
        wanted = typed.get("type") or line.type
        if node is not None and wanted != line.type:
            form_schema.retype(schema, line.pointer, wanted)
            self._keep(line, {k: v for k, v in self._own(line).items() if k != "widget"})

    def _limit(self, node: Json, key: str, limits: tuple[Any, Any]) -> None:
        told, typed = limits
        if typed is None:
            node.pop(key, None)
        elif typed != told:
            node[key] = typed

    # Lines come, move and go ---------------------------------------------------------------------

    def add(self, kind: str, path: str = "", type: str = "text") -> str:
        """A new line at the end; ``path``: of a field (``a.b`` or ``/a/b``), FEEL of a table.

        Says where it stands. Raises Invalid: authoring_path, authoring_path_taken, authoring_type.
        """
        if kind == "outcome":
            return self._add_outcome(path)
        if kind in NEW:
            item: Any = deepcopy(NEW[kind])
        elif kind == "table":
            item = {"table": plain(path) or "[]", "label": {}, "columns": []}
        else:
            item = self._laid(path, type)
        return form_order.put(self.ui["order"], (len(self.ui["order"]),), item)

    def _laid(self, path: str, type: str) -> str:
        pointer = pointer_of(path)
        if any(line.pointer == pointer for line in self.lines):
            raise Invalid("authoring_path_taken", path=path)
        self._refuse_type(type)
        form_schema.lay(self.told["schema"], pointer, type)
        return pointer

    def _refuse_type(self, type: str) -> None:
        if type not in TYPES and type not in self.shared_types():
            raise Invalid("authoring_type", type=type[:60])

    def shared_types(self) -> list[str]:
        """References to the types of ``shared/types.json``."""
        return [f"shared/types.json#/$defs/{name}" for name in self.shared.get("$defs", {})]

    def add_column(self, at: str, name: str, type: str) -> str:
        """A new column of rows, the last one; raises as ``add`` does."""
        line = self.line(at)
        if line.value_kind != "rows":
            raise Invalid("authoring_line_gone")
        if not re.fullmatch(r"[^/~.\s]+", name) or name in columns(line):
            raise Invalid("authoring_path", path=name[:60])
        self._refuse_type(type)
        form_schema.lay(self.told["schema"], f"{line.pointer}/*/{name}", type)
        self._order_columns(line, [*columns(line), name])
        return f"{at}/{name}"

    def _add_outcome(self, id: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", id):
            raise Invalid("authoring_outcome", id=id[:60])
        outcomes = self.ui.setdefault("outcomes", [])
        outcomes.append({"id": id, "label": {}})
        return f"o{len(outcomes) - 1}"

    def _outcome(self, at: str) -> int:
        if not at[1:].isdecimal() or int(at[1:]) >= len(self.ui.get("outcomes", ())):
            raise Invalid("authoring_line_gone")
        return int(at[1:])

    def _order_columns(self, line: Line, names: list[str]) -> None:
        if "columns" in line.told or names != columns(self.line(line.at)):
            self._keep(line, {**self._own(line), "columns": names})

    def move(self, at: str, down: bool) -> str:
        """One up or down; says where the line stands now."""
        if at.startswith("o"):
            return f"o{_swap(self.ui['outcomes'], self._outcome(at), down)}"
        line = self.line(at)
        if line.kind == "column":
            rows_at, _, name = at.partition("/")
            rows_line = self.line(rows_at)
            names = columns(rows_line)
            _swap(names, names.index(name), down)
            self._keep(rows_line, {**self._own(rows_line), "columns": names})
            return at
        return form_order.step(self.ui["order"], form_order.place_of(at), down)

    def lay_before(self, at: str, target: str) -> str:
        """Before another line of the form; columns and outcomes move step by step only."""
        if {self.line(at).kind, self.line(target).kind} & {"column"} or at == target:
            return at
        place, aim = form_order.place_of(at), form_order.place_of(target)
        return at if aim[:1] == place else form_order.before(self.ui["order"], place, aim)

    def move_option(self, at: str, place: int, down: bool) -> None:
        """One thing to choose further up or down."""
        line = self.line(at)
        told = options(line)
        if 0 <= place < len(told):
            _swap(told, place, down)
            self._choose(line, told)

    def remove(self, at: str) -> None:
        """A line with what the schema holds for it; the fields of a group stay."""
        if at.startswith("o"):
            del self.ui["outcomes"][self._outcome(at)]
            return
        line = self.line(at)
        if line.kind == "column":
            rows_line = self.line(at.partition("/")[0])
            self._order_columns(rows_line, [n for n in columns(rows_line) if n != at.split("/")[1]])
        else:
            gone = form_order.take(self.ui["order"], form_order.place_of(at))
            for pointer in reversed(gone.get("order", ()) if isinstance(gone, dict) else ()):
                self.ui["order"].insert(int(at), pointer)
        if line.pointer:
            self._forget(line.pointer)

    def _forget(self, pointer: str) -> None:
        form_schema.drop(self.told["schema"], pointer)
        fields = self.ui.get("fields", {})
        for name in [one for one in fields if f"{one}/".startswith(f"{pointer}/")]:
            del fields[name]


def _swap(items: list[Any], place: int, down: bool) -> int:
    """Change places with the neighbour, if there is one; says where it is now."""
    other = place + (1 if down else -1)
    if not 0 <= other < len(items):
        return place
    items[place], items[other] = items[other], items[place]
    return other
