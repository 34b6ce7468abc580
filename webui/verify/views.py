"""The public pages behind the code and the QR code of a document; they tell nothing of any person."""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from engine.errors import EngineError
from engine.examining import examine
from engine.model.sealed import SealUse
from engine.ports import Store
from engine.sealports import Verified
from engine.services.seal.codes import read_code, spaced
from webui.auth import public
from webui.errors import refusal
from webui.product import product
from webui.words import t

views = Blueprint("verify", __name__, template_folder="templates")
OFTEN = 30
"""Questions of one address within SECONDS."""
SECONDS = 60.0
MOST = 10_000
"""Addresses remembered: beyond it the oldest are forgotten."""


class Turnstile:
    """Lets an address ask so often within a time."""

    def __init__(self) -> None:
        self._asked: dict[str, deque[float]] = {}
        self._line = Lock()

    def lets(self, address: str, now: float) -> bool:
        with self._line:
            times = self._asked.pop(address, deque(maxlen=OFTEN))
            free = len(times) < OFTEN or now - times[0] >= SECONDS
            if free:
                times.append(now)
            self._asked[address] = times
            while len(self._asked) > MOST:
                del self._asked[next(iter(self._asked))]
        return free


TURNSTILE = Turnstile()


@views.get("/v")
@public
def ask() -> Any:
    """A field for the code."""
    typed = request.args.get("code", "")
    if typed:
        return redirect(url_for("verify.document", code=read_code(typed) or typed[:40]))
    return render_template("verify/ask.html", problem="")


@views.get("/v/<code>")
@views.get("/V/<code>")
@public
def document(code: str) -> Any:
    """What is known of the document; every unknown code gets the same answer."""
    if not _free():
        return _too_often()
    use = _use(code)
    return _shown(use) if use else _unknown()


@views.post("/v/<code>")
@public
def check(code: str) -> Any:
    """The full check of a file that the holder sends; it is judged and forgotten."""
    if not _free():
        return _too_often()
    use, sent = _use(code), request.files.get("file")
    if use is None:
        return _unknown()
    provider, content = product().engine.seals, sent.read() if sent else b""
    if not content or provider is None:
        return _shown(use)
    return _shown(use, examine(content, use, provider))


def _use(typed: str) -> SealUse | None:
    code = read_code(typed)
    with product().open_store() as store:
        found: SealUse | None = store.use_by_code(code) if code else None
    return found if found and found.result == "OK" and not found.place else None


def _shown(use: SealUse, verified: Verified | None = None) -> Any:
    with product().open_store() as store:
        seal = store.seal(use.seal)
        court = store.organisation(use.org).name
        earlier = _earlier(store, use)
    return render_template(
        "verify/document.html",
        use=use,
        seal=seal,
        court=court,
        earlier=earlier,
        code=spaced(use.code),
        state=_state(use),
        verified=verified,
        reason=_why(verified),
    )


def _earlier(store: Store, use: SealUse) -> list[SealUse]:
    """What was signed before the seal, the first one first; whose signature it is the file says."""
    found: list[SealUse] = []
    source = use.source
    while signed := store.use_by_digest(source):
        found.insert(0, signed)
        source = signed.source
    return found


def _state(use: SealUse) -> str:
    if use.superseded_by:
        return "superseded"
    if use.reason:  # what looking at it again has found
        return "void"
    return "rechecking" if use.recheck_at else "valid"


def _why(verified: Verified | None) -> str:
    if verified is None or not verified.reason:
        return ""
    return refusal(EngineError(verified.reason, **verified.params))


def _unknown() -> Any:
    return render_template("verify/ask.html", problem=t("verify.unknown")), 404


def _too_often() -> Any:
    page = render_template("verify/ask.html", problem=refusal(EngineError("verify_too_often")))
    return page, 429, {"Retry-After": str(int(SECONDS))}


def _free() -> bool:
    return TURNSTILE.lets(request.remote_addr or "", product().clock().timestamp())
