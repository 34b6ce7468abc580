"""What a story expected and what was found: comparisons, and failures said in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import pointer_get
from engine.lexical import Months, format_duration, format_time
from engine.model import Data, Incident, Message, Outcome, Passed, RunningClock
from engine.texts import Lang, catalogue, text
from engine.workdays import CHINA, local_day

PASSED = ("done", "fired", "thrown", "flow")
"""What in a trace counts as having passed an element."""

WAY = 8


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a story went another way: ``step`` counts from 1; 0 is the start, None the end.

    ``way``: the last nodes it passed, decisions with what they gave.
    """

    step: int | None
    code: str
    params: Data = field(default_factory=dict)
    way: tuple[str, ...] = ()

    def say(self, lang: Lang) -> str:
        """Which step, what was expected, what was found, and the way that led there."""
        where = "scenario_at_end" if self.step is None else "scenario_at_step"
        if self.step == 0:
            where = "scenario_at_start"
        said = text(where, lang, {"step": self.step}) + _sentence(self.code, lang, self.params)
        return said + (
            text("scenario_way", lang, {"way": " → ".join(self.way)}) if self.way else ""
        )


def _sentence(code: str, lang: Lang, params: Data) -> str:
    words = {key: _words(value, lang) for key, value in params.items()}
    return text(code, lang, words)


def _words(value: Any, lang: Lang) -> str:
    if isinstance(value, Incident):
        return why(value, lang)
    if isinstance(value, list | tuple):
        return text("scenario_and", lang).join(_words(item, lang) for item in value) or "—"
    return str(value)


def why(incident: Incident, lang: Lang) -> str:
    """The incident's sentence with its code and place; the code alone where words are missing."""
    try:
        said = text(incident.code, lang, incident.params) if incident.code in catalogue() else ""
    except KeyError:
        said = ""
    place = f" @ {incident.place.element}" if incident.place else ""
    return f"{incident.code}{place} {said}".rstrip()


def way_of(trace: Sequence[Passed]) -> tuple[str, ...]:
    """The last nodes of a trace, decisions with their outputs."""
    lines = [line for line in trace if line.what in ("done", "fired", "thrown", "decided")]
    return tuple(_line(line) for line in lines[-WAY:])


def _line(line: Passed) -> str:
    if line.what == "decided":
        return f"{line.detail['decision']} = {shown(line.detail['outputs'])}"
    return line.place.element


@dataclass(frozen=True, slots=True)
class Found:
    """What an expectation is held against: the outcome now, and what happened since then."""

    outcome: Outcome
    trace: Sequence[Passed]
    messages: Sequence[Message]
    incident: Incident | None

    @property
    def passed(self) -> frozenset[str]:
        return frozenset(line.place.element for line in self.trace if line.what in PASSED)


Finding = tuple[str, Data]
Judge = Callable[[Any, Found], Iterable[Finding]]


def judge(expect: Mapping[str, Any], found: Found) -> Finding | None:
    """The first expectation that does not hold, as (code, params); None when all do."""
    if found.incident and expect.get("incident") != found.incident.code:
        return "scenario_incident", {"incident": found.incident}
    for key, expected in expect.items():
        finding = next(iter(JUDGES[key](expected, found)), None)
        if finding:
            return finding
    return None


def _ended(expected: bool | str, found: Found) -> Iterator[Finding]:
    by_name = isinstance(expected, str)
    if by_name and expected not in found.passed:
        yield "scenario_not_passed", {"element": expected, "passed": sorted(found.passed)}
    if found.outcome.ended != (by_name or expected):
        still = [task.place.element for task in found.outcome.tasks]
        yield ("scenario_ended" if found.outcome.ended else "scenario_not_ended"), {"open": still}


def _passed(expected: Sequence[str], found: Found) -> Iterator[Finding]:
    for element in expected:
        if element not in found.passed:
            yield "scenario_not_passed", {"element": element, "passed": sorted(found.passed)}


def _not_passed(expected: Sequence[str], found: Found) -> Iterator[Finding]:
    for element in expected:
        if element in found.passed:
            yield "scenario_passed", {"element": element}


def _data(expected: Mapping[str, Any], found: Found) -> Iterator[Finding]:
    for pointer, value in expected.items():
        is_value = pointer_get(found.outcome.data, pointer)
        if not same(value, is_value):
            params = {"pointer": pointer, "expected": shown(value), "found": shown(is_value)}
            yield "scenario_data", params


