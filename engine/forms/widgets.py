"""Which control a field gets, and everything else its ``ui`` part says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel import Expression
from engine.forms.drawing import Drawing
from engine.forms.form import Choice, Field, Kind
from engine.forms.formats import FORMATS, REFERENCES
from engine.forms.schema import DATED, judging, kind_of, without_required

WIDGETS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "long", "select", "radio", "picker", "hidden"),
    "number": ("number",),
    "integer": ("number",),
    "money": ("money",),
    "boolean": ("yes_no", "checkbox"),
    "date": ("date",),
    "time": ("time",),
    "date-time": ("date-time",),
    "choices": ("checkboxes",),
    "file": ("file",),
    "files": ("files",),
    "signature": ("signature",),
    "rows": ("rows",),
}
"""The first one is the default."""

FEW = 4
"""As many choices are radio buttons; more are a select."""

UNSAID = {"zh": "", "en": ""}
DOCTOR = "DC_DOCTOR"
"""Doctors see and write health data (rules 15.5)."""


def field_of(drawing: Drawing, pointer: str, shows: tuple[Expression, ...] = ()) -> Field | None:
    """The field at a pointer; None, with a finding, where the schema has nothing a form can ask."""
    node = drawing.node(pointer)
    kind = kind_of(node) if node is not None else None
    if node is None or kind is None:
        code = "form_pointer_unknown" if node is None else "form_type_unsupported"
        drawing.find(code, pointer, type=str((node or {}).get("type")))
        return None
    ui = drawing.ui(pointer, node)
    widget = _widget(pointer, kind, node, ui)
    _check_widget(drawing, pointer, (kind, widget), node)
    shown = drawing.expression(ui, "show", pointer)
    compute = drawing.expression(ui, "compute", pointer)
    schema = without_required(node)
    return Field(
        pointer=pointer,
        kind=kind,
        schema=schema,
        label=_label(drawing, pointer, ui, widget),
        widget=widget,
        required=_required(drawing, pointer),
        help=ui.get("help"),
        unit=ui.get("unit"),
        each=ui.get("each"),
        basis=drawing.basis(ui),
        choices=_choices(drawing, pointer, node, ui),
        options=drawing.feel(ui["options"], pointer) if _computed_options(ui) else None,
        shows=(*shows, *([shown] if shown else [])),
        require=drawing.expression(ui, "require", pointer),
        compute=compute,
        initial=drawing.expression(ui, "initial", pointer),
        check=drawing.expression(ui, "check", pointer),
        say=ui.get("say"),
        formats=_formats(drawing, pointer, node, ui),
        columns=_columns(drawing, pointer, node, ui) if kind == "rows" else (),
        health=_health(ui),
        validator=judging(_judged(kind, schema, is_computed=compute is not None)),
    )


def _health(ui: Mapping[str, Any]) -> tuple[str, ...]:
    """Who sees health data: doctors, and the roles that the form names besides (S29-28)."""
    told = ui.get("health")
    return (DOCTOR, *(told if isinstance(told, list) else ())) if told else ()


def _judged(kind: Kind, schema: Mapping[str, Any], is_computed: bool) -> Mapping[str, Any]:
    """What of a schema judges a value: of rows their number only, for columns judge themselves.

    Money is not negative unless the schema says from where it may start.
    """
    if kind == "rows":
        counts = {key: schema[key] for key in ("minItems", "maxItems") if key in schema}
        return {"type": "array", **counts}
    if kind == "money" and not is_computed and "minimum" not in schema:
        return {**schema, "minimum": 0}
    return schema


def _label(drawing: Drawing, pointer: str, ui: Mapping[str, Any], widget: str) -> Mapping[str, str]:
    if "label" not in ui and widget != "hidden":
        drawing.find("form_label_missing", pointer, language="zh, en")
    return dict(ui.get("label", UNSAID))


def _required(drawing: Drawing, pointer: str) -> bool:
    parent, _, name = pointer.rpartition("/")
    return name in (drawing.node(parent) or {}).get("required", ())


def _computed_options(ui: Mapping[str, Any]) -> bool:
    return isinstance(ui.get("options"), str)


def _choices(
    drawing: Drawing, pointer: str, node: Mapping[str, Any], ui: Mapping[str, Any]
) -> tuple[Choice, ...]:
    """The codes of the ``enum`` with their words, in the order of the enum."""
    words = ui.get("options", {})
    codes = [str(code) for code in node.get("items", node).get("enum", ())]
    if _computed_options(ui) or not (codes or words):
        return ()
    for code in sorted(set(codes) ^ set(words)):
        drawing.find("form_option_missing", pointer, option=code)
    return tuple(Choice(code, words[code]) for code in codes if code in words)


def _widget(pointer: str, kind: Kind, node: Mapping[str, Any], ui: Mapping[str, Any]) -> str:
    if "widget" in ui:
        return str(ui["widget"])
    if kind != "text":
        return WIDGETS[kind][0]
    if "enum" in node:
        return "radio" if len(node["enum"]) <= FEW and "/*/" not in pointer else "select"
    if _computed_options(ui):
        return "select"
    if node.get("format") in REFERENCES:
        return "picker"
    return "hidden" if _is_row_id(pointer) else "text"


def _is_row_id(pointer: str) -> bool:
    return pointer.endswith("/*/id")


def _check_widget(
    drawing: Drawing, pointer: str, chosen: tuple[Kind, str], node: Mapping[str, Any]
) -> None:
    kind, widget = chosen
    offered = "enum" in node.get("items", node) or _computed_options(drawing.ui(pointer, node))
    unfit = widget not in WIDGETS[kind]
    unfit = unfit or (widget in ("select", "radio", "checkboxes") and not offered)
    unfit = unfit or (widget == "picker" and node.get("format") not in REFERENCES)
    if unfit:
        drawing.find("form_widget_unknown", pointer, widget=widget, kind=kind)
    if (
        widget == "hidden"
        and "compute" not in drawing.ui(pointer, node)
        and not _is_row_id(pointer)
    ):
        drawing.find("form_hidden_without_compute", pointer)


def _formats(
    drawing: Drawing, pointer: str, node: Mapping[str, Any], ui: Mapping[str, Any]
) -> tuple[tuple[str, Expression], ...]:
    told = ui.get("formats", {})
    own = [node["format"]] if node.get("type") == "string" and "format" in node else []
    for name in [*own, *told]:
        if name not in FORMATS and name not in DATED:
            drawing.find("form_format_unknown", pointer, format=name)
    read = {name: drawing.feel(condition, pointer) for name, condition in told.items()}
    return tuple((name, when) for name, when in read.items() if when is not None)


def _columns(
    drawing: Drawing, pointer: str, node: Mapping[str, Any], ui: Mapping[str, Any]
) -> tuple[Field, ...]:
    if "/*" in pointer:
        drawing.find("form_rows_in_rows", pointer)
        return ()
    known = list(node["items"].get("properties", {}))
    chosen = list(ui.get("columns", known))
    if "id" in known and "id" not in chosen:
        chosen.insert(0, "id")
    found = [field_of(drawing, f"{pointer}/*/{name}") for name in chosen]
    return tuple(field for field in found if field is not None)
