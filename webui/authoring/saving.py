"""A rehearsal becomes a scenario of the draft: its name, its title, and what it expects at the end."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import redirect, request, url_for

from engine.access import may_publish
from engine.errors import Conflict, Invalid
from webui.auth import actor, only
from webui.frame import say
from webui.product import fresh, product

from .playing import FOLDER
from .shown import refused_page
from .trial import Trial, sit
from .views import views

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@views.post("/play/save")
@only(may_publish)
def save_play(draft_id: str) -> Any:
    """Save the way so far; from then on it is played with the other scenarios."""
    name = request.form.get("name", "").strip()
    try:
        _save(sit(draft_id), name)
    except (Invalid, Conflict) as refused:
        return refused_page(draft_id, "", refused)
    say("play.kept", name=name)
    return redirect(url_for(".scenario", draft_id=draft_id, name=name))


def _save(trial: Trial, name: str) -> None:
    title = {lang: request.form.get(lang, "").strip()[:200] for lang in ("zh", "en")}
    if not NAME.fullmatch(name) or not all(title.values()):
        raise Invalid("rehearsal_untitled")
    file = f"{FOLDER}{name}.json"
    there = product().looking().draft_files(trial.draft.id).get(file)
    if there and "replace" not in request.form:
        raise Conflict("rehearsal_name_taken", name=name)
    told = trial.tried.concluded(trial.found, title, request.form.getlist("expect"))
    content = json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"
    fresh()
    seen = there.digest if there else ""
    product().engine.save_file(actor(), trial.draft.id, file, content, seen)