def _clocks(expected: Mapping[str, str | None], found: Found) -> Iterator[Finding]:
    for rule, value in expected.items():
        clocks = [clock for clock in found.outcome.clocks if clock.rule == rule]
        known = _clock_words(clocks[-1]) if clocks else {"none"}
        if (value or "none") not in known:
            params = {"rule": rule, "expected": value or "none", "found": sorted(known)}
            yield "scenario_clock", params


def _clock_words(clock: RunningClock) -> set[str]:
    """All ways to say how a clock stands: its state, the last day or the exact end."""
    end = clock.due.astimezone(CHINA)
    paused = bool(clock.pauses) and clock.pauses[-1][1] is None
    state = "ended" if clock.ended_at else "paused" if paused else "running"
    last_day = local_day(end - timedelta(microseconds=1)).isoformat()
    return {state, last_day, *_moment_words(end)} | (
        {"provisional"} if clock.provisional else set()
    )


def _moment_words(moment: datetime) -> set[str]:
    local = moment.astimezone(CHINA).replace(tzinfo=None)
    exact = local.isoformat()
    return {exact, f"{exact}+08:00"} | (
        {exact[:-3], f"{exact[:-3]}+08:00"} if not local.second else set()
    )


def _timers(expected: Mapping[str, str | None], found: Found) -> Iterator[Finding]:
    for element, value in expected.items():
        due = [timer.due for timer in found.outcome.timers if timer.place.element == element]
        known = _moment_words(due[0]) if due else {"none"}
        if (value or "none") not in known:
            params = {"element": element, "expected": value or "none", "found": min(known)}
            yield "scenario_timer", params


def _open(expected: Sequence[str], found: Found) -> Iterator[Finding]:
    yield from _listed("scenario_open", expected, [t.place.element for t in found.outcome.tasks])


def _effects(expected: Sequence[str], found: Found) -> Iterator[Finding]:
    yield from _listed("scenario_effects", expected, [e.operation for e in found.outcome.effects])


def _messages(expected: Sequence[str], found: Found) -> Iterator[Finding]:
    yield from _listed("scenario_messages", expected, [m.name for m in found.messages])


def _listed(code: str, expected: Sequence[str], found: Sequence[str]) -> Iterator[Finding]:
    """Exactly these names; how often each occurs is compared only where the story repeats one."""
    repeats = len(set(expected)) < len(expected)
    is_same = sorted(expected) == sorted(found) if repeats else set(expected) == set(found)
    if not is_same:
        yield code, {"expected": sorted(expected), "found": sorted(found)}


def _incident(expected: str | None, found: Found) -> Iterator[Finding]:
    if expected and not found.incident:
        yield "scenario_no_incident", {"expected": expected}


def _refused(expected: str | Sequence[str], found: Found) -> Iterator[Finding]:
    yield "scenario_not_refused", {"expected": expected}


JUDGES: Mapping[str, Judge] = {
    "ended": _ended,
    "passed": _passed,
    "not_passed": _not_passed,
    "data": _data,
    "clocks": _clocks,
    "timers": _timers,
    "open": _open,
    "effects": _effects,
    "messages": _messages,
    "incident": _incident,
    "refused": _refused,
}


# Values --------------------------------------------------------------------------------------


def same(plain: Any, value: Any) -> bool:
    """Whether a FEEL value is what plain JSON says: numbers by value, dates and times by their text."""
    if isinstance(value, Mapping):
        return (
            isinstance(plain, Mapping)
            and plain.keys() == value.keys()
            and all(same(plain[key], value[key]) for key in plain)
        )
    if isinstance(value, list):
        return (
            isinstance(plain, list)
            and len(plain) == len(value)
            and all(same(one, other) for one, other in zip(plain, value, strict=True))
        )
    if isinstance(value, Decimal):
        is_number = isinstance(plain, int | float) and not isinstance(plain, bool)
        return is_number and Decimal(repr(plain)) == value
    if isinstance(value, datetime):
        return isinstance(plain, str) and plain in {*_moment_words(value), shown(value)}
    return bool(
        plain == (value if isinstance(value, str | bool) or value is None else shown(value))
    )


def shown(value: Any) -> str:
    """A value as a reader of stories writes it."""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return format_time(value)
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    if value is None or isinstance(value, bool):
        return str(value).lower() if value is not None else "null"
    return str(value) if isinstance(value, Months | Decimal | int | float) else f"“{value}”"
