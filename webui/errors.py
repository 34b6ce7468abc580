"""Maps the engine's families of refusal to HTTP and to a page that says what to do next."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from flask import Flask, flash, g, jsonify, render_template, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from engine.errors import Conflict, EngineError, Failed, Invalid, NotAllowed, NotFound
from engine.model import Problem
from engine.texts import catalogue, text

from .display import readable
from .typed import words_sent
from .words import LANGS, lang, pick, t, words

STATUS: dict[type[EngineError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Invalid: 422,
    Failed: 502,
}
PAGES = {
    400: "bad_request",
    401: "signed_out",
    403: "forgery",
    404: "not_found",
    405: "bad_request",
    413: "too_large",
    500: "broken",
}
log = logging.getLogger("liandiao.web")


def family(error: EngineError) -> type[EngineError]:
    """The family of an error, also of a subclass of one."""
    return next((kind for kind in STATUS if isinstance(error, kind)), Failed)


def redrawn(error: EngineError) -> int:
    """The status of a form that is drawn again: naming what is not there is a mistake in the form."""
    kind = family(error)
    return STATUS[Invalid if kind is NotFound else kind]


def refusal(error: EngineError) -> str:
    """What an error says to this reader; names and times in it as the screens write them."""
    if error.code not in catalogue():
        return words()[f"errors.{PAGES_BY_FAMILY[family(error)]}_text"][lang()]
    params = {name: _said(value) for name, value in error.params.items()}
    return text(error.code, "zh" if lang() == "zh" else "en", params)


def why(failure: Any) -> str:
    """The sentence behind a failure as it is kept: {"code", ...its parameters}, or the error itself."""
    if isinstance(failure, EngineError):
        return refusal(failure)
    code = str(failure.get("code", ""))
    if code not in catalogue():
        return str(failure.get("reason") or code or t("screen.none"))
    return refusal(EngineError(code, **{k: v for k, v in failure.items() if k != "code"}))


def _said(value: Any) -> str:
    """A part of a sentence: a label in the reader's language, else the value as screens write it."""
    is_label = isinstance(value, dict) and value and set(value) <= set(LANGS)
    return pick(value) if is_label else readable(value)


PAGES_BY_FAMILY: dict[type[EngineError], str] = {
    NotFound: "not_found",
    NotAllowed: "not_allowed",
    Conflict: "conflict",
    Invalid: "invalid",
    Failed: "failed",
}


def register(app: Flask) -> None:
    """Handlers for the families, for HTTP's own errors and for our mistakes."""
    app.register_error_handler(EngineError, _refused)
    app.register_error_handler(HTTPException, _http)


def _refused(error: EngineError) -> tuple[Any, int]:
    kind = family(error)
    return page(PAGES_BY_FAMILY[kind], STATUS[kind], refusal(error))


def _http(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    if isinstance(error, InternalServerError):
        log.error("request failed: %s %s", request.method, request.path, exc_info=True)
        g.reads, g.signed = (None, lang()), None  # what may be broken too is not asked for again
    return page(PAGES.get(code, "bad_request"), code)


def left_on_page(refused: EngineError) -> tuple[Sequence[Problem], int]:
    """For a form that is drawn again with what was typed: the problems that stand beside its fields
    and the status. Where there are none, the sentence why goes above it."""
    problems = refused.problems if isinstance(refused, Invalid) else ()
    if not problems:
        flash(refusal(refused), "late")
    return [one for one in problems if isinstance(one, Problem)], STATUS[family(refused)]


def page(name: str, status: int, sentence: str = "") -> tuple[str | Response, int]:
    """An error page, or its JSON where a script asked."""
    said = sentence or t(f"errors.{name}_text")
    if request.accept_mimetypes.best == "application/json":
        return jsonify({"error": name, "message": str(said)}), status
    title = t(f"errors.{name}")
    frame = "frame.html" if getattr(g, "signed", None) else "bare.html"
    todo = t(f"errors.{name}_todo")
    shown = render_template(
        "error.html", frame=frame, title=title, sentence=escape(said), todo=todo, status=status,
        wrote=[] if status in (400, 413) else words_sent(),  # of these the form cannot be read
    )  # fmt: skip
    return shown, status
