"""One file of a draft in an editor: what it was opened from, what was typed, saved or in conflict."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from engine.errors import Conflict, EngineError, NotFound
from engine.model import Draft, Finding
from webui.auth import actor
from webui.designer.views import findings, look
from webui.errors import STATUS, family, refusal
from webui.product import fresh, product

Typed = dict[str, dict[str, str]]
Change = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Sitting:
    """``base``: digest of the bytes that lines are numbered by ("": a new file); ``seen``: of those
    that are saved over; ``other``: what somebody else saved meanwhile.
    """

    draft: Draft
    name: str
    content: bytes
    base: str
    seen: str
    problem: str = ""
    status: int = 200
    other: str = ""

    @property
    def is_mine(self) -> bool:
        return self.draft.person == actor().person and self.draft.state == "open"

    def findings(self) -> list[Finding]:
        """What the checks of the whole draft find in this file, as it was saved."""
        return [one for one in findings(self.draft) if one.file == self.name]


def sit_down(draft_id: str, name: str, blank: bytes | None = None) -> Sitting:
    """As the file stands now; ``blank``: what a new one begins with. NotFound without either."""
    draft, store = look(draft_id), product().looking()
    there = store.draft_files(draft_id).get(name)
    if there is None and blank is None:
        raise NotFound("no_draft_file", name=name)
    content = store.draft_bytes(draft_id, name)[name] if there else blank or b""
    digest = there.digest if there else ""
    return Sitting(draft, name, content, digest, digest)


def save(draft_id: str, name: str, blank: bytes | None, change: Change, act: Change) -> Sitting:
    """Save what was typed (``change``) and what a button does after it (``act``).

    Whatever refuses, the sitting that comes back holds what was typed.
    """
    base, seen = request.form.get("base", ""), request.form.get("seen", "")
    sitting = replace(sit_down(draft_id, name, blank), base=base, seen=seen)
    sitting = replace(sitting, content=_opened(sitting, blank))
    try:
        sitting = replace(sitting, content=change(sitting.content))
        return _kept(sitting, act(sitting.content))
    except Conflict as conflict:
        other = str(conflict.params.get("digest", ""))
        status = 412 if conflict.code == "draft_file_changed" else 409
        return replace(sitting, problem=refusal(conflict), other=other, status=status)
    except EngineError as refused:
        return replace(sitting, problem=refusal(refused), status=STATUS[family(refused)])


def save_whole(draft_id: str, name: str, blank: bytes | None) -> Sitting:
    """Save the file as it was typed, whole."""
    text = request.form.get("file", "").replace("\r\n", "\n").encode()
    return save(draft_id, name, blank, lambda _: text, lambda content: content)


def _opened(sitting: Sitting, blank: bytes | None) -> bytes:
    """The bytes an editor was opened on: this file's, now or as an earlier save left it."""
    store, base = product().looking(), sitting.base
    if not base and blank is not None:
        return blank
    known = {file.digest for file in store.draft_files(sitting.draft.id).values()}
    for change in store.draft_changes(sitting.draft.id):
        if change.name == sitting.name:
            known |= {change.before, change.after}
    if not base or base not in known:
        raise NotFound("no_draft_file", name=sitting.name)
    return bytes(store.content(base))


def _kept(sitting: Sitting, content: bytes) -> Sitting:
    seen = request.form.get("~over", sitting.seen)
    digest = hashlib.sha256(content).hexdigest()
    if digest != seen:
        fresh()
        kept = product().engine.save_file(actor(), sitting.draft.id, sitting.name, content, seen)
        digest = kept.digest
    return Sitting(look(sitting.draft.id), sitting.name, content, digest, digest)


def typed() -> Typed:
    """What was sent, by line and control: ``3:label.zh``; of a tick the last value counts."""
    found: Typed = {}
    for name, values in request.form.lists():
        at, _, key = name.partition(":")
        if key:
            found.setdefault(at, {})[key] = values[-1]
    return found


def asked() -> list[str]:
    """The button pressed and what it is about: ``move 3 down`` as a list; [] for none."""
    return request.form.get("~do", "").split(" ")


def back(endpoint: str, places: Sequence[str], **where: Any) -> Response:
    """The editor again, at the line a button was about. A script does not see the fragment."""
    place = next(iter(places), "") or None
    anchor = f"line-{place}" if place else None
    return redirect(url_for(endpoint, **where, place=place, _anchor=anchor))
