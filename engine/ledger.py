"""The ledger of conflict resolution in detention (YN3.2c): one row per detention, told by its cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .feel import pointer_get
from .model import Data, RunningClock

COLUMNS = (
    *("ledger_no", "detainee", "court", "case_no", "decision_no", "ground", "days"),
    *("in_at", "out_at", "focus", "grade", "owner", "first_talk_at", "first_talk_on_time"),
    *("talks", "court_talks", "sessions", "counselling", "participants", "agreement"),
    *("amount_due", "amount_paid", "amount_planned", "result", "early_release", "early_at"),
    *("stopped", "incidents", "recordings", "file_no", "follow_ups"),
    *("entered_by", "entered_at", "corrections"),
)
"""Its columns in order (rules 8.4)."""
PROCEDURES = ("detention_intake", "detention_mediation", "detention_exit")
"""The procedures that make a dossier one of the ledger."""
TALKS = ("first_talk", "hold_talk")


@dataclass(frozen=True, slots=True)
class Done:
    """A task that was completed, or data that was corrected: where, when, by whom, with what."""

    verb: str
    element: str
    at: datetime
    by: str
    values: Data


@dataclass(frozen=True, slots=True)
class Told:
    """One case of a detention as the ledger reads it."""

    procedure: str
    data: Data
    clocks: Sequence[RunningClock] = ()
    done: Sequence[Done] = field(default=())


def ledger_row(number: str, cases: Sequence[Told]) -> Mapping[str, Any]:
    """The columns of one detention as FEEL values; None where nothing is known yet."""
    said = _Said(cases)
    exit_reason = said("/exit/reason")
    out_at = said("/release/released_at")
    row = {
        "ledger_no": number,
        "detainee": said("/detention/detainee/name", "/detention/person/name"),
        "court": said("/detention/court") or said.court(),
        "case_no": said("/detention/case_no"),
        "decision_no": said("/detention/decision", "/detention/numbering/number"),
        "ground": said("/detention/ground"),
        "days": said("/detention/days"),
        "in_at": said("/detention/admitted_at", "/admission/at"),
        "out_at": out_at,
        "focus": said("/detention/focus", "/handover/focus"),
        "grade": said("/conflict/grade/level", "/conflict/grade"),
        "owner": said("/team/owner"),
        "early_release": exit_reason == "EARLY" if out_at else None,
        "early_at": out_at if exit_reason == "EARLY" else None,
        "stopped": out_at if exit_reason == "STOP" else None,
        "incidents": sum(case.procedure == "incident" for case in cases),
    }
    row |= _talks(said) | _settlement(said) | _follow_up(said) | _entry(said)
    return {column: row[column] for column in COLUMNS}


def _talks(said: _Said) -> dict[str, Any]:
    talks = [one.at for one in said.done(*TALKS)]
    logged = [row for row in said("/activity/log") or () if row.get("kind") == "TALK"]
    at = said("/first_talk/at")
    return {
        "first_talk_at": at,
        "first_talk_on_time": _on_time(at, said.clock("first_talk")),
        "talks": len(talks) + len(logged),
        "court_talks": said.moments("court_talk", "/court_talk/at"),
        "sessions": len(said.done("hold_mediation")),
        "counselling": said.moments("counsel_person", "/counselling/at"),
        "participants": said.participants(),
        "recordings": said.recordings(),
    }


def _settlement(said: _Said) -> dict[str, Any]:
    return {
        "agreement": said("/settlement/record/number"),
        "amount_due": said("/detention/amount", "/handover/amount"),
        "amount_paid": said("/closing/paid", "/settlement/paid"),
        "amount_planned": said("/closing/planned"),
        "result": said("/closing/result", "/mediation/result"),
        "file_no": said("/closing/file_no"),
    }


def _follow_up(said: _Said) -> dict[str, Any]:
    visits = [
        {"at": one.values.get("/visit/at"), "state": one.values.get("/visit/state")}
        for one in said.done("visit_person")
    ]
    return {"follow_ups": visits}


def _entry(said: _Said) -> dict[str, Any]:
    latest = max(said.every("complete"), key=lambda one: one.at, default=None)
    return {
        "entered_by": said("/closing/entered_by") or (latest.by if latest else None),
        "entered_at": latest.at if latest else None,
        "corrections": [{"at": one.at, "by": one.by} for one in said.every("correct")],
    }


def _on_time(at: Any, clock: RunningClock | None) -> bool | None:
    """Due means <= (rule first_talk); None before the talk or where no clock tells."""
    if not isinstance(at, datetime) or clock is None:
        return None
    return at <= clock.due


class _Said:
    """What the cases say: the later a procedure stands in a detention, the more it knows."""

    def __init__(self, cases: Sequence[Told]) -> None:
        self.cases = sorted(cases, key=_rank)

    def __call__(self, *pointers: str) -> Any:
        """The first value that any case has at any of the pointers."""
        for pointer in pointers:
            for case in self.cases:
                value = pointer_get(case.data, pointer)
                if value is not None:
                    return value
        return None

    def court(self) -> Any:
        """The court of a detention that is being prepared is the one that runs its case."""
        intake = [case for case in self.cases if case.procedure == "detention_intake"]
        return pointer_get(intake[0].data, "/case/org") if intake else None

    def clock(self, rule: str) -> RunningClock | None:
        found = [clock for case in self.cases for clock in case.clocks if clock.rule == rule]
        return found[-1] if found else None

    def every(self, verb: str) -> list[Done]:
        found = (one for case in self.cases for one in case.done if one.verb == verb)
        return sorted(found, key=lambda one: one.at)

    def done(self, *elements: str) -> list[Done]:
        return [one for one in self.every("complete") if one.element in elements]

    def moments(self, element: str, pointer: str) -> list[Any]:
        return [at for one in self.done(element) if (at := one.values.get(pointer))]

    def participants(self) -> list[str]:
        rows = (row for one in self.done("hold_mediation") for row in _rows(one.values))
        return list(dict.fromkeys(str(row.get("name")) for row in rows))

    def recordings(self) -> list[str]:
        return list(dict.fromkeys(_recordings(self.every("complete"))))


def _rows(values: Data) -> Iterable[Mapping[str, Any]]:
    return values.get("/mediation/participants") or ()


def _recordings(done: Iterable[Done]) -> Iterator[str]:
    for one in done:
        for pointer, value in one.values.items():
            if pointer.endswith("recording") and value:
                yield str(value)
            if pointer == "/activity/log":
                yield from (str(row["recording"]) for row in value if row.get("recording"))


def _rank(case: Told) -> int:
    order = ("detention_mediation", "detention_exit", "detention_intake")
    return order.index(case.procedure) if case.procedure in order else len(order)
