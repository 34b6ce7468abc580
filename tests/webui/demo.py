"""A page with a form and nothing else, to see and try how forms are drawn."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask, Response, render_template_string, request
from jinja2 import FileSystemBytecodeCache
from markupsafe import Markup

import webui
from engine.errors import Invalid
from engine.forms import Form, filled, submit
from webui.forms import View, from_request, render
from webui.words import lang, pick, t

HERE = Path(webui.__file__).parent
_KEPT = TemporaryDirectory(prefix="templates")
COMPILED = FileSystemBytecodeCache(_KEPT.name)
"""Each demonstration has templates of its own; to compile them takes longer than to fill them."""
TYPES = Path("bpmn/shared/types.json").read_bytes()
NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
PAGE = """<!doctype html><html lang="{{ 'en' if lang() == 'en' else 'zh-CN' }}"><head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<link rel="stylesheet" href="/static/app.css"><link rel="stylesheet" href="/static/forms.css">
<script type="module" src="/start.js"></script></head>
<body><main><div class="split"><div class="card"><header><h2>{{ title }}</h2></header><div class="body">
<form method="post" action="/" enctype="multipart/form-data" novalidate data-refresh="/refresh">
{{ drawn }}
<div class="actions">{% for o in form.outcomes if not view.readonly %}
<button class="btn {{ o.kind }}" name="outcome" value="{{ o.id }}">{{ pick(o.label) }}</button>
{% endfor %}</div>
</form></div></div><div></div></div></main></body></html>"""


class Shelf:
    """Blobs in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self.kept[digest] = content
        return digest


def demo_app(form: Form, view: View, blobs: Any, language: str) -> Flask:
    """Serves one form at ``/``: GET draws, POST submits; ``app.done`` is what was submitted last."""
    app = Flask("demo", template_folder=str(HERE / "templates"), static_folder=str(HERE / "static"))
    app.secret_key = "only a demonstration"
    app.config["LANG"] = language
    app.jinja_env.bytecode_cache = COMPILED
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(t=t, pick=pick, lang=lang, icon=lambda name: Markup(""))

    def page(raw: Any, problems: Any = ()) -> str:
        return render_template_string(
            PAGE,
            drawn=render(form, raw, problems, view),
            form=form,
            view=view,
            title=pick(form.title),
        )

    @app.get("/")
    def show() -> str:
        return page(filled(form, view.context, view.now))

    @app.get("/start.js")
    def start() -> Response:
        module = 'import { startForms } from "/static/forms.js"; startForms();'
        return Response(module, mimetype="text/javascript")

    @app.post("/")
    def complete() -> Any:
        received = from_request(form, request.form, request.files, blobs, 256 * 1024)
        if received.edited or received.problems:
            return page(received.raw, received.problems)
        try:
            done = submit(form, received.raw, view.context, view.now, request.form.get("outcome"))
        except Invalid as refused:
            return page(received.raw, refused.problems), 422
        app.extensions["done"] = done
        return "done"

    @app.post("/refresh")
    def refresh() -> Any:
        received = from_request(form, request.form, request.files, blobs)
        return str(render(form, received.raw, (), view))

    return app
