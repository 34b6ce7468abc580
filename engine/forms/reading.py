"""Reads a form file: one pass that builds the form and finds everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

from engine.errors import Invalid
from engine.feel import Expression
from engine.feel.nodes import Name, Node, Path
from engine.forms.drawing import Drawing
from engine.forms.form import Choice, Column, Field, Form, FormOutcome, Group, Item, Note, Table
from engine.forms.party import check_party, read_party
from engine.forms.schema import SHARED, load, nodes, resolve
from engine.forms.shape import bad_schema, misshapen
from engine.forms.signing import check_signatures
from engine.forms.widgets import field_of
from engine.model import Finding


def read_form(content: bytes, types: bytes = b"") -> Form:
    """The form of a file; ``types`` is ``shared/types.json`` of the same release.

    Raises Invalid(form_unfit) with the findings as problems.
    """
    form, findings = _read(content, types)
    wrong = [finding for finding in findings if finding.level == "error"]
    if wrong or form is None:
        raise Invalid("form_unfit", problems=wrong, codes=", ".join(f.code for f in wrong))
    return form


def form_of(files: Mapping[str, bytes], name: str) -> Form | None:
    """The form of a user task (or ``start``) in a release's files; None if it has none.

    ``name`` may carry the folder of a called procedure: ``call/video_session/`` + task id.
    """
    folder, _, task = name.rpartition("/")
    folder = f"{folder}/" if folder else ""
    content = files.get(f"{folder}forms/{task}.json")
    types = files.get(f"{folder}{SHARED}", files.get(SHARED, b""))
    return None if content is None else read_form(content, types)


def check_form(content: bytes, types: bytes = b"") -> list[Finding]:
    """Everything that keeps a form file from being published, and what deserves a second look."""
    return list(_read(content, types)[1])


def draw_form(content: bytes, types: bytes = b"") -> Form | None:
    """The form of a file that somebody still works on: without what is wrong in it; None if all is."""
    return _read(content, types)[0]


@lru_cache(maxsize=512)
def _read(content: bytes, types: bytes) -> tuple[Form | None, tuple[Finding, ...]]:
    try:
        told = load(content)
        wrong = misshapen(told)
        if wrong:
            return None, tuple(wrong)
        schema = resolve(told["schema"], told["schema"], load(types) if types else {})
    except Invalid as refused:
        return None, (Finding(refused.code, "/", params=refused.params),)
    wrong = bad_schema(schema)
    if wrong:
        return None, tuple(wrong)
    drawing = Drawing(schema, told["ui"].get("fields", {}))
    form = _form(drawing, told["ui"])
    _check_drawn(drawing, form)
    check_party(drawing, form)
    check_signatures(drawing, form)
    return form, tuple(drawing.findings)


def _form(drawing: Drawing, ui: Mapping[str, Any]) -> Form:
    for pointer, node in nodes(drawing.schema):
        if "pattern" in node:
            drawing.pattern(pointer, node["pattern"])
    fields: dict[str, Field] = {}
    items = [_item(drawing, told, fields) for told in ui["order"]]
    return Form(
        items=tuple(item for item in items if item is not None),
        fields=fields,
        sequence=_sequence(drawing, fields),
        outcomes=_outcomes(drawing, ui.get("outcomes", [])),
        title=ui.get("title"),
        party=read_party(drawing, ui.get("party")),
    )


def _item(drawing: Drawing, told: Any, fields: dict[str, Field]) -> Item | None:
    if isinstance(told, str):
        return _place(drawing, told, fields, ())
    shown = drawing.expression(told, "show", "/ui/order")
    if "text" in told:
        return Note(told["text"], shown)
    if "table" in told:
        return _table(drawing, told, shown)
    shows = (shown,) if shown else ()
    inside = [_place(drawing, pointer, fields, shows) for pointer in told["order"]]
    known = tuple(pointer for pointer in inside if pointer)
    return Group(told["group"], known, told.get("help"), drawing.basis(told))


def _table(drawing: Drawing, told: Mapping[str, Any], shown: Expression | None) -> Table | None:
    rows = drawing.expression(told, "table", "/ui/order")
    columns = tuple(
        Column(
            key=column["key"],
            label=column["label"],
            money=column.get("money", False),
            choices=tuple(Choice(*option) for option in column.get("options", {}).items()),
        )
        for column in told["columns"]
    )
    return Table(rows, told["label"], columns, shown) if rows else None


def _place(
    drawing: Drawing, pointer: str, fields: dict[str, Field], shows: tuple[Expression, ...]
) -> str | None:
    if pointer in fields:
        drawing.find("form_pointer_twice", pointer)
        return None
    field = field_of(drawing, pointer, shows)
    if field is None:
        return None
    fields[pointer] = field
    return pointer


def _outcomes(drawing: Drawing, told: list[Mapping[str, Any]]) -> tuple[FormOutcome, ...]:
    found: list[FormOutcome] = []
    for outcome in told:
        where = f"/ui/outcomes/{outcome['id']}"
        if outcome["id"] in {other.id for other in found}:
            drawing.find("form_outcome_twice", where, id=outcome["id"])
        found.append(
            FormOutcome(
                id=outcome["id"],
                label=outcome["label"],
                kind=outcome.get("kind", "primary"),
                leads_to=outcome.get("leads_to"),
                requires=drawing.expression(outcome, "requires", where),
                refusal=outcome.get("refusal"),
                skip_required=outcome.get("skip_required", False),
            )
        )
    return tuple(found)


def _sequence(drawing: Drawing, fields: Mapping[str, Field]) -> tuple[Field, ...]:
    """All fields and columns, each after those its show and compute read."""
    known = {f.pointer: f for field in fields.values() for f in (field, *field.columns)}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for pointer, field in known.items():
        sorter.add(pointer, *_reads(field, known))
    try:
        return tuple(known[pointer] for pointer in sorter.static_order())
    except CycleError as error:
        drawing.find("form_cycle", error.args[1][0], through=" → ".join(error.args[1]))
        return ()


def _reads(field: Field, known: Mapping[str, Field]) -> list[str]:
    expressions = [*field.shows, *([field.compute] if field.compute else [])]
    names = sorted({name for expression in expressions for name in _names(expression.node)})
    paths = [_path(field, name) for name in names]
    return [p for p in known if any(_same_way(p, path) for path in paths)]


def _names(node: Node) -> set[str]:
    """Dotted paths in an expression, those within filters too: rather one edge too many."""
    if isinstance(node, Name):
        return {node.name}
    if isinstance(node, Path):
        base = _names(node.base)
        plain = isinstance(node.base, Name | Path)
        return {f"{name}.{node.name}" for name in base} if plain else base
    return {name for child in node.children() for name in _names(child)}


def _path(field: Field, name: str) -> str:
    rows = field.pointer.partition("/*/")[0]
    first, _, rest = name.partition(".")
    return f"{rows}/*/{rest}" if first == "row" else "/" + name.replace(".", "/")


def _same_way(pointer: str, path: str) -> bool:
    one, other = f"{pointer}/", f"{path}/"
    return one.startswith(other) or other.startswith(one)


def _check_drawn(drawing: Drawing, form: Form) -> None:
    """Every line of ``fields`` belongs to a drawn field; a leaf nobody draws is worth a look."""
    drawn = {f.pointer for field in form.fields.values() for f in (field, *field.columns)}
    for pointer in sorted(set(drawing.fields) - drawn):
        drawing.find("form_pointer_unknown", pointer)
    whole = {pointer for pointer, field in form.fields.items() if field.kind != "rows"}
    for pointer, node in nodes(drawing.schema):
        branch = "properties" in node or node.get("type") == "array" or pointer.endswith("/*")
        inside = any(pointer.startswith(f"{one}/") for one in whole)
        if not branch and not inside and pointer not in drawn:
            drawing.find("form_field_not_drawn", pointer, level="warning")
