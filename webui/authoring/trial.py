"""One designer's rehearsal of a draft: what is kept of it, how it stands on the draft as it is now."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from flask import request

from engine.commands.drafts import mark
from engine.errors import Conflict, Invalid
from engine.forms import check_form
from engine.model import Data, Draft, Release
from engine.scenario import Rehearsal, Scenario, Stand, stand
from engine.workdays import CHINA
from webui.auth import actor
from webui.designer.views import look
from webui.procedures import Drawn, read_drawn
from webui.product import fresh, product
from webui.words import pick

from .playing import FOLDER, Stage, read_story, stage_of


@dataclass(frozen=True)
class Trial:
    """``seen``: the mark of what is kept, "" while nothing was begun."""

    draft: Draft
    stage: Stage
    tried: Rehearsal
    seen: str

    @property
    def is_begun(self) -> bool:
        return bool(self.seen)

    @property
    def is_mine(self) -> bool:
        """Whether its scenarios can be saved into the draft."""
        return self.draft.person == actor().person and self.draft.state == "open"

    @cached_property
    def found(self) -> Stand:
        """Raises Invalid where what was kept is no story any more."""
        told = _plain(self.tried)
        return _stood(self.stage, _Kept(mark(told), told))

    @property
    def drawn(self) -> Drawn:
        return _drawn(self.stage)

    @property
    def ahead(self) -> Data | None:
        """The step that comes after those taken, None where there is none."""
        return next(iter(self.tried.steps[max(len(self.found.taken) - 1, 0) :]), None)

    @property
    def stories(self) -> Mapping[str, Scenario]:
        """The draft's scenarios that can be read, by name."""
        return _stories(self.stage)

    def payload(self, kind: str, name: str) -> Any:
        """What such a message or signal carries in the first scenario that has one."""
        for story in self.stories.values():
            for step in (story.start, *story.steps):
                if step.get(kind) == name and "payload" in step:
                    return step["payload"]
        return None

    def parties(self, name: str) -> Any:
        """Of the dossier in which such a message begins a case, in the first scenario that has them."""
        starts = (story.start for story in self.stories.values())
        return next(
            (s["parties"] for s in starts if s.get("message") == name and "parties" in s), []
        )

    def results(self, names: Collection[str]) -> list[tuple[str, str]]:
        """(scenario, JSON) of each result that scenarios give to such an effect."""
        found = {
            as_json(step["result"]): pick(story.title)
            for story in self.stories.values()
            for step in story.steps
            if step.get("effect") in names and "result" in step
        }
        return [(title, result) for result, title in found.items()]

    def way_out(self, element: str, outcome: str) -> str:
        """The word on the button of an outcome."""
        name = f"forms/{element}.json"
        if not outcome or not any(path.endswith(name) for path in self.drawn.release.files):
            return outcome
        form = self.found.player.sheets.form(element)
        labels = (pick(one.label) for one in (form.outcomes if form else ()) if one.id == outcome)
        return next(labels, outcome)

    def follow(self, step: Data) -> Trial:
        """With one more step after those that fit."""
        fits = len(self.found.taken) - 1
        return self.over(self.tried.go(fits).add(step))

    def over(self, tried: Rehearsal) -> Trial:
        """With another story on the same draft."""
        return Trial(self.draft, self.stage, tried, self.seen)

    def keep(self) -> None:
        """Keep it over what the page showed. Raises Conflict (rehearsal_moved)."""
        if request.form.get("seen", "") != self.seen:
            raise Conflict("rehearsal_moved")
        self.put()

    def put(self) -> None:
        """Keep it in the place of whatever there is."""
        _save(self.draft.id, _plain(self.tried), self.seen)


def as_json(plain: Any) -> str:
    """As it stands in a text field; "" for nothing."""
    return json.dumps(plain, ensure_ascii=False, indent=1) if plain is not None else ""


def sit(draft_id: str) -> Trial:
    """The rehearsal as it was kept.

    Raises Conflict (rehearsal_over), Invalid (rehearsal_outdated), and what ``stage_of`` does.
    """
    draft = look(draft_id)
    if draft.is_closed:
        raise Conflict("rehearsal_over")
    told, seen = kept_of(draft_id)
    now = product().clock().astimezone(CHINA)
    blank = Rehearsal.begin({"at": f"{now:%Y-%m-%d}T09:00"})
    tried = _read(_Kept(seen, told)) if told else blank
    return Trial(draft, stage_of(draft_id), tried, seen)


def kept_of(draft_id: str) -> tuple[Data | None, str]:
    """What is kept of it, and its mark."""
    told = product().looking().rehearsal(draft_id, actor().person)
    return told, mark(told)


def forget(draft_id: str, seen: str) -> None:
    """Begin anew, whatever was kept. Raises Conflict (rehearsal_moved)."""
    _save(draft_id, {}, seen)


def _save(draft_id: str, told: Data, seen: str) -> None:
    fresh()
    product().engine.keep_rehearsal(actor(), draft_id, told, seen)


def _plain(tried: Rehearsal) -> Data:
    return {"told": tried.told, "at": tried.at, "name": tried.name}


@dataclass(frozen=True, slots=True)
class _Kept:
    mark: str
    told: Data = field(compare=False)


@lru_cache(maxsize=32)
def _read(kept: _Kept) -> Rehearsal:
    return Rehearsal.read(kept.told)


@lru_cache(maxsize=32)
def _stood(stage: Stage, kept: _Kept) -> Stand:
    """Played once for the page and its drawing."""
    tried = Rehearsal(**kept.told)
    return stand(stage.release, stage.facts, tried.story(), tried.at)


@lru_cache(maxsize=8)
def _stories(stage: Stage) -> Mapping[str, Scenario]:
    found = {}
    for path, content in stage.release.files.items():
        if path.startswith(FOLDER):
            name = path.removeprefix(FOLDER).removesuffix(".json")
            with suppress(Invalid):
                found[name] = read_story(content, name)
    return found


@lru_cache(maxsize=8)
def _drawn(stage: Stage) -> Drawn:
    """Names and forms of a draft; without the forms that nobody can fill in yet."""
    files, types = stage.release.files, stage.release.files.get("shared/types.json", b"")
    fit = {p: c for p, c in files.items() if "forms/" not in p or _is_fit(c, types)}
    return read_drawn(Release(stage.release.procedure, stage.digest, fit))


def _is_fit(content: bytes, types: bytes) -> bool:
    return all(one.level != "error" for one in check_form(content, types))
