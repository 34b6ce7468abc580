"""The form of a task or of the start over a rehearsal: drawn as people meet it, filled as a scenario is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from markupsafe import Markup

from engine.forms import Form, starting
from engine.forms.form import Raw
from engine.forms.raw import as_raw
from engine.model import Data, OpenTask, Problem
from engine.scenario.filling import around
from webui.forms import Received, View, from_request, render
from webui.inbox.showing import pickers
from webui.registers import cited
from webui.words import pick

from .forms import Nowhere
from .trial import Trial

MOST_EXAMPLES = 12


@dataclass(frozen=True, slots=True)
class Example:
    """How a scenario fills a form in; ``key`` names it in an address."""

    key: str
    title: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A form with what it sees. Files that are sent are weighed and not kept."""

    form: Form
    context: Data
    now: datetime
    roles: frozenset[str]

    def draw(self, raw: Raw, problems: Sequence[Problem] = ()) -> Markup:
        picks = any(field.widget == "picker" for field in self.form.sequence)
        view = View(
            self.context,
            self.now,
            pickers=pickers() if picks else {},
            basis=cited,
            roles=self.roles,
        )
        return render(self.form, raw, problems, view)

    def sent(self) -> Received:
        """What the browser sent."""
        return from_request(self.form, request.form, request.files, Nowhere())

    def fill(self, told: Mapping[str, Any]) -> Raw:
        """What its fields hold: what the case says, over that what a scenario does."""
        fields = self.form.fields
        known = {p: v for p, v in told.items() if p in fields and _fits(fields[p].kind, v)}
        return as_raw(self.form, {**starting(self.form, self.context, self.now), **known})


def ask(trial: Trial, task: OpenTask | None) -> Asked | None:
    """Of a task, of the start where none is named; None where there is no form (yet).

    Raises Invalid (form_unfit).
    """
    player = trial.found.player
    form = player.sheets.form(task.place.element if task else "start")
    if form is None:
        return None
    seen = around(form, player.seen(task) if task else {})
    return Asked(form, seen, player.case.now, frozenset(task.role.split() if task else ()))


def examples(trial: Trial, element: str) -> list[Example]:
    """How scenarios fill in the form of a step ("" for the start), each way once."""
    found: dict[str, Example] = {}
    for key, title, data in _told(trial, element):
        found.setdefault(repr(sorted(data.items())), Example(key, title, data))
    return list(found.values())[:MOST_EXAMPLES]


def _told(trial: Trial, element: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    own = trial.tried.name
    for name, story in sorted(trial.stories.items(), key=lambda one: one[0] != own):
        title = pick(story.title)
        if not element and "message" not in story.start:
            yield name, title, story.start.get("data", {})
        for number, step in enumerate(story.steps):
            if element and step.get("task") == element and "refused" not in step.get("expect", {}):
                yield f"{name}:{number}", title, step.get("data", {})


def _fits(kind: str, value: Any) -> bool:
    """Whether a field could show what a story says; stories are typed by hand."""
    if kind == "rows":
        return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)
    return kind in ("file", "files", "signature", "choices") or not isinstance(value, list | dict)
