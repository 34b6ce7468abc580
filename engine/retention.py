"""How long a dossier is kept, and whether it may be destroyed on a day: with the rule, and why not. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from .clocks import compute
from .facts import localized
from .model import Bilingual, Facts, Organisation
from .model.retained import Filed
from .rules import Due, Rule
from .workdays import local_day

Class = Literal["permanent", "long", "short", "own"]
CLOSED: Bilingual = {"zh": "最后一个办件结束", "en": "last case ended"}
OVER = ("ended", "cancelled")


@dataclass(frozen=True, slots=True)
class Keeping:
    """A row of ``bpmn/shared/retention.toml``; ``rule`` None: for ever."""

    id: str
    name: Bilingual
    kind: Class
    rule: Rule | None
    basis: tuple[str, ...]
    certainty: str
    procedures: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    since: date = date.min
    until: date = date.max

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= self.until

    def covers(self, filed: Filed) -> bool:
        """Whether a dossier is a file of this class."""
        procedures = {case.procedure for case in filed.cases}
        return bool(self.procedures & procedures or self.documents & filed.documents)


Schedule = Sequence[Keeping]


def read_schedule(content: bytes, rules: Mapping[str, Rule]) -> Schedule:
    """The rows of a ``retention.toml``; ``rules``: the deadline table that they name."""
    return tuple(_row(key, row, rules) for key, row in tomllib.loads(content.decode()).items())


def _row(key: str, row: Mapping[str, Any], rules: Mapping[str, Rule]) -> Keeping:
    name = {"zh": row["zh"], "en": row["en"]}
    basis = tuple(row.get("basis", ()))
    rule = rules[row["rule"]] if "rule" in row else None
    if "setting" in row:
        period = row["setting"]
        rule = Rule(key, name, CLOSED, "years", "C1", setting=period, roll=False, basis=basis)
    return Keeping(
        id=key,
        name=name,
        kind=row["class"],
        rule=rule,
        basis=rule.basis if rule else basis,
        certainty=row["certainty"],
        procedures=frozenset(row.get("procedures", ())),
        documents=frozenset(row.get("documents", ())),
        since=row.get("from", date.min),
        until=row.get("until", date.max),
    )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a dossier stays: the code of a sentence (texts/retention.toml) and what fills it."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is so with a dossier on a day. ``due``: the end of its period, once it runs.

    ``reasons``: everything that keeps it; none: it may be destroyed.
    """

    reasons: tuple[Reason, ...]
    keeping: Keeping | None = None
    due: Due | None = None


def judge(
    filed: Filed, schedule: Schedule, facts: tuple[Facts, Organisation | None], now: datetime
) -> Kept:
    """Whether a dossier may be destroyed at a moment; ``facts`` with the office that keeps it."""
    if filed.certificate:
        return Kept((Reason("kept_destroyed", {"certificate": filed.certificate}),))
    barred, day = tuple(_barred(filed)), local_day(now)
    rows = [row for row in schedule if row.holds_on(day) and row.covers(filed)]
    missing = sorted(_unnamed(filed, rows))
    if missing or not rows:
        unnamed = Reason("kept_without_rule", {"procedure": ", ".join(missing) or "-"})
        return Kept((*barred, unnamed))
    keeping, due = _longest(rows, localized(*facts, day), _closed_at(filed) or now)
    if _closed_at(filed) is None:
        return Kept(barred, keeping)
    return Kept((*barred, *_period(due, now)), keeping, due)


def _closed_at(filed: Filed) -> datetime | None:
    """When the last case ended; None while one goes on."""
    ended = [case.ended_at for case in filed.cases if case.status in OVER and case.ended_at]
    return max(ended) if ended and len(ended) == len(filed.cases) else None


def _barred(filed: Filed) -> Iterator[Reason]:
    """What keeps a dossier whatever its period: a hold first of all."""
    for hold in filed.holds:
        if hold.dossier == filed.dossier.id:
            yield Reason("kept_on_hold", {"why": hold.reason, "at": hold.made_at})
        else:  # its reason is the other dossier's business
            yield Reason("kept_held_elsewhere", {"at": hold.made_at})
    running = sum(case.status not in OVER for case in filed.cases)
    if running:
        yield Reason("kept_open_case", {"count": running})
    if not filed.cases:
        yield Reason("kept_no_case")
    if filed.pending:
        yield Reason("kept_pending", {"count": filed.pending})
    if filed.linked:
        yield Reason("kept_linked", {"count": len(filed.linked)})


def _unnamed(filed: Filed, rows: Schedule) -> set[str]:
    named = {procedure for row in rows for procedure in row.procedures}
    return {case.procedure for case in filed.cases} - named


def _period(due: Due | None, now: datetime) -> Iterator[Reason]:
    if due is None:
        yield Reason("kept_for_ever")
    elif now < due.due_at:
        yield Reason("kept_until", {"day": local_day(due.due_at) - timedelta(days=1)})


def _longest(rows: Schedule, facts: Facts, started_at: datetime) -> tuple[Keeping, Due | None]:
    """The row that keeps a file longest, and until when; one without a period keeps it for ever."""
    ends = [(row, compute(row.rule, started_at, facts) if row.rule else None) for row in rows]
    return max(ends, key=lambda end: (end[1] is None, end[1].due_at if end[1] else started_at))


def shortest(schedule: Schedule, facts: Facts) -> int:
    """The fewest years after which any dossier anywhere may be due, local settings included."""
    named = {row.rule.setting for row in schedule if row.rule and row.rule.setting}
    lengths = [row.rule.length for row in schedule if row.rule and row.rule.length is not None]
    lengths += [int(facts.settings[name]) for name in named]
    local = facts.registers.get("overrides", ())
    lengths += [int(one["value"]) for one in local if one["setting"] in named]
    return min(lengths, default=0)
