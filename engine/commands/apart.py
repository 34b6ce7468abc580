"""Who may not act in a dossier: what deeds bar is refused here, and people step aside or are told to."""

from __future__ import annotations

from collections.abc import Sequence

from uuid6 import uuid7

from engine.access import barred, fitting, may_recuse, reopened
from engine.diagram import read_diagram
from engine.errors import Conflict, EngineError, Invalid, NotAllowed, NotFound
from engine.model import (
    DRAWN,
    RECUSED,
    Actor,
    Bar,
    Bilingual,
    Case,
    Claimed,
    Grant,
    OpenTask,
    Release,
)
from engine.ports import Store

from .desk import Act, Desk

GROUNDS = ("PARTY_OR_RELATIVE", "INTEREST", "ADVISED", "OTHER_TIE")
"""Why somebody steps aside (rules 3.2, 5.1; S1-47)."""


class ApartVerbs(Desk):
    def permitted(self, store: Store, actor: Actor, claimed: Claimed) -> Grant:
        """The grant under which the actor may do an open task, for every way of touching it.

        NotAllowed: not_candidate; barred_* naming who did what and when, and the article.
        """
        case, task = store.case(claimed.case), claimed.task
        bars = store.bars(case.dossier) if claimed.guarded else ()
        task = reopened(bars, task)
        refused: EngineError | None = None
        for grant in fitting(actor, task):
            bar = barred(bars, (actor.person, grant.on_behalf), (case, task))
            if bar is None:
                return grant
            refused = self._refusal(store, bar, (case, task))
        raise refused or NotAllowed("not_candidate")

    def _refusal(self, store: Store, bar: Bar, of: tuple[Case, OpenTask]) -> NotAllowed:
        case, task = of
        name = self._name(store, bar.person)
        if bar.rule == RECUSED:
            return NotAllowed("barred_recused", name=name, at=bar.made_at, reason=bar.reason)
        release = self.release_of(store, case.release)
        told = {
            "name": name,
            "at": bar.made_at,
            "did": step_name(self.release_of(store, bar.release), bar.cause),
            "task": step_name(release, task.place.element),
        }
        if bar.rule == DRAWN:
            return NotAllowed("barred_drawn", **told)
        row = self.facts_of(store, case.facts).registers.get("duties", {}).get(bar.rule, {})
        words = {lang: str(row.get(lang, bar.rule)) for lang in ("zh", "en")}
        return NotAllowed("barred_rule", **told, rule=words, basis=row.get("basis") or "-")

    @staticmethod
    def _name(store: Store, person_id: str) -> str:
        try:
            return store.person(person_id).name
        except NotFound:
            return person_id

    # Recusal ---------------------------------------------------------------------------------

    def recuse(
        self, actor: Actor, dossier_id: str, person_id: str, ground: str, reason: str
    ) -> Bar:
        """Somebody steps aside from a dossier: declared by themselves, or decided by a supervisor.

        Their claims in it are released with a note, tasks named to them are offered to their role.
        NotAllowed (may_not_recuse), Invalid (choose_ground, say_why), Conflict (already_recused).
        """
        if person_id != actor.person and not may_recuse(actor):
            raise NotAllowed("may_not_recuse")
        if ground not in GROUNDS:
            raise Invalid("choose_ground")
        if not reason.strip():
            raise Invalid("say_why")
        return self._again(lambda: self._recuse(actor, dossier_id, person_id, (ground, reason)))

    def _recuse(self, actor: Actor, dossier_id: str, person_id: str, why: tuple[str, str]) -> Bar:
        ground, reason = why
        with self._open() as store:
            store.dossier(dossier_id)
            name = store.person(person_id).name
            if _recusal(store.bars(dossier_id), person_id):
                raise Conflict("already_recused", name=name)
            bar = Bar(
                id=str(uuid7()),
                dossier=dossier_id,
                person=person_id,
                rule=RECUSED,
                made_by=actor.person,
                made_at=self.clock(),
                cause=ground,
                reason=reason.strip(),
            )
            store.add_bars([bar])
            data = {"person": person_id, "ground": ground}
            self._record(
                store, f"dossier:{dossier_id}", Act("recuse", actor, data=data, reason=bar.reason)
            )
            for held in store.held_in(dossier_id, person_id):
                self._take_away(store, actor, held, bar.reason)
            store.unname(dossier_id, person_id)
        return bar

    def _take_away(self, store: Store, actor: Actor, held: Claimed, reason: str) -> None:
        case, data = store.case(held.case), {"recused": held.holder}
        act = Act("release", actor, None, held.task.id, held.task.place, data, reason)
        self._note(store, case, act)
        store.hold_task(held.task.id, "", None)

    def end_recusal(self, actor: Actor, dossier_id: str, bar_id: str, reason: str) -> None:
        """Somebody may act in the dossier again; decided by a supervisor who is not that person."""
        if not reason.strip():
            raise Invalid("say_why")
        with self._open() as store:
            bar = next((one for one in store.bars(dossier_id) if one.id == bar_id), None)
            if bar is None or bar.rule != RECUSED:
                raise NotFound("no_recusal")
            if bar.person == actor.person or not may_recuse(actor):
                raise NotAllowed("may_not_recuse")
            store.end_bar(bar_id, self.clock(), reason.strip())
            act = Act("recusal_ended", actor, data={"person": bar.person}, reason=reason.strip())
            self._record(store, f"dossier:{dossier_id}", act)


def _recusal(bars: Sequence[Bar], person_id: str) -> bool:
    return any(
        bar.rule == RECUSED and bar.person == person_id and bar.ended_at is None for bar in bars
    )


def step_name(release: Release, element: str) -> Bilingual:
    """What an element of a release is called; of a procedure that it calls too."""
    for name in sorted(release.files):
        if name.endswith("process.bpmn"):
            node = read_diagram(release.files[name]).nodes.get(element)
            if node:
                return node.name
    return {"zh": "发起", "en": "beginning the case"}
