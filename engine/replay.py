"""Tell a case again from its journal, and say where it differs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from .errors import EngineError
from .journal import Break, verify
from .model import Entry, Facts, Input, Outcome, Payload, Place, Release, RunningClock
from .spiff import advance, move
from .values import canonical

Chain = Iterable[tuple[Entry, Payload | None]]
UNSOUND = frozenset({"release_missing", "release_altered", "facts_missing", "facts_altered"})
"""What a reader of releases and facts may say of them: the first thing that differs."""

LAWFUL = frozenset({"not_replayable", "file_destroyed"})
"""What is said of something destroyed under a certificate: nothing is wrong with it."""


def observable(outcome: Outcome) -> dict[str, Any]:
    """What of an outcome is promised for ever (conventions 1), as FEEL data: no engine internals."""
    return {
        "trace": [[passed.what, *_where(passed.place), passed.detail] for passed in outcome.trace],
        "tasks": [
            [task.id, *_where(task.place), task.role, task.org, task.person, task.local]
            for task in outcome.tasks
        ],
        "effects": [
            [effect.id, *_where(effect.place), effect.operation, effect.params]
            for effect in outcome.effects
        ],
        "messages": [[m.kind, m.name, m.key, m.payload] for m in outcome.messages],
        "clocks": [_clock(clock) for clock in outcome.clocks],
        "data": outcome.data,
        "ended": outcome.ended,
    }


def _where(place: Place) -> list[Any]:
    return [place.element, place.scope, place.item, place.occurrence]


def _clock(clock: RunningClock) -> list[Any]:
    pauses = [list(pause) for pause in clock.pauses]
    until = [clock.extended_to, clock.ended_at, clock.provisional]
    return [clock.rule, *_where(clock.place), clock.started_at, clock.due, pauses, *until]


def state_digest(salt: str, outcome: Outcome) -> str:
    """SHA-256 over the salt and the canonical observable outcome, hex."""
    return hashlib.sha256(salt.encode() + canonical(observable(outcome))).hexdigest()


def input_of(entry: Entry, payload: Payload) -> Input:
    """The input that an entry of a case's stream recorded."""
    return Input(
        case=entry.stream.removeprefix("case:"),
        seq=entry.seq,
        verb=entry.verb,
        received_at=entry.received_at,
        at=entry.at,
        task=entry.place.get("task", ""),
        data=payload.data,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One entry told again; ``outcome`` is None for notes, ``fault`` the code of what differs."""

    entry: Entry
    payload: Payload
    outcome: Outcome | None
    fault: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying a case gave: entries read, inputs replayed, and the first things that differ."""

    case: str
    entries: int
    replayed: int
    breaks: tuple[Break, ...]
    params: dict[str, Any]

    @property
    def same(self) -> bool:
        """The chain holds and every replayed input gave the recorded outcome."""
        return not [b for b in self.breaks if b.code not in LAWFUL]


ReadRelease = Callable[[str], Release]
ReadFacts = Callable[[str], Facts]


def play_again(
    entry: Entry, payload: Payload, state: bytes | None, read: tuple[ReadRelease, ReadFacts]
) -> Outcome:
    """What a recorded input comes to on the state before it, by the step that recorded it."""
    release, facts = read
    cause = input_of(entry, payload)
    if entry.verb == "move" and state is not None:
        before = release(str(payload.data["from"]))
        both = (before, release(entry.release))
        return move(both, facts(entry.facts), state, cause, entry.step)
    return advance(release(entry.release), facts(entry.facts), state, cause, entry.step)


def replay(chain: Chain, release: ReadRelease, facts: ReadFacts) -> Iterator[Told]:
    """Each entry with the outcome the step gives for it today; stops at the first difference.

    Effects are never performed: their results are inputs. An erased payload ends the telling with
    ``not_replayable``.
    """
    release, facts = cache(release), cache(facts)
    state: bytes | None = None
    for entry, payload in chain:
        if payload is None or payload.certificate:
            yield Told(entry, payload or Payload("", {}), None, "not_replayable")
            return
        if entry.kind == "note":
            yield Told(entry, payload, None)
            continue
        try:
            outcome = play_again(entry, payload, state, (release, facts))
        except EngineError as refused:
            fault = refused.code if refused.code in UNSOUND else "replay_refused"
            yield Told(entry, payload, None, fault, str(refused))
            return
        same = outcome.incident is None and state_digest(payload.salt, outcome) == entry.state
        yield Told(entry, payload, outcome, "" if same else "state_differs")
        if not same:
            return
        state = outcome.state


def judge(
    chain: list[tuple[Entry, Payload | None]],
    release: ReadRelease,
    facts: ReadFacts,
    stored: bytes | None = None,
) -> Verdict:
    """Verify a case's chain, replay it, and compare the last state with the one kept in the store."""
    breaks = list(verify(chain))
    params: dict[str, Any] = {}
    last: Told | None = None
    replayed = 0
    state: bytes | None = None
    for last in replay(chain, release, facts):
        replayed += last.outcome is not None
        state = last.outcome.state if last.outcome else state
    if last and last.fault:
        breaks.append(Break(last.entry.stream, last.entry.seq, last.fault))
        params = {"certificate": last.payload.certificate, "reason": last.reason}
    elif stored is not None and last and stored != state:
        breaks.append(Break(last.entry.stream, last.entry.seq, "stored_state_differs"))
    case = chain[0][0].stream.removeprefix("case:") if chain else ""
    return Verdict(case, len(chain), replayed, tuple(breaks), params)
