"""Rounds over many cases that go on beside the pages: begun, looked at, stopped; gone with the process."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app, redirect
from werkzeug.wrappers import Response

from engine.access import may_publish
from engine.errors import Conflict
from webui.auth import only
from webui.config import Config
from webui.rehearsals import FEW, Work, tried

from .views import views

MOST_KEPT = 8
"""Rounds that are remembered; an older one is gone."""
AT_ONCE = 20
"""So many cases are tried while the page is waited for."""
_STARTING = threading.Lock()


@dataclass(slots=True)
class Round:
    """``work`` on a list of cases (rows with an id); ``done``: (case, what came of it).

    ``at``: the address of its page; ``about``: what that page needs to tell it; ``few``: of ``tried``.
    """

    config: Config
    work: Work[Any]
    cases: Sequence[Any]
    at: str
    begun_at: datetime
    about: Any = None
    few: int = FEW
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    done: list[tuple[Any, Any]] = field(default_factory=list)
    going: Future[None] | None = None
    is_stopped: bool = False

    @property
    def is_over(self) -> bool:
        return len(self.done) >= len(self.cases)

    @property
    def has_failed(self) -> bool:
        """Whether it broke off before its end."""
        ended = bool(self.going and self.going.done())
        return ended and not self.is_over and not self.is_stopped

    @property
    def is_going(self) -> bool:
        return not self.is_over and not self.is_stopped and not self.has_failed

    @property
    def here(self) -> str:
        """The address at which this very round is looked at."""
        return f"{self.at}{'&' if '?' in self.at else '?'}round={self.token}"

    def begin(self) -> None:
        """Try them all: a few at once, many beside the pages."""
        if len(self.cases) <= AT_ONCE:
            self.play()
            return
        beside = ThreadPoolExecutor(1)
        self.going = beside.submit(self.play)
        beside.shutdown(wait=False)

    def play(self) -> None:
        known = {case.id: case for case in self.cases}
        with closing(tried(self.config, self.work, list(known), few=self.few)) as told:
            for case, one in told:
                self.done.append((known[case], one))
                if self.is_stopped:
                    return


def begun(key: Hashable, make: Callable[[], Round]) -> Round:
    """The round of this key that is remembered and did not break off, else a new one."""
    return _begun(key, make, lambda one: one.is_going or one.is_over)


def anew(key: Hashable, make: Callable[[], Round]) -> Round:
    """The round of this key that is under way, else a new one: what it looks at changes."""
    return _begun(key, make, lambda one: one.is_going)


def _begun(key: Hashable, make: Callable[[], Round], serves: Callable[[Round], bool]) -> Round:
    kept = _kept()
    with _STARTING:  # two who ask at once get one round
        if key not in kept or not serves(kept[key]):
            kept.pop(key, None)
            kept[key] = make()
            kept[key].begin()
            while len(kept) > MOST_KEPT:
                kept.popitem(last=False)[1].is_stopped = True
        return kept[key]


def found(token: str | None) -> Round | None:
    """None where it is gone: this process began it never, or has forgotten it."""
    return next((one for one in list(_kept().values()) if one.token == token), None)


@views.post("/rounds/<token>/stop")
@only(may_publish)
def stop_round(token: str) -> Response:
    """Stop where it is; what it found so far stays to be read. Conflict (round_gone)."""
    stopped = found(token)
    if stopped is None:
        raise Conflict("round_gone")
    stopped.is_stopped = True
    return redirect(stopped.here)


def _kept() -> OrderedDict[Hashable, Round]:
    kept: OrderedDict[Hashable, Round] = current_app.extensions.setdefault(
        "liandiao.rounds", OrderedDict()
    )
    return kept
