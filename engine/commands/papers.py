"""Documents as paper: set when an effect records them, foreseen before, set again after a correction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from engine.access import may_mend
from engine.errors import Failed, Invalid, NotAllowed, NotFound
from engine.forms import look_up
from engine.letters import Foreseen, Letter, foresee, letters_of, makers
from engine.letters.making import RECORD
from engine.model import Actor, Case, Data, Effect, Input, Paper, Place, Problem, Release, Typeset
from engine.paperports import Typesetter
from engine.ports import Store
from engine.spiff import read_state
from engine.texts import Lang

from .cases import CaseVerbs
from .desk import Act

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,63}")
"""How ids of people and organisations look."""
MOST_PARENTS = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter set from a moment of a case, not kept yet."""

    letter: Letter
    release: Release
    data: Data  # by pointer
    made: Typeset


class PaperVerbs(CaseVerbs):
    def sheet_for(self, effect_id: str) -> Sheet | None:
        """The letter of a recording effect, set outside any transaction; None where it has none."""
        with self._open() as store:
            found = store.effect(effect_id)
            if found is None or found[1].operation != RECORD or self.letters is None:
                return None
            case = store.case(found[0])
            release = self.release_of(store, case.release)
            letter = self._letter(release, found[1])
            if letter is None:
                return None
            seen = Foreseen(found[1], read_state(case.state).data)
            data = self._given(store, case, letter, seen)
        return self._set(letter, release, data)

    def _set(self, letter: Letter, release: Release, data: Data) -> Sheet:
        """A template that is broken costs the paper, not the case: its reason is kept as a problem."""
        try:
            made = self._setter().typeset(release, letter.id, data)
        except Failed as failed:
            params = {"reason": str(failed.params.get("reason", ""))}
            made = Typeset(b"", (), (Problem("", failed.code, params),))
        kept = {pointer: look_up(data, pointer) for pointer in letter.fields}
        return Sheet(letter, release, kept, made)

    def keep_sheet(
        self, store: Store, case: Case, document: str, sheet: Sheet, act: Act | None = None
    ) -> Paper:
        """The PDF by its digest, and the next version of the document."""
        made = sheet.made
        paper = Paper(
            document=document,
            version=len(store.papers(document)) + 1,
            letter=sheet.letter.id,
            release=case.release,
            made_by=act.actor.person if act else "",
            made_at=self.clock(),
            file=self.blobs.put(made.pdf) if made.pdf else "",
            size=len(made.pdf),
            anchors=[asdict(one) for one in made.anchors],
            data=sheet.data,
            problems=[asdict(one) for one in made.problems],
            reason=act.reason if act else "",
        )
        store.add_paper(paper)
        return paper

    def set_again(self, actor: Actor, document_id: str, reason: str) -> Paper:
        """Another version of a document from the data as it is now; a supervisor's verb, with a reason.

        Raises NotFound (template_unknown) where the document has no template, NotAllowed, Invalid (say_why).
        """
        if not may_mend(actor):
            raise NotAllowed("may_not_mend")
        if not reason.strip():
            raise Invalid("say_why")
        with self._open() as store:
            sheet = self._anew(store, document_id)
            case = store.case(store.document(document_id)["case_id"])
            act = Act("set_again", actor, reason=reason.strip())
            paper = self.keep_sheet(store, case, document_id, sheet, act)
            data = {"version": paper.version, "file": paper.file}
            self._record(store, f"document:{document_id}", replace(act, data=data))
        return paper

    def _anew(self, store: Store, document_id: str) -> Sheet:
        document = store.document(document_id)
        case = store.case(document["case_id"])
        release = self.release_of(store, case.release)
        told = {**document["data"], "kind": document["kind"]}
        seen = Foreseen(Effect("", Place(""), RECORD, told), read_state(case.state).data)
        letter = self._letter(release, seen.effect)
        if letter is None:
            raise NotFound("template_unknown", letter=document["kind"])
        return self._set(letter, release, self._given(store, case, letter, seen))

    # Before it is issued ---------------------------------------------------------------------

    def check_papers(self, store: Store, case: Case, act: Act, asked: Mapping[str, Any]) -> None:
        """Refuse a completion whose documents could not be set: Invalid with problems by field.

        ``asked``: the fields of the form. What is wrong elsewhere cannot be mended here: it is told
        on the document.
        """
        for letter, data in self._foreseen(store, case, act):
            found = self._setter().problems(self.release_of(store, case.release), letter.id, data)
            here = [one for one in found if _is_asked(one.pointer, asked)]
            if here:
                raise Invalid("form_problems", problems=here, count=len(here))

    def _foreseen(self, store: Store, case: Case, act: Act) -> Iterator[tuple[Letter, Data]]:
        release = self.release_of(store, case.release)
        if self.letters is None or act.place.element not in makers(release):
            return
        now = self.clock()
        moment = max(now, case.at)
        cause = Input(case.id, case.seq + 1, act.verb, now, moment, act.task, act.data)
        facts = self.facts_of(store, case.facts)
        for found in foresee(release, facts, case.state, cause, case.org):
            letter = self._letter(release, found.effect)
            if letter is not None:
                yield letter, self._given(store, case, letter, found)

    def print_now(self, store: Store, case: Case, letter_id: str, lang: Lang) -> Typeset:
        """A paper that no effect records, from the data as it is: a form to sign on, a check list.

        Raises NotFound (template_unknown).
        """
        release = self.release_of(store, case.release)
        letter = letters_of(release.files).get(letter_id)
        if letter is None or not letter.tasks:
            raise NotFound("template_unknown", letter=letter_id)
        effect = Effect("", Place(""), RECORD, {"title": letter.title["zh"]})
        seen = Foreseen(effect, read_state(case.state).data)
        data = self._given(store, case, letter, seen)
        made = self._setter().typeset(release, letter_id, data, lang)
        return (
            made if made.pdf else self._setter().typeset(release, letter_id, data, lang, draft=True)
        )

    # What goes in ------------------------------------------------------------------------------

    def _setter(self) -> Typesetter:
        if self.letters is None:
            raise Failed("typesetter_missing", permanent=True)
        return self.letters

    @staticmethod
    def _letter(release: Release, effect: Effect) -> Letter | None:
        return letters_of(release.files).get(str(effect.params.get("kind", "")))

    def _given(self, store: Store, case: Case, letter: Letter, found: Foreseen) -> Data:
        params = found.effect.params
        document = {"title": params.get("title"), "at": self.clock(), "data": params.get("data")}
        data = {**found.data, "document": document}
        seen = [look_up(data, pointer) for pointer in letter.fields]
        return {**data, "organ": organ_of(store, case.org), "names": names_in(store, seen)}


def organ_of(store: Store, org: str) -> Data:
    """{"name", "court"}: the organisation that issues, and the court it is part of if any."""
    here, name = org, ""
    for _ in range(MOST_PARENTS):
        try:
            organisation = store.organisation(here) if here else None
        except NotFound:
            organisation = None
        if organisation is None:
            break
        name = name or organisation.name
        if organisation.kind == "COURT":
            return {"name": name, "court": organisation.name}
        here = organisation.parent
    return {"name": name or org, "court": name or org}


def names_in(store: Store, tree: Any) -> dict[str, str]:
    """The names of the people and organisations whose ids stand somewhere in a value."""
    found = {}
    for text in sorted(set(_ids(tree))):
        for look in (store.organisation, store.person):
            try:
                found[text] = look(text).name
                break
            except NotFound:
                continue
    return found


def _ids(tree: Any) -> Iterator[str]:
    if isinstance(tree, Mapping):
        for value in tree.values():
            yield from _ids(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from _ids(value)
    elif isinstance(tree, str) and NAME.fullmatch(tree):
        yield tree


def _is_asked(pointer: str, asked: Mapping[str, Any]) -> bool:
    return any(f"{pointer}/".startswith(f"{one}/") for one in asked)
