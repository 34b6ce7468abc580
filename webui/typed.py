"""What was typed into a form that was refused: it stands there again, or on the page that says why."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Flask, request

SECRET = frozenset({"csrf", "code", "old", "password", "again"})
"""Never shown again."""
CODE = re.compile(r"[\w.:/-]*", re.A)
"""What pages send along by themselves: ids, numbers, days. People's words look different."""


def sent(to: str, name: str, kept: object = "") -> object:
    """A field of the form that goes to this address: what was just sent there, else what is kept."""
    return request.form.get(name, "") if _went(to) else kept


def sent_all(to: str, name: str, *kept: object) -> Sequence[object]:
    """All that is chosen in such a field."""
    return request.form.getlist(name) if _went(to) else kept


def words_sent() -> list[str]:
    """What somebody wrote into the form that this request brought, each once, to be copied; and the
    names of the files chosen in it, which no page can choose again."""
    brought = ((name, value.strip()) for name, value in request.form.items(multi=True))
    said = [value for name, value in brought if _is_said(name) and not CODE.fullmatch(value)]
    files = [one.filename for _, one in request.files.items(multi=True) if one.filename]
    return list(dict.fromkeys(said + files))


def _is_said(name: str) -> bool:
    """Not a secret, nor what the page itself keeps: buttons and the strokes of a signature."""
    return name not in SECRET and not name.startswith("~")


def _went(to: str) -> bool:
    return request.method == "POST" and to == request.script_root + request.path


def register(app: Flask) -> None:
    """The words of templates."""
    app.jinja_env.globals.update(sent=sent, sent_all=sent_all)
