"""What happened in cases, entry by entry, without what was written: no names of parties, no contents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.model import Entry, Payload
from engine.ports import Journal

LIFECYCLE: Mapping[str, str] = {
    "claim": "assign",
    "delegate": "reassign",
    "release": "ate_abort",
    "cancel": "pi_abort",
    "held": "suspend",
    "retry": "resume",
    "clock_paused": "suspend",
    "clock_resumed": "resume",
}
"""Journal verbs as transitions of the standard life cycle of XES; everything else is ``complete``."""
SILENT = frozenset({"clock_reminded"})
"""Notes in which nothing happened to the case."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One case: ids of its dossier and office, the dossier's number, and what happened, in order."""

    case: str
    dossier: str
    number: str
    procedure: str
    org: str
    started_at: datetime
    happenings: Iterable[Happening]


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry. ``activity``: the step or the act in words; ``element``, ``task``, ``role``,
    ``actor``, ``behalf`` ("" where there is none) and ``release`` are ids and codes; ``sender``: the
    case whose message was taken.
    """

    seq: int
    at: datetime
    verb: str
    activity: str
    lifecycle: str
    element: str
    task: str
    role: str
    actor: str
    behalf: str
    release: str
    sender: str


Say = Callable[[Entry], str]
"""What the step or the act of an entry is called."""


def traces(journal: Journal, cases: Iterable[Trace], say: Say) -> Iterator[Trace]:
    """The same cases, each with its happenings; they are read when they are asked for."""
    for case in cases:
        told = _happenings(journal, case.case, say)
        about = (case.case, case.dossier, case.number, case.procedure, case.org, case.started_at)
        yield Trace(*about, told)


def _happenings(journal: Journal, case_id: str, say: Say) -> Iterator[Happening]:
    for entry, payload in journal.entries(f"case:{case_id}"):
        if entry.verb not in SILENT:
            yield Happening(
                seq=entry.seq,
                at=entry.at,
                verb=entry.verb,
                activity=say(entry),
                lifecycle=LIFECYCLE.get(entry.verb, "complete"),
                element=entry.element,
                task=str(entry.place.get("task") or ""),
                role=entry.role,
                actor=entry.actor,
                behalf=entry.on_behalf,
                release=entry.release,
                sender=_sender(entry, payload),
            )


def _sender(entry: Entry, payload: Payload | None) -> str:
    """Ids of messages between cases begin with their sender's (conventions 5)."""
    if entry.verb not in ("message", "start") or payload is None:
        return ""
    sender, mark, _ = str(payload.data.get("id") or "").partition(":")
    return sender if mark else ""
