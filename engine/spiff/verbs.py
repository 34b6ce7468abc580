"""What each verb of an input does: find whom it answers (or refuse), then act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Conflict, Invalid
from engine.lexical import parse_datetime

from . import events, scopes
from .data import pointer_of, pointer_parts, settled
from .driving import fail, finish
from .errors import BpmnError
from .periods import until_of
from .relocating import find_places, relocate
from .run import Run
from .tokens import Token

Find = Callable[[Run], Token | None]
Do = Callable[[Run, Any], None]


@dataclass(frozen=True, slots=True)
class Verb:
    """``find`` refuses what comes too late or makes no sense; after it nothing is refused."""

    find: Find
    act: Do


# Whom it answers --------------------------------------------------------------------------------


def _nobody(run: Run) -> None:
    if run.next_key == 1:
        raise Invalid("case_not_begun", case=run.cause.case)


def _new_case(run: Run) -> None:
    if run.next_key > 1:
        raise Conflict("case_started")
    element = run.cause.data.get("element", "")
    if element and element not in run.top.spec.starts:
        raise Invalid("no_start_event", scope=element)
    _check_pointers(run)


def _open_task(run: Run) -> Token:
    token = run.named(run.cause.task)
    if token is None or not token.is_task:
        raise Conflict("task_closed", task=run.cause.task)
    _check_pointers(run)
    return token


def _timer(run: Run) -> Token:
    token = run.named(run.cause.task)
    if token is None or "due" not in token.note:
        raise Conflict("timer_not_waiting", timer=run.cause.task)
    if parse_datetime(token.note["due"]) > run.now:
        raise Conflict("timer_not_due", timer=run.cause.task)
    return token


def _effect(run: Run) -> Token:
    token = run.named(run.cause.task)
    if token is None or not token.is_effect:
        raise Conflict("effect_not_open", effect=run.cause.task)
    return token


def _receiver(run: Run) -> Token:
    data = run.cause.data
    return events.receiver(run, data["name"], data.get("key", ""))


def _clock(run: Run) -> None:
    if not run.periods.running(run.cause.data["rule"]):
        raise Conflict("clock_not_running", rule=run.cause.data["rule"])


def _correction(run: Run) -> None:
    _nobody(run)
    _check_pointers(run)


def _check_pointers(run: Run) -> None:
    for pointer in run.cause.data.get("values") or ():
        pointer_parts(pointer)


# What it does -----------------------------------------------------------------------------------


def _write_values(run: Run, token: Token) -> None:
    """Write the values of the input by pointer, in a settled order."""
    values: dict[str, Any] = settled(run.cause.data.get("values") or {})
    for pointer, value in values.items():
        run.write(token, pointer, value)


def _start(run: Run, _: None) -> None:
    _write_values(run, run.top.task_tree)
    run.settle_in()
    data = run.cause.data
    spec = run.top.spec
    entry = spec.starts[data["element"]] if data.get("element") else spec.entry
    if entry.node.result and "payload" in data:
        run.write(run.top.task_tree, pointer_of(entry.node.result), settled(data["payload"]))
    scopes.begin(run, run.top, entry)


def _complete(run: Run, token: Token) -> None:
    _write_values(run, token)
    outcome = run.cause.data.get("outcome")
    if outcome:
        run.write_outcome(token, outcome)
    run.agenda.append(token)


def _fire(run: Run, token: Token) -> None:
    events.fire(run, token)


def _effect_returned(run: Run, token: Token) -> None:
    run.write_result(token, settled(run.cause.data.get("result")))
    token.complete()


def _effect_failed(run: Run, token: Token) -> None:
    data = run.cause.data
    fail(run, token, BpmnError(str(data.get("error", "")), str(data.get("reason", ""))))


def _message(run: Run, token: Token) -> None:
    events.fire(run, token, settled(run.cause.data.get("payload")))


def _signal(run: Run, _: None) -> None:
    events.broadcast(run, run.cause.data["name"], settled(run.cause.data.get("payload")))


def _facts_changed(run: Run, _: None) -> None:
    run.periods.recompute()
    run.is_changed = True


def _party_changed(run: Run, _: None) -> None:
    run.write(run.top.task_tree, "/parties", settled(run.cause.data["parties"]))


def _clock_paused(run: Run, _: None) -> None:
    run.periods.pause(run.cause.data["rule"], run.now)


def _clock_resumed(run: Run, _: None) -> None:
    run.periods.resume(run.cause.data["rule"], run.now)


def _clock_extended(run: Run, _: None) -> None:
    data = run.cause.data
    run.periods.extend(data["rule"], until_of(data["until"], data["rule"]))


def _correct(run: Run, _: None) -> None:
    _write_values(run, run.top.task_tree)


def _cancel(run: Run, _: None) -> None:
    run.clear(run.top)
    finish(run)


VERBS: Mapping[str, Verb] = {
    "start": Verb(_new_case, _start),
    "complete": Verb(_open_task, _complete),
    "fire": Verb(_timer, _fire),
    "effect_returned": Verb(_effect, _effect_returned),
    "effect_failed": Verb(_effect, _effect_failed),
    "message": Verb(_receiver, _message),
    "signal": Verb(_nobody, _signal),
    "facts_changed": Verb(_nobody, _facts_changed),
    "party_changed": Verb(_nobody, _party_changed),
    "clock_paused": Verb(_clock, _clock_paused),
    "clock_resumed": Verb(_clock, _clock_resumed),
    "clock_extended": Verb(_clock, _clock_extended),
    "correct": Verb(_correction, _correct),
    "cancel": Verb(_nobody, _cancel),
    "relocate": Verb(find_places, relocate),
}
