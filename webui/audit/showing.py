"""What the page says of one entry: the form as it was seen, what changed, decided, was made and sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from markupsafe import Markup

from engine.errors import EngineError, NotFound
from engine.facts import for_case
from engine.feel import FeelError, pointer_set
from engine.figures.periods import OF_PERIODS
from engine.forms import Form, filled
from engine.model import Facts, Message, Release
from engine.registers import FACTS, as_fact, read_by
from engine.workdays import local_day
from storage import queries
from webui.auth import actor
from webui.citing import Cited, cite_on
from webui.clockcards import ClockCard, cards_under
from webui.corrections import Change
from webui.display import due_moment
from webui.dossiers.documents import documents_shown
from webui.errors import refusal
from webui.forms import Picker, View, render
from webui.inbox.showing import pickers
from webui.procedures import Drawn, drawn
from webui.product import product, reading
from webui.registers import cited, rule_name
from webui.words import pick, t

from .decided import Ruling, rulings
from .handed import handed_fields
from .places import Atlas, Marks
from .telling import Moment, changes, clocks_moved, local_of
from .wording import Wording

ASKING = frozenset({"complete", "start"})
REPAIRS = frozenset({"relocate", "cancel", "move"})


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that an entry threw, or the one it took: name, what it carried, the case at its other end."""

    name: str
    carried: Sequence[tuple[str, str]]
    other: str = ""
    handed: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry in words, for the page and for the text version alike."""

    row: queries.EntryRow
    moment: Moment
    marks: Marks
    step: str
    purpose: str
    basis: Sequence[Cited]
    form: Markup | None = None
    outcome: str = ""
    changes: Sequence[Change] = ()
    rulings: Sequence[Ruling] = ()
    moved: Sequence[ClockCard] = ()
    running: Sequence[ClockCard] = ()
    documents: Sequence[Any] = ()
    sent: Sequence[Sent] = ()
    waiting: Sequence[str] = ()
    proposed: str = ""
    stop: str = ""
    fault: str = ""
    period: str = ""

    @property
    def waited(self) -> timedelta:
        return timedelta(seconds=self.moment.waited)

    @property
    def is_repair(self) -> bool:
        """Somebody put the case elsewhere than its course would."""
        return self.row.verb in REPAIRS and self.moment.moved

    @property
    def held_for(self) -> timedelta | None:
        """How long its doer had it in hand, None where nobody had claimed it."""
        taken = self.moment.taken_at
        return self.row.at - taken if taken else None


@dataclass
class Showing:
    """Says the entries of one case one after another; what they share is read once."""

    case: queries.CaseRow
    drawn: Drawn
    reader: queries.Viewer
    revealed: bool = False
    _pickers: dict[str, Picker] | None = None

    def __post_init__(self) -> None:
        db = reading()
        self.atlas = Atlas(self.drawn.release)
        self._atlases = {self.drawn.release.digest: self.atlas}
        found = queries.recent_entries(db, [f"case:{self.case.id}"], self.case.seq + 1)
        self.rows = {row.seq: row for row in reversed(found)}
        self.documents = {one.id: one for one in documents_shown(self.case.dossier, self.case.id)}
        self.carried = {one.id: one for one in queries.carried(db, [self.case.id])}
        self.stops = {one.opened_at: one for one in queries.stops(db, self.case.id)}
        names = {one.id: one.name for one in queries.party_rows(db, self.case.dossier)}
        handed = handed_fields(self.drawn, self.case.id, self.carried.values(), self.reader)
        self.wording = Wording(self.drawn, names, self.revealed, handed)

    def show(self, moment: Moment) -> Shown:
        """One entry in words."""
        entry, told = moment.told.entry, moment.told
        row = self.rows[entry.seq]
        scope = entry.place.get("scope", "")
        atlas = self._atlas(entry.release)
        node = atlas.node(entry.element, scope) if entry.element else None
        cards = self._cards(moment) if moment.moved else ((), ())
        form, outcome = self._form(moment)
        decided = rulings(moment, atlas, self.wording.hidden, self.wording.fields)
        for one in decided:
            self.wording.labels |= one.labels
            self.wording.codes |= one.words
        return Shown(
            row=row,
            moment=moment,
            marks=self.atlas.only(atlas.marks(moment)),
            step=atlas.name(entry.element, entry.place) if entry.element else "",
            purpose=pick(node.purpose) if node else "",
            basis=[cite_on(ref, entry.at) for ref in node.basis] if node else [],
            form=form,
            outcome=outcome,
            changes=self.wording.changes(changes(moment, self.wording.fields)),
            rulings=decided,
            moved=cards[0],
            running=cards[1],
            documents=list(self._documents(told.payload.data.get("result"))),
            sent=[*self._taken(moment), *self._sent(moment)],
            waiting=self._waiting(moment, atlas),
            proposed=self.wording.said(_proposer(told.payload.data)),
            stop=self._stop(row),
            fault=self._fault(moment),
            period=_period(told.payload.data) if entry.verb.startswith(OF_PERIODS) else "",
        )

    def _atlas(self, release: str) -> Atlas:
        """The drawings that an entry ran on: before a case was moved, another release's."""
        if release not in self._atlases:
            self._atlases[release] = Atlas(drawn(release).release)
        return self._atlases[release]

    # The form ---------------------------------------------------------------------------------

    def _form(self, moment: Moment) -> tuple[Markup | None, str]:
        """The form over the data of that moment with what was entered, and the way out that was taken."""
        told = moment.told
        if not moment.moved or told.entry.verb not in ASKING:
            return None, ""
        element = told.entry.element if told.entry.verb == "complete" else "start"
        try:
            form = product().engine.form(self._release, element)
        except NotFound:
            return None, ""
        context = self._context(moment, form)
        for pointer, value in (told.payload.data.get("values") or {}).items():
            _lay(context, pointer, value)
        raw = filled(form, context, told.entry.at)
        chosen = told.payload.data.get("outcome") or ""
        outcome = next((pick(one.label) for one in form.outcomes if one.id == chosen), chosen)
        return render(form, raw, (), self._view(moment, context, form)), outcome

    def _context(self, moment: Moment, form: Form) -> dict[str, Any]:
        """What the form saw: the case's data then, settings and registers of that day, its own item."""
        data = moment.before.data if moment.before else {}
        day = local_day(moment.told.entry.at)
        store = product().looking()
        settings = for_case(self._facts(moment), data.get("case"), day).settings
        held = {one: list(map(as_fact, store.records_on(one, day))) for one in read_by(form)}
        rosters = {FACTS: held} if held else {}
        return {**_copied(data), "settings": settings, **rosters, **_copied(local_of(moment))}

    def _view(self, moment: Moment, context: Mapping[str, Any], form: Form) -> View:
        if self._pickers is None and any(one.widget == "picker" for one in form.sequence):
            self._pickers = pickers()
        files = f"/dossiers/{self.case.dossier}/files/"
        return View(
            context,
            moment.told.entry.at,
            readonly=True,
            pickers=self._pickers or {},
            basis=partial(cited, on=local_day(moment.told.entry.at)),
            file_href=lambda one: files + str(one.get("digest", "")),
            roles=actor().roles if self.revealed else frozenset(),
        )

    # Periods, papers, messages -------------------------------------------------------------------

    def _cards(self, moment: Moment) -> tuple[Sequence[ClockCard], Sequence[ClockCard]]:
        """The periods that moved here, and the others that ran then; explained as they stood."""
        if moment.after is None or not moment.after.clocks:
            return (), ()
        moved = clocks_moved(moment)
        rest = tuple(c for c in moment.after.clocks if c not in moved and c.ended_at is None)
        of = (self._facts(moment), moment.after.data.get("case"), self._release)
        return cards_under(moved, *of), cards_under(rest, *of)

    @property
    def _release(self) -> Release:
        return self.drawn.release

    def _facts(self, moment: Moment) -> Facts:
        return product().engine.facts_of(product().looking(), moment.told.entry.facts)

    def _documents(self, result: Any) -> Iterator[Any]:
        if isinstance(result, Mapping) and result.get("id") in self.documents:
            yield self.documents[result["id"]]

    def _sent(self, moment: Moment) -> Iterator[Sent]:
        thrown = moment.told.outcome.messages if moment.told.outcome else ()
        for n, message in enumerate(thrown):
            kept = self.carried.get(f"{self.case.id}:{moment.told.entry.seq}:{n}")
            yield Sent(
                message.name,
                self.wording.carried(message.payload, self._texts(message)),
                kept.receiver if kept else "",
                bool(kept and kept.handed),
            )

    def _taken(self, moment: Moment) -> Iterator[Sent]:
        """The message that this entry took, or with which the case began."""
        told = moment.told
        if told.entry.verb not in ("message", "signal", "start"):
            return
        known = str(told.payload.data.get("id", ""))
        first = next((c for c in self.carried.values() if c.receiver == self.case.id), None)
        kept = first if told.entry.verb == "start" else self.carried.get(known)
        if kept and (told.entry.verb != "start" or "payload" in told.payload.data):
            yield Sent(str(t("watch.took", name=kept.name)), (), kept.sender)

    def _texts(self, message: Message) -> Mapping[str, str]:
        """The FEEL with which the drawing computes what a message carries."""
        found = (m for d in self.atlas.drawings.values() for m in d.messages.values())
        return next((m.payload for m in found if m.name == message.name), {})

    @staticmethod
    def _waiting(moment: Moment, atlas: Atlas) -> list[str]:
        """What the case waits for after this entry, by name."""
        tasks = moment.after.tasks if moment.after else ()
        names = (atlas.name(one.place.element, {"scope": one.place.scope}) for one in tasks)
        return list(dict.fromkeys(names))

    # What went wrong -----------------------------------------------------------------------------

    def _stop(self, row: queries.EntryRow) -> str:
        data = row.data or {}
        if row.verb == "effect_failed":
            return str(data.get("reason", ""))
        found = self.stops.get(row.at) if row.verb == "held" else None
        return refusal(EngineError(found.code, **found.params)) if found else ""

    def _fault(self, moment: Moment) -> str:
        told = moment.told
        if not told.fault:
            return ""
        params = {"certificate": told.payload.certificate, "reason": told.reason, "digest": ""}
        return refusal(EngineError(told.fault, seq=told.entry.seq, **params))


def _period(data: Mapping[str, Any]) -> str:
    """Of which period an entry speaks, and until when that ran."""
    name, due = rule_name(str(data.get("rule", ""))), data.get("due")
    ends = t("watch.ends", day=due_moment(due)) if isinstance(due, datetime) else ""
    return f"{name} {ends}".strip()


def _proposer(data: Mapping[str, Any]) -> str:
    """Who asked for a repair that a second person did, "" for anything else."""
    proposed = data.get("proposed")
    return str(proposed["by"]) if isinstance(proposed, Mapping) else ""


def _copied(data: Any) -> Any:
    """A copy of the ways into the data, so that laying values in leaves the case's own alone."""
    return {key: _copied(one) for key, one in data.items()} if isinstance(data, dict) else data


def _lay(context: dict[str, Any], pointer: str, value: Any) -> None:
    """Put a value where the form had it; nowhere, when the way is barred by a list or a value."""
    try:
        pointer_set(context, pointer, value)
    except FeelError:
        return
