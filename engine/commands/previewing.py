"""A letter before it is issued: what the task at hand would make of it with what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.errors import Invalid, NotFound
from engine.forms import Form, submit
from engine.letters import Letter, letters_of, makers
from engine.model import Actor, Case, Claimed, Data, Release, Typeset
from engine.ports import Store
from engine.texts import Lang

from .tasks import TaskVerbs

Raw = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letter, in which language."""

    letter: str
    lang: Lang


class PreviewVerbs(TaskVerbs):
    def papers_at(self, release: Release, element: str) -> list[Letter]:
        """The letters that completing a task may make, and the papers to print on its page."""
        held = letters_of(release.files)
        return [held[name] for name in makers(release).get(element, ())]

    def preview_paper(self, actor: Actor, task_id: str, raw: Raw, wanted: Wanted) -> Typeset:
        """The draft as the first outcome that makes this letter would make it; nothing is kept.

        Problems at fields of the task's form are told with it. Raises Invalid where the form itself
        does not fit, NotFound (template_unknown) where no outcome makes it with what was typed.
        """
        with self._open() as store:
            claimed, _ = self._offered(store, actor, task_id)
            case = store.case(claimed.case)
            release = self.release_of(store, case.release)
            if letters_of(release.files)[wanted.letter].tasks:
                return self.print_now(store, case, wanted.letter, wanted.lang)
            data = self._as_typed(store, (case, claimed, actor), raw, wanted.letter)
        return self._setter().typeset(release, wanted.letter, data, wanted.lang, draft=True)

    def _as_typed(
        self, store: Store, at: tuple[Case, Claimed, Actor], raw: Raw, letter_id: str
    ) -> Data:
        case, claimed, actor = at
        form = self.form(self.release_of(store, case.release), claimed.task.place.element)
        seen, refused = self.seen_by(store, case, claimed), None
        for outcome in _outcomes(form):
            try:
                filled = submit(form, raw, seen, self.clock(), outcome)
            except Invalid as unfit:
                refused = refused or unfit
                continue
            data = {"values": filled.values, "outcome": filled.outcome}
            act = self._act("complete", actor, (claimed, None), data)
            for letter, given in self._foreseen(store, case, act):
                if letter.id == letter_id:
                    return given
        raise refused or NotFound("paper_not_made")


def _outcomes(form: Form) -> list[str]:
    return [one.id for one in form.outcomes] or [""]
