"""What every verb needs: the store, the time, the cached releases, and the one way to move a case."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from uuid6 import uuid7

from engine.duties import Deed, following
from engine.errors import Conflict, Invalid, NotFound
from engine.forms import Form, Submitted, read_form, references
from engine.journal import link, place_data
from engine.model import (
    SYSTEM,
    Actor,
    Case,
    CaseStatus,
    Data,
    Entry,
    Facts,
    Grant,
    Held,
    Incident,
    Input,
    Outcome,
    Payload,
    Place,
    Problem,
    Release,
)
from engine.paperports import Typesetter
from engine.ports import Blobs, Clock, OpenStore, ServiceHandler, Store
from engine.replay import state_digest
from engine.sealports import SealProvider
from engine.spiff import STEP, State, advance

T = TypeVar("T")
NOTHING: Data = {}
RACES = 40
"""How often a verb is tried again when another one took its place in the journal."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done to a case: the verb, by whom under which grant, where, with what, why."""

    verb: str
    actor: Actor = SYSTEM
    grant: Grant | None = None
    task: str = ""
    place: Place = field(default_factory=lambda: Place(""))
    data: Data = field(default_factory=dict)
    reason: str = ""
    received_at: datetime | None = None


class Desk:
    """Holds what the verbs share; knows nothing of any procedure.

    ``letters`` sets documents; without it their data alone is kept. ``seals`` seals them.
    """

    letters: Typesetter | None = None
    seals: SealProvider | None = None

    def __init__(
        self,
        open_store: OpenStore,
        clock: Clock,
        handlers: Mapping[str, ServiceHandler],
        blobs: Blobs,
    ) -> None:
        self._open = open_store
        self.clock = clock
        self._handlers = handlers
        self.blobs = blobs
        self._releases: dict[str, Release] = {}
        self._facts: dict[str, Facts] = {}
        self._forms: dict[tuple[str, str], Form] = {}

    # Cached, immutable things --------------------------------------------------------------

    def release_of(self, store: Store, digest: str) -> Release:
        """A release by digest; releases never change, so each is read once."""
        if digest not in self._releases:
            self._releases[digest] = store.release(digest)
        return self._releases[digest]

    def facts_of(self, store: Store, digest: str) -> Facts:
        """Facts by digest, each read once."""
        if digest not in self._facts:
            self._facts[digest] = store.facts(digest)
        return self._facts[digest]

    def form(self, release: Release, element: str) -> Form:
        """The form of a user task (or ``start``) in a release, of called procedures too."""
        key = (release.digest, element)
        if key not in self._forms:
            name = f"forms/{element}.json"
            paths = [p for p in release.files if p == name or p.endswith("/" + name)]
            if not paths:
                raise NotFound("no_form", element=element)
            types = release.files.get("shared/types.json", b"{}")
            self._forms[key] = read_form(release.files[min(paths, key=len)], types)
        return self._forms[key]

    @staticmethod
    def refuse_strangers(store: Store, form: Form, filled: Submitted) -> Submitted:
        """Persons and organisations that a form names exist; else Invalid at their fields."""
        wrong = [
            Problem(pointer, f"form_format_{kind}")
            for pointer, kind, name in references(form, filled.values)
            if not _exists(store, kind, name)
        ]
        if wrong:
            raise Invalid("form_problems", problems=wrong, count=len(wrong))
        return filled

    # Moving a case -------------------------------------------------------------------------

    def _again(self, verb: Callable[[], T]) -> T:
        """Run a verb; when another one was faster on the same journal, reload and run it again."""
        for _ in range(RACES):
            try:
                return verb()
            except Conflict as race:
                if race.code != "lost_race":
                    raise
        raise Conflict("too_busy")

    def _move(
        self, store: Store, case: Case, act: Act, state: State | None = None
    ) -> tuple[Case, Outcome]:
        """Play one input on a case and save all that follows; an incident holds the input instead.

        ``state``: what was read of the case's state already.
        """
        now = self.clock()
        received_at = act.received_at or now
        moment = max(now, case.at)
        cause = Input(case.id, case.seq + 1, act.verb, received_at, moment, act.task, act.data)
        release = self.release_of(store, case.release)
        facts = self.facts_of(store, case.facts)
        outcome = advance(release, facts, state or case.state or None, cause)
        if outcome.incident:
            return self._hold(store, case, act, cause, outcome.incident), outcome
        salt = secrets.token_hex(16)
        entry = self._entry(case, act, cause, state_digest(salt, outcome))
        content = Payload(salt, act.data, act.reason, act.actor.address)
        status: CaseStatus = "ended" if outcome.ended else "open"
        told = {"state": outcome.state, "status": status, "step": STEP}
        moved = self._append(store, case, entry, content, told)
        if case.seq < 0:
            store.add_case(moved, outcome)
        else:
            store.save_case(moved, outcome)
        if act.verb in ("start", "complete"):
            self._keep_apart(store, moved, act, (release, facts))
        return moved, outcome

    @staticmethod
    def _keep_apart(store: Store, case: Case, act: Act, of: tuple[Release, Facts]) -> None:
        """Whoever did this, and in whose place, may not do what has to be done by somebody else."""
        role, absent = (act.grant.role, act.grant.on_behalf) if act.grant else ("", "")
        people = sorted({act.actor.person, absent} - {"", SYSTEM.person})
        deeds = [Deed(person, role, act.place.element) for person in people]
        bars = [bar for deed in deeds for bar in following(deed, case, *of)]
        if bars:
            store.add_bars(bars)

    def _hold(self, store: Store, case: Case, act: Act, cause: Input, why: Incident) -> Case:
        """Keep an input that could not be played: chained as a note, open as an incident."""
        act = replace(act, verb="held")
        noted = self._append(
            store,
            case,
            self._entry(case, act, cause, "", kind="note"),
            Payload(
                secrets.token_hex(16),
                {"verb": cause.verb, "data": cause.data},
                act.reason,
                act.actor.address,
            ),
        )
        held = replace(noted, status="held")
        store.touch_case(held)
        store.open_incident(Held(str(uuid7()), case.id, why, cause.at, cause, act.actor.person))
        return held

    def _note(self, store: Store, case: Case, act: Act) -> Case:
        """Chain something that does not move the case: a claim, a reminder, a reading."""
        noted = self._noted(store, case, act)
        store.touch_case(noted)
        return noted

    def _noted(self, store: Store, case: Case, act: Act) -> Case:
        """The same where the case moves in the same transaction, which saves it."""
        now = self.clock()
        cause = Input(case.id, case.seq + 1, act.verb, now, max(now, case.at), act.task)
        entry = self._entry(case, act, cause, "", kind="note")
        content = Payload(secrets.token_hex(16), act.data, act.reason, act.actor.address)
        return self._append(store, case, entry, content)

    @staticmethod
    def _append(
        store: Store, case: Case, entry: Entry, payload: Payload, moved: Data = NOTHING
    ) -> Case:
        """The case one entry on, with what else has ``moved`` in it."""
        linked = link(entry, payload, case if case.seq >= 0 else None)
        store.append(linked, payload)
        return replace(case, seq=linked.seq, leaf=linked.leaf, at=linked.at, **moved)

    def _entry(self, case: Case, act: Act, cause: Input, state: str, kind: str = "input") -> Entry:
        place = act.place
        return Entry(
            stream=f"case:{case.id}",
            seq=cause.seq,
            kind="note" if kind == "note" else "input",
            verb=act.verb,
            actor=act.actor.person,
            on_behalf=act.actor.on_behalf,
            role=act.grant.role if act.grant else "",
            received_at=cause.received_at,
            at=cause.at,
            element=place.element,
            place=place_data(place.scope, place.item, place.occurrence, act.task),
            step=STEP,
            release=case.release,
            facts=case.facts,
            payload="",
            state=state,
            previous="",
        )

    def _record(self, store: Store, stream: str, act: Act) -> Entry:
        """Chain an entry on a stream that is not a case: a person, a setting, a dossier, a release."""
        now = self.clock()
        head = store.head(stream)
        payload = Payload(secrets.token_hex(16), act.data, act.reason, act.actor.address)
        bare = Case("", "", "", "", "", "", now, -1, "", now, "open", b"", STEP)
        cause = Input("", 0, act.verb, now, now)
        entry = replace(self._entry(bare, act, cause, "", kind="note"), stream=stream)
        linked = link(entry, payload, head)
        store.append(linked, payload)
        return linked


def _exists(store: Store, kind: str, name: str) -> bool:
    try:
        store.person(name) if kind == "person" else store.organisation(name)
    except NotFound:
        return False
    return True
