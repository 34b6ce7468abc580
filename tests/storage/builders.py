"""Small cases, outcomes and entries for the stores to keep."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from engine.journal import link
from engine.model import (
    Case,
    Dossier,
    Effect,
    Entry,
    Message,
    OpenTask,
    Outcome,
    Payload,
    Place,
    RunningClock,
    Subscription,
    Timer,
)
from engine.model.retained import Certificate, Destruction
from storage.tables import certificates

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Ticking:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def on(self, **length: float) -> datetime:
        self.at += timedelta(**length)
        return self.at


def outcome(**parts) -> Outcome:
    names = ("tasks", "effects", "messages", "subscriptions", "timers", "clocks", "trace")
    first = parts.get("clocks", ())[:1]
    parts = {"dues": {one.id: first[0] for one in parts.get("tasks", ()) if first}} | parts
    return Outcome(
        state=parts.pop("state", b"state"),
        data={},
        ended=parts.pop("ended", False),
        **(dict.fromkeys(names, ()) | parts),
    )


def task(id: str = "t1", element: str = "register", **rest) -> OpenTask:
    return OpenTask(id, Place(element), rest.pop("role", "CLERK"), **rest)


def timer(id: str = "wait", due: datetime = START) -> Timer:
    return Timer(id, Place("reply_late"), due)


def effect(id: str = "e1", **params) -> Effect:
    return Effect(id, Place("give_number"), "numbers.next", params)


def heard(id: str = "s1", name: str = "risk", key: str = "", kind="message") -> Subscription:
    return Subscription(id, Place("risk_seen"), kind, name, key)


def thrown(name: str = "risk", key: str = "", kind="message", **payload) -> Message:
    return Message(kind, name, key, payload)


def clock_of(rule: str = "R1", element: str = "accept", days: float = 3) -> RunningClock:
    return RunningClock(rule, Place(element), START, START + timedelta(days=days))


def dossier(id: str = "d1", number: str = "J2026-1") -> Dossier:
    return Dossier(id, number, "dispute", "张三 / 李四", "court", START)


def begin(store, after: Outcome, id: str = "c1", in_dossier: str = "d1") -> Case:
    """A new case in a dossier of its own or one that is there."""
    if not any(True for _ in store.streams(f"dossier:{in_dossier}")):
        store.save_dossier(dossier(in_dossier, in_dossier))
        _chain(store, f"dossier:{in_dossier}", None)
    case = Case(
        id, in_dossier, "mediation", "r", "f", "court", START, -1, "", START, "open", b"", 1
    )
    return _move(store, case, after, "start", "", store.add_case)


def go_on(store, case: Case, after: Outcome, task: str = "", by: str = "zhang") -> Case:
    """The case after one more input."""
    return _move(store, case, after, "complete", task, store.save_case, by)


def _move(store, case, after, verb, task, save, by="zhang"):
    linked = _chain(store, f"case:{case.id}", case, verb, task, by)
    moved = replace(case, seq=linked.seq, leaf=linked.leaf, at=linked.at, state=after.state)
    moved = replace(moved, status="ended" if after.ended else "open")
    save(moved, after)
    return moved


def _chain(store, stream, case, verb="open", task="", by="zhang"):
    entry, payload = entry_of(stream, verb, task, by), Payload("00" * 16, {"values": {}})
    head = replace(entry, seq=case.seq, leaf=case.leaf) if case and case.seq >= 0 else None
    linked = link(entry, payload, head)
    store.append(linked, payload)
    return linked


def entry_of(stream: str, verb: str = "open", task: str = "", by: str = "zhang") -> Entry:
    place = {"scope": "", "item": None, "occurrence": 0, "task": task}
    return Entry(
        stream, 0, "input", verb, by, "", "CLERK", START, START, "register", place, 1, "r", "f",
        "", "", "",
    )  # fmt: skip


def certify(store, dossier: str, number: str = "XH2026-1") -> str:
    """A certificate in the journal, under which what the dossier holds may be erased."""
    for case_id in store.cases_in(dossier):
        store.touch_case(replace(store.case(case_id), status="ended"))
    stream = f"destruction:{number}"
    entry = _chain(store, stream, None, "destroy")
    store.save_destruction(Destruction(number, number, "approved", "zhang", START, "满期"))
    issued = Certificate(number, dossier, number, stream, entry.seq, START)
    store.connection.execute(sa.insert(certificates), asdict(issued))
    return number
