"""The inbox: four lists with live counts, narrowed and sorted, fresh without a reload."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from storage import queries
from storage.queries.tasks import TABS
from webui.auth import actor, signed, viewer
from webui.display import CHINA, local
from webui.frame import say
from webui.moments import due_tag, time_tag
from webui.procedures import drawn
from webui.product import product, reading
from webui.words import lang, local_target

views = Blueprint("inbox", __name__, template_folder="templates")
DUE = ("late", "today", "three")
SORTS = ("due", "new", "old")
SIZE = 50


@views.get("/inbox")
@signed
def tasks() -> Any:
    """A tab of the inbox; with ``X-Part`` only its changing part, 304 when nothing changed."""
    part = render_template("inbox/list.html", **_context())
    tag = hashlib.sha256(part.encode()).hexdigest()[:24]
    if "X-Part" in request.headers:
        response = Response(part, mimetype="text/html")
        response.set_etag(tag)
        response.headers["Cache-Control"] = "no-cache"
        return response.make_conditional(request.environ)
    return render_template("inbox/index.html", part=part, tag=f'"{tag}"')


def _context() -> dict[str, Any]:
    db, now = reading(), product().clock()
    wanted = _filter(request.args, now)
    kept = queries.saved_views(db, viewer().person)
    filters = [_filter(one.wanted, now) for one in kept]
    counted = queries.counts(db, viewer())
    rows, more = queries.tasks(db, viewer(), wanted)
    published = [(row.procedure, drawn(row.digest).name) for row in queries.published(db)]
    return {
        "lines": _lines(rows, wanted.tab, now),
        "more": more,
        "wanted": wanted,
        "counted": counted,
        "tabs": TABS,
        "many": queries.MANY,
        "due": request.args.get("due", ""),
        "dues": DUE,
        "sorts": SORTS,
        "procedures": published,
        "kept": list(zip(kept, queries.counts_of(db, viewer(), filters), strict=True)),
        "asked": _asked(request.args),
    }


def _lines(rows: list[queries.TaskRow], tab: str, now: datetime) -> list[Markup]:
    """The rows as HTML; what stands in one changes rarely, and many people see the same."""
    reader = (lang(), local(now).year, request.script_root)
    return [_line(row, tab, _when(row, now), row.holder == viewer().person, reader) for row in rows]


def _when(row: queries.TaskRow, now: datetime) -> Markup:
    if row.done_at:
        return time_tag(row.done_at)
    return due_tag(row.due_at, now, row.due_rule, row.opened_at)


@lru_cache(maxsize=5_000)
def _line(
    row: queries.TaskRow, tab: str, due: Markup, is_mine: bool, _reader: tuple[str, int, str]
) -> Markup:
    """Drawn once for all who read it in the same language."""
    lines: Any = current_app.jinja_env.get_template("inbox/row.html").module
    line: Markup = lines.line(row, tab, due, is_mine, drawn(row.release))
    return line


def _filter(args: Mapping[str, str], now: datetime) -> queries.Filter:
    tab = args.get("tab", "mine")
    page = args.get("page", "1")
    sort = args.get("sort", "due")
    return queries.Filter(
        tab=tab if tab in TABS else "mine",
        procedure=args.get("procedure", "")[:100],
        due_before=_due_before(args.get("due", ""), now),
        words=args.get("words", "").strip()[:100],
        sort=sort if sort in SORTS else "due",
        page=int(page) if page.isdecimal() and 1 <= int(page) <= 2000 else 1,
        size=SIZE,
    )


def _due_before(due: str, now: datetime) -> datetime | None:
    days = {"today": 1, "three": 4}.get(due)
    if due == "late":
        return now
    if days is None:
        return None
    today = datetime.combine(local(now).date(), time(), CHINA)
    return (today + timedelta(days=days)).astimezone(UTC)


def _asked(args: Mapping[str, str]) -> dict[str, Any]:
    """What a list is narrowed to, as the address says it: known parts only, nothing empty."""
    wanted = _filter(args, product().clock())
    told = {
        "tab": wanted.tab,
        "due": args.get("due", "") if args.get("due") in DUE else "",
        "procedure": wanted.procedure,
        "words": wanted.words,
        "sort": "" if wanted.sort == "due" else wanted.sort,
    }
    return {name: value for name, value in told.items() if value}


@views.post("/inbox/views")
@signed
def keep_view() -> Response:
    """Keep this list under a name."""
    asked = _asked(request.form)
    name = product().engine.keep_view(actor(), request.form.get("name", ""), asked)
    say("inbox.view_kept", name=name)
    return redirect(url_for("inbox.tasks", **asked))


@views.post("/inbox/views/drop")
@signed
def drop_view() -> Response:
    """Forget a kept list."""
    name = request.form.get("name", "")
    product().engine.drop_view(actor(), name)
    say("inbox.view_dropped", name=name)
    return redirect(local_target(url_for("inbox.tasks")))


@views.post("/tasks/<task_id>/claim")
@signed
def claim(task_id: str) -> Response:
    """Take a task and open it."""
    product().engine.claim(actor(), task_id)
    return redirect(url_for("inbox.task", task_id=task_id))


@views.post("/tasks/<task_id>/release")
@signed
def release(task_id: str) -> Response:
    """Give a task back to all who may do it; the draft stays with its writer."""
    product().engine.release(actor(), task_id, request.form.get("reason", "").strip())
    say("inbox.released")
    return redirect(local_target(url_for("inbox.tasks")))


@views.post("/tasks/<task_id>/delegate")
@signed
def delegate(task_id: str) -> Response:
    """Hand a task to a colleague, with a reason."""
    form = request.form
    product().engine.delegate(actor(), task_id, form.get("person", ""), form.get("reason", ""))
    say("inbox.delegated")
    return redirect(url_for("inbox.tasks"))
