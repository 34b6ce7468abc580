"""What every page carries: headers, the bar and rail, icons, dates, notices."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, flash, g, get_flashed_messages, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from engine.access import (
    keeps_duty,
    may_administer,
    may_mend,
    may_publish,
    may_read_figures,
    may_read_ledger,
    may_read_retention,
    may_read_seals,
    sees_all,
)
from engine.model import Actor
from storage import queries

from . import display
from .auth import Check, actor, csrf_field, csrf_token, viewer
from .procedures import words_for_templates
from .product import product, reading
from .registers import cited, may_open_some, role_name, rule_name, verb_name
from .words import known, lang, pick, t

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the rail; ``short``: also in the bottom bar of narrow screens."""

    endpoint: str
    icon: str
    word: str
    check: Check = lambda actor: True
    short: bool = False

    @property
    def here(self) -> bool:
        """Whether the page shown belongs to this entry."""
        blueprint = self.endpoint.partition(".")[0]
        shown = request.endpoint or ""
        return (
            shown == self.endpoint
            or getattr(g, "part", "") == self.endpoint
            or (blueprint in OWN_RAIL and shown.partition(".")[0] == blueprint)
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one audience."""

    name: str
    items: tuple[Item, ...]


def _studies(actor: Actor) -> bool:
    """Everybody may read the map of the policy; those who check or draw have it in their rail."""
    return may_publish(actor) or sees_all(actor)


OWN_RAIL = ("dossiers", "records", "retention", "sealbook", "clauses", "designer")
"""Blueprints all of whose pages belong to one entry."""
RAIL = (
    Group(
        "work",
        (
            Item("inbox.tasks", "inbox", "nav.tasks", short=True),
            Item("dossiers.index", "folder-open", "nav.dossiers", short=True),
            Item("inbox.procedures", "circle-play", "nav.start", short=True),
            Item("inbox.duty", "hourglass", "nav.on_duty", keeps_duty),
            Item("mending.hand_overs", "send", "nav.hand_overs"),
            Item("ledger.index", "list-checks", "nav.ledger", may_read_ledger),
            Item("sealbook.index", "shield-check", "nav.seals", may_read_seals),
            Item("retention.index", "landmark", "nav.retention", may_read_retention),
            Item("records.index", "book-open", "nav.registers", may_open_some),
        ),
    ),
    Group(
        "watch",
        (
            Item("mending.incidents", "octagon-alert", "nav.incidents", may_mend),
            Item("audit.journal", "search", "nav.journal", sees_all),
            Item("audit.proof", "shield-check", "nav.proof", sees_all),
            Item("audit.figures", "activity", "nav.figures", may_read_figures),
            Item("clauses.index", "scale", "nav.clauses", _studies),
        ),
    ),
    Group(
        "manage",
        (
            Item("designer.index", "waypoints", "nav.designer", may_publish),
            Item("admin.people", "users-round", "nav.people", may_administer),
            Item("admin.organisations", "building-2", "nav.organisations", may_administer),
            Item("admin.offices", "waypoints", "nav.offices", may_administer),
            Item("admin.duty", "hourglass", "nav.duty", may_administer),
            Item("admin.calendar", "calendar-days", "nav.calendar", may_administer),
            Item("admin.settings", "settings", "nav.settings", may_administer),
            Item("admin.health", "activity", "nav.health", may_administer),
        ),
    ),
    Group("self", (Item("account.index", "user-round", "nav.account", short=True),)),
)


def navigation() -> list[Group]:
    """The rail of the signed-in person: only what they may open."""
    groups = (
        Group(group.name, tuple(item for item in group.items if item.check(actor())))
        for group in RAIL
    )
    return [group for group in groups if group.items]


def acting() -> str:
    """Under which roles the person acts: the first, and how many more; on duty with the post."""
    roles = sorted({grant.role for grant in actor().grants})
    if not roles:
        return t("nav.no_role")
    first = role_name(roles[0])
    if len(roles) == 1:
        return first
    return t("nav.roles_more", role=first, all=len(roles), more=len(roles) - 1)


def icon(name: str, word: str = "") -> Markup:
    """An icon of the sprite; with a word it speaks, without it is decoration beside one."""
    return _icon(asset("vendor/icons.svg"), name, word)


@lru_cache(maxsize=1000)
def _icon(sprite: str, name: str, word: str) -> Markup:
    said = (
        Markup('role="img" aria-label="{}"').format(word) if word else Markup('aria-hidden="true"')
    )
    return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(said, sprite, name)


def asset(name: str) -> str:
    """The address of a static file with its content in it, so that browsers may keep it for ever."""
    return path_to("static", filename=name, v=_version(name))


def path_to(endpoint: str, **values: Any) -> str:
    """``url_for``, remembered: a page asks for hundreds of addresses, and these never change."""
    return _path(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=20_000)
def _path(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


@cache
def _version(name: str) -> str:
    path = STATIC / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "missing"


def say(key: str, kind: str = "fine", **params: Any) -> None:
    """Leave a sentence for the next page."""
    flash(t(key, **params), kind)


def here() -> str:
    """The address of this page, to come back to."""
    return request.full_path.rstrip("?")


def again(**changes: Any) -> str:
    """This page's address with some of its query changed; an empty value leaves it out."""
    values = {**request.args.to_dict(), **(request.view_args or {}), **changes}
    kept = {name: value for name, value in values.items() if value not in ("", None)}
    return url_for(str(request.endpoint), **kept)


def open_incidents() -> int:
    """How many incidents wait for somebody who may mend them; 0 for everybody else."""
    if not getattr(g, "signed", None) or not may_mend(actor()):
        return 0
    return queries.open_incident_count(reading(), viewer())


def register(app: Flask) -> None:
    """Headers, template words and filters."""
    app.after_request(_headers)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        t=t, pick=pick, known=known, cited=cited, icon=icon, asset=asset, here=here, acting=acting,
        navigation=navigation, csrf_token=csrf_token, csrf_field=csrf_field,
        again=again, url_for=path_to, role_name=role_name, rule_name=rule_name, verb_name=verb_name,
        now=lambda: product().clock(), machine_now=lambda: display.machine_time(product().clock()),
    )  # fmt: skip
    app.jinja_env.globals.update(words_for_templates())
    for name in (
        "long_date", "long_time", "short_date", "short_time", "machine_time",
        "last_day", "due_moment", "urgency", "left_in_words", "ago", "lasted", "masked", "readable", "span",
    ):  # fmt: skip
        app.jinja_env.filters[name] = getattr(display, name)
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    return {
        "lang": lang(),
        "signed": getattr(g, "signed", None),
        "open_incidents": open_incidents() if getattr(g, "signed", None) else 0,
        "flashed": get_flashed_messages,
    }


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        kept = "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
        response.headers["Cache-Control"] = kept
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
