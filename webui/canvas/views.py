"""The canvas's questions, all without memory: they read what they are given and keep nothing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest

from engine.access import may_publish
from engine.feel import FeelError, parse, parse_unary
from engine.layout import layout
from engine.spiff.timers import is_literal
from webui.auth import only
from webui.designer.views import look
from webui.errors import refusal
from webui.product import product
from webui.words import lang

from .kit import kit, names

views = Blueprint("canvas", __name__)


@views.get("/designer/kit.json")
@only(may_publish)
def whole() -> Response:
    """Words, roles, rules, citations and operations in the reader's language."""
    return jsonify(kit(lang()))


@views.get("/designer/drafts/<draft_id>/names.json")
@only(may_publish)
def named(draft_id: str) -> Response:
    """What the draft's expressions may name, its tables, letters and outcomes, and what it may call."""
    found = look(draft_id)
    files = product().engine.closure(
        product().looking(), found.procedure, product().looking().draft_bytes(found.id)
    )
    return jsonify(names(files, lang()))


@views.post("/designer/feel")
@only(may_publish)
def feel() -> Response:
    """Whether an expression can be read: ``{}``, else ``{message, line, column}``.

    ``{"text", "kind"}``; kind "timer" also takes ISO 8601 literals, "unary" the cells of a table.
    """
    asked = request.get_json()
    text, kind = _said(asked, "text"), _said(asked, "kind")
    if not text.strip() or (kind == "timer" and is_literal(text)):
        return jsonify({})
    try:
        (parse_unary if kind == "unary" else parse)(text)
    except FeelError as error:
        at = {name: error.params.get(name, 1) for name in ("line", "column")}
        return jsonify({"message": refusal(error), **at})
    return jsonify({})


@views.post("/designer/layout")
@only(may_publish)
def laid_out() -> Response:
    """The posted diagram with its drawing laid anew; ``keep=1`` only completes what is missing."""
    drawn = layout(request.get_data(), keep=request.args.get("keep") == "1")
    return Response(drawn, mimetype="application/xml")


def _said(asked: Any, name: str) -> str:
    value = asked.get(name, "") if isinstance(asked, dict) else None
    if not isinstance(value, str):
        raise BadRequest(name)
    return value
