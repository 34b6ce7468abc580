"""What the last step of a rehearsal did, and what the case holds now, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.feel import pointer_get
from engine.model import Data, Passed
from engine.scenario.rehearsal import written
from webui import display
from webui.audit.wording import Wording
from webui.corrections import Change
from webui.words import pick, t

from .trial import Trial

TOLD = ("done", "fired", "thrown")
PARTY = re.compile(r"\bparty-\d+\b")


class Happened:
    """``parties``: their names by id."""

    def __init__(self, trial: Trial, wording: Wording, parties: Mapping[str, str]) -> None:
        self._trial, self._wording, self._parties = trial, wording, parties
        self._taken = trial.found.taken
        last = self._taken[-1].found if self._taken else None
        self._trace: Sequence[Passed] = last.trace if last else ()
        self._messages = last.messages if last else ()

    @property
    def passed(self) -> list[str]:
        """The named elements that were passed, in order."""
        places = (line.place.element for line in self._trace if line.what in TOLD)
        nodes = (self._trial.drawn.nodes.get(element) for element in places)
        names = [name for node in nodes if node and (name := pick(node.name))]
        return [name for n, name in enumerate(names) if names[n - 1 : n] != [name]]

    @property
    def decided(self) -> list[tuple[str, str]]:
        """(name, what it gave and which of its rows said so) of each decision."""
        lines = (line for line in self._trace if line.what == "decided")
        step = self._trial.drawn.step
        return [(step(line.place.element), _ruled(line.detail)) for line in lines]

    @property
    def changes(self) -> list[Change]:
        """What became otherwise in the case's data."""
        before = self._taken[-2].found.outcome.data if len(self._taken) > 1 else {}
        now = self._taken[-1].found.outcome.data if self._taken else {}
        lines = (line.detail for line in self._trace if line.what == "wrote")
        pointers = dict.fromkeys(p for detail in lines for p in detail if p != "/case")
        both = ((p, pointer_get(before, p), pointer_get(now, p)) for p in pointers)
        return [one for one in self._worded(both) if one.before != one.after]

    @property
    def sent(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The messages that were thrown, with what they carry."""
        return [(one.name, self._wording.carried(one.payload, {})) for one in self._messages]

    @property
    def data(self) -> list[tuple[str, Change]]:
        """(pointer, in words) of all that the case holds."""
        told = written(self._trial.found)
        changes = self._worded((p, None, value) for p, value in told.items())
        return [(p, one) for p, one in zip(told, changes, strict=True) if one.after != "-"]

    def _worded(self, found: Iterable[tuple[str, Any, Any]]) -> list[Change]:
        """In words: ways out by their buttons, parties by their names."""
        said = ((p, self._way_out(p, old), self._way_out(p, new)) for p, old, new in found)
        return [
            replace(one, before=self._named(one.before), after=self._named(one.after))
            for one in self._wording.changes(said)
        ]

    def _way_out(self, pointer: str, value: Any) -> Any:
        element, _, last = pointer[1:].rpartition("/")
        return self._trial.way_out(element, str(value)) if last == "outcome" and value else value

    def _named(self, said: str) -> str:
        return PARTY.sub(lambda found: self._parties.get(found[0]) or found[0], said)


def _ruled(detail: Data) -> str:
    rows = "、".join(str(hit["number"]) for hit in detail["rules"])
    gave = display.readable(detail["outputs"])
    return f"{gave} ({t('play.row', rows=rows)})" if rows else gave
