"""Lets people at it: ``create_app`` registers the audiences and decides nothing."""

from __future__ import annotations

from functools import cache

from flask import Flask

from . import (
    account,
    admin,
    api,
    audit,
    auth,
    authoring,
    canvas,
    clauses,
    designer,
    dossiers,
    errors,
    frame,
    inbox,
    ledger,
    mending,
    moments,
    papers,
    party,
    public,
    records,
    retention,
    sealbook,
    typed,
    verify,
)
from .config import Config, read_config
from .product import Built, close_reading
from .wiring import build

AUDIENCES = (
    public,
    account,
    inbox,
    dossiers,
    audit,
    papers,
    records,
    sealbook,
    retention,
    verify,
    ledger,
    clauses,
    designer,
    canvas,
    authoring,
    mending,
    admin,
    party,
    api,
)


@cache
def endpoints() -> frozenset[str]:
    """The names of all pages, without a product behind them."""
    app = Flask(__name__)
    for audience in AUDIENCES:
        app.register_blueprint(audience.views)
    return frozenset(rule.endpoint for rule in app.url_map.iter_rules())


def create_app(config: Config | None = None, built: Built | None = None) -> Flask:
    """The application over a data folder; ``built`` lets a caller share an already wired product."""
    config = config or (built.config if built else read_config())
    app = Flask(__name__, static_url_path="/static")
    app.secret_key = config.secret
    app.config.update(
        LANG=config.lang,
        MAX_CONTENT_LENGTH=config.upload_max_bytes,
        MAX_FORM_MEMORY_SIZE=config.upload_max_bytes,
        MAX_FORM_PARTS=10_000,
        SESSION_COOKIE_NAME="liandiao-page",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies,
    )
    app.extensions["liandiao"] = built or build(config)
    for audience in AUDIENCES:
        app.register_blueprint(audience.views)
    frame.register(app)
    moments.register(app)
    errors.register(app)
    typed.register(app)
    auth.register(app)
    app.teardown_request(close_reading)
    return app
