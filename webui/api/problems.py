"""Refusals as RFC 9457 problem details, in the language that the caller accepts."""

from __future__ import annotations

import json
from typing import Any, Literal

from flask import Response, request
from werkzeug.exceptions import HTTPException

from engine.errors import EngineError
from engine.texts import catalogue, text
from webui.display import readable
from webui.errors import PAGES, PAGES_BY_FAMILY, STATUS, family
from webui.words import words

UNKNOWN_CALLER = frozenset({"signature_wrong", "signature_stale", "link_not_valid"})


def refused(error: EngineError) -> Response:
    """A refusal of the engine: its code is the problem's type."""
    kind, lang = family(error), accepted()
    status = 401 if error.code in UNKNOWN_CALLER else STATUS[kind]
    title = words()[f"errors.{PAGES_BY_FAMILY[kind]}"][lang]
    params = {name: readable(value) for name, value in error.params.items()}
    detail = text(error.code, lang, params) if error.code in catalogue() else title
    return _problem(status, error.code, title, detail)


def broken(error: HTTPException) -> Response:
    """A refusal of HTTP itself: too large, wrong method, our mistake."""
    status, lang = error.code or 500, accepted()
    page = PAGES.get(status, "bad_request")
    said = words()
    title, detail = said[f"errors.{page}"][lang], said[f"errors.{page}_text"][lang]
    return _problem(status, page, title, detail)


def _problem(status: int, code: str, title: str, detail: str) -> Response:
    body: dict[str, Any] = {
        "type": f"urn:liandiao:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    answer = Response(json.dumps(body, ensure_ascii=False), status)
    answer.content_type = "application/problem+json"
    answer.headers["Content-Language"] = accepted()
    answer.headers["Vary"] = "Accept-Language"
    return answer


def accepted() -> Literal["zh", "en"]:
    """Chinese unless the caller prefers English."""
    return "en" if request.accept_languages.best_match(["zh", "en"], "zh") == "en" else "zh"
