"""Messages of linked offices: signature checked at the door, taken in once, receipt signed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from engine.errors import EngineError, NotAllowed
from engine.exchange.keys import key_id, public_text
from engine.exchange.letters import SCHEMA, digest_of, read_letter, to_us
from engine.exchange.signing import Answer, Request, sign, verify
from engine.model import Actor
from engine.model.linked import Letter
from engine.values import canonical_json
from webui.auth import behind, public
from webui.offices import our_code, our_key
from webui.product import fresh, product

from . import problems

views = Blueprint("api", __name__, url_prefix="/api")
views.register_error_handler(EngineError, problems.refused)
views.register_error_handler(HTTPException, problems.broken)
DOCUMENT = Path(__file__).with_name("openapi.json")


def _signed() -> None:
    """The door: only who holds a key of a linked office gets in."""
    if "Signature" not in request.headers:
        raise NotAllowed("signature_wrong")
    body = request.get_data()
    said = Request(request.method, request.url, dict(request.headers))
    window = product().config.link_window
    keys = product().engine.keys_of(_letter().sender)
    verify(said, body, keys, (product().clock(), window))
    fresh()


def _letter() -> Letter:
    return read_letter(request.get_data())


@views.post("/messages")
@behind(_signed)
def messages() -> Response:
    """Take in a message; taking it in again does nothing and says so."""
    letter = _letter()
    carrier = Actor("system", "system", address=request.remote_addr or "")
    taken = product().engine.take(to_us(letter, our_code()), "rest", carrier)
    receipt = {"id": letter.id, "digest": digest_of(letter), "duplicate": not taken}
    answer = Answer(201 if taken else 200, {"Content-Type": "application/json"})
    body = canonical_json(receipt)
    sign(answer, body, our_key(), product().clock())
    return Response(body, answer.status_code, answer.headers)


def _platform() -> None:
    """The door: only the service platform gets in."""
    if "Signature" not in request.headers:
        raise NotAllowed("signature_wrong")
    said = Request(request.method, request.url, dict(request.headers))
    config = product().config
    keys = (config.platform_key,) if config.platform_key else ()
    verify(said, request.get_data(), keys, (product().clock(), config.link_window))
    fresh()


@views.post("/deliveries/<dispatch_id>")
@behind(_platform)
def delivery(dispatch_id: str) -> Response:
    """The service platform says what became of a notice; saying it again does nothing."""
    told = product().engine.read_report(request.get_data())
    taken = product().engine.note_arrival(dispatch_id, *told)
    return _json({"id": dispatch_id, "duplicate": not taken})


@views.get("/office")
@public
def office() -> Response:
    """What an administrator elsewhere needs to link this office."""
    key = public_text(our_key())
    return _json({"office": our_code(), "public_key": key, "key_id": key_id(key)})


@views.get("/openapi.json")
@public
def document() -> Response:
    """What this door takes and gives (OpenAPI 3.1)."""
    return _json(read_document())


@cache
def read_document() -> dict[str, Any]:
    """The document with the schema that incoming messages are checked against."""
    found: dict[str, Any] = json.loads(DOCUMENT.read_text("utf-8"))
    found["components"]["schemas"]["Message"] = json.loads(SCHEMA.read_text("utf-8"))
    return found


def _json(plain: dict[str, Any]) -> Response:
    return Response(current_app.json.dumps(plain), content_type="application/json")
