"""What a signature in a form signs: the text that stands on the form, and its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from engine.feel import Expression
from engine.forms.drawing import Drawing
from engine.forms.form import Form, Note, Table
from engine.values import canonical

LOCAL = timezone(timedelta(hours=8))


def signed_text(form: Form, context: Mapping[str, Any]) -> bytes:
    """The canonical JSON of what a form gives to read: its notes and tables over this case.

    Values as the case holds them and labels in both languages, so that one text is signed whatever
    the language; conditions that do not hold before anything is typed leave their part out.
    """
    parts = [_part(item, context) for item in form.items if isinstance(item, Note | Table)]
    return canonical({"text": [part for part in parts if part]})


def text_digest(form: Form, context: Mapping[str, Any]) -> str:
    """SHA-256 of ``signed_text``: also the name of the blob that keeps it."""
    return hashlib.sha256(signed_text(form, context)).hexdigest()


def signs(value: Mapping[str, Any], form: Form, context: Mapping[str, Any]) -> bool:
    """Whether a signature was given under what the form says now."""
    return bool(value.get("signed") == text_digest(form, context))


def signed_now(value: dict[str, Any] | None, now: datetime) -> dict[str, Any] | None:
    """A signature with its time: when it reached us, never what a browser says."""
    if value is None or "at" in value:
        return value
    return {**value, "at": now.astimezone(LOCAL).replace(microsecond=0)}


def check_signatures(drawing: Drawing, form: Form) -> None:
    """Who signs must have something to read on the form; a signature is never in a row."""
    readable = any(isinstance(item, Note | Table) for item in form.items)
    for field in form.fields.values():
        if field.kind == "signature" and not readable:
            drawing.find("form_signature_unseen", field.pointer)
        for column in field.columns:
            if column.kind == "signature":
                drawing.find("form_signature_in_rows", column.pointer)


def _part(item: Note | Table, context: Mapping[str, Any]) -> dict[str, Any]:
    if not _holds(item.show, context):
        return {}
    if isinstance(item, Note):
        return {"note": dict(item.text)}
    found = item.rows.evaluate(context, None)
    rows = found if isinstance(found, list) else [found]
    return {
        "table": dict(item.label),
        "columns": [dict(column.label) for column in item.columns],
        "rows": [
            [row.get(column.key) for column in item.columns]
            for row in rows
            if isinstance(row, Mapping)
        ],
    }


def _holds(show: Expression | None, context: Mapping[str, Any]) -> bool:
    return show is None or show.evaluate(context, None) is True
