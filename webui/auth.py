"""Who is signed in, which pages they may open, and the token that keeps others from posting."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, session, url_for
from markupsafe import Markup
from werkzeug.exceptions import BadRequest, Forbidden, Unauthorized
from werkzeug.wrappers import Response

from engine.errors import NotAllowed
from engine.model import Actor, Session
from storage import queries

from .product import product, reading

COOKIE, PARTY_COOKIE = "liandiao", "liandiao-party"
TOUCH_AFTER = timedelta(minutes=1)
Check = Callable[[Actor], bool]
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a view: everybody, or whom the check lets through. ``early``: also before the
    person has changed a one-time password. ``guard``: a door of its own, not that of staff."""

    check: Check | None
    early: bool = False
    guard: Callable[[], Response | None] | None = None


def _opened(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        vars(view)["access"] = access
        return view

    return mark


def _anyone(actor: Actor) -> bool:
    return True


def _no_staff(actor: Actor) -> bool:
    return False


public = _opened(Access(None))
"""Open to everybody."""

signed = _opened(Access(_anyone))
"""For everybody who is signed in; the data behind it guards itself."""

early = _opened(Access(_anyone, early=True))
"""For everybody who is signed in, also while a password change is due."""


def only(check: Check) -> Callable[[View], View]:
    """For those whom a predicate of ``engine.access`` lets through."""
    return _opened(Access(check))


def behind(door: Callable[[], Response | None]) -> Callable[[View], View]:
    """For whom a door of its own lets in, and nobody of staff."""
    return _opened(Access(_no_staff, guard=door))


def register(app: Flask) -> None:
    """Guard every route; refuse to start while one says nothing about who may open it."""
    public(app.view_functions["static"])
    app.before_request(_guard)
    unmarked = [name for name, view in app.view_functions.items() if not hasattr(view, "access")]
    if unmarked:
        raise RuntimeError(f"routes without access: {', '.join(sorted(unmarked))}")


def _guard() -> Response | None:
    g.signed = None
    if request.endpoint == "static":
        return None
    if request.endpoint is None:
        g.signed = _identify()  # so that "not found" is said in their language
        return None
    if any("\x00" in text for text in (request.path, *request.args.values())):
        raise BadRequest("null character")
    access: Access = _view().access
    if access.guard is not None:
        return access.guard()
    return _staff(access)


def _staff(access: Access) -> Response | None:
    """The door of those who work here."""
    g.signed = _identify()
    if access.check is not None and g.signed is None:
        return _to_sign_in()
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        refuse_forgery()
    if access.check is None:
        return None
    if g.signed.must_change and not access.early:
        return redirect(url_for("account.password"))
    if not access.check(g.signed.actor):
        raise NotAllowed("page_not_for_role")
    return None


def _view() -> Any:
    return current_app.view_functions[str(request.endpoint)]


def _identify() -> queries.SignedIn | None:
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    now = product().clock()
    found = queries.signed_in(reading(), digest(token), now, request.remote_addr or "")
    if found and now - found.seen_at >= TOUCH_AFTER:
        _touch(found, now)
    return found


def _touch(found: queries.SignedIn, now: datetime) -> None:
    with product().open_store() as store:
        kept = store.session(found.id_hash)
        if kept:
            idle = now + timedelta(minutes=product().config.session_idle_minutes)
            store.save_session(_seen(kept, now, idle))


def _seen(kept: Session, now: datetime, idle: datetime) -> Session:
    return replace(kept, seen_at=now, idle_until=min(idle, kept.ends_at))


def _to_sign_in() -> Response:
    if request.cookies.get(PARTY_COOKIE):
        raise NotAllowed("page_not_for_party")
    if request.method != "GET" or "X-Part" in request.headers:
        raise Unauthorized("session")
    return redirect(url_for("public.sign_in", next=request.full_path.rstrip("?")))


# Sessions --------------------------------------------------------------------------------------


def open_session(response: Response, person_id: str) -> Response:
    """Sign a person in: always a new session, the one before is ended (rotation)."""
    config, now = product().config, product().clock()
    token = secrets.token_urlsafe(32)
    ends = now + timedelta(hours=config.session_max_hours)
    idle = min(now + timedelta(minutes=config.session_idle_minutes), ends)
    csrf = secrets.token_urlsafe(24)
    address = request.remote_addr or ""
    with product().open_store() as store:
        store.end_session(digest(request.cookies.get(COOKIE, "")))
        store.save_session(Session(digest(token), person_id, now, now, idle, ends, csrf, address))
        store.sweep_sessions()
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="Lax", secure=config.secure_cookies, path="/"
    )
    return response


def close_session(response: Response) -> Response:
    """Sign out here."""
    with product().open_store() as store:
        store.end_session(digest(request.cookies.get(COOKIE, "")))
    response.delete_cookie(COOKIE, path="/")
    session.clear()
    return response


def digest(token: str) -> str:
    """What the database keeps of a session's token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor() -> Actor:
    """The signed-in person as the engine's actor."""
    return g.signed.actor  # type: ignore[no-any-return]


def viewer() -> queries.Viewer:
    """The signed-in person as a reader."""
    return g.signed.viewer  # type: ignore[no-any-return]


# Forged posts ----------------------------------------------------------------------------------


def csrf_token() -> str:
    """The token of this session; before sign-in one kept in the signed cookie."""
    if getattr(g, "visit", None):
        return str(g.visit.csrf)
    if getattr(g, "signed", None):
        return str(g.signed.csrf)
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def csrf_field() -> Markup:
    """The hidden field that every form of ours carries."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(csrf_token())


def refuse_forgery() -> None:
    """A post carries the token of its session."""
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    if not hmac.compare_digest(given.encode(), csrf_token().encode()):
        raise Forbidden("csrf")
