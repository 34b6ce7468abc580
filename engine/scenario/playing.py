"""Plays a story: each step as people, clocks and the outside world would give it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.errors import Invalid
from engine.facts import for_case, with_day, with_setting
from engine.model import Data, Facts, OpenTask, Outcome, Passed, Release
from engine.registers import FACTS
from engine.values import from_json
from engine.workdays import local_day

from .answers import Answers
from .filling import Sheets
from .reading import KINDS, Scenario, moment, span
from .verdict import Failure, Finding, Found, judge, way_of
from .virtual import Stop, VirtualCase

Step = Mapping[str, Any]
Act = Callable[["Player", Step], None]


@dataclass(frozen=True, slots=True)
class Played:
    """How a story went: ``failure`` is None when it ended as told.

    ``trace``: all that was passed until then; ``asserted``: what was passed in steps that have an
    expectation, and what the end names as passed or reached; ``inputs``: how many.
    """

    scenario: Scenario
    trace: tuple[Passed, ...]
    outcome: Outcome
    failure: Failure | None
    asserted: frozenset[str] = frozenset()
    inputs: int = 0


def play(release: Release, facts: Facts, scenario: Scenario) -> Played:
    """Tell a story to a release and compare; stops at the first failure. Pure."""
    player = Player(release, facts, scenario)
    failure = player.tell()
    case = player.case
    return Played(
        scenario,
        tuple(case.trace),
        case.outcome,
        failure,
        frozenset(player.asserted),
        case.seq + 1,
    )


class Player:
    """One case while a story is told."""

    def __init__(self, release: Release, facts: Facts, scenario: Scenario) -> None:
        self.scenario = scenario
        self.org = scenario.start.get("org", "org-1")
        now = moment(scenario.start["at"])
        self.case = VirtualCase(release, facts, now, Answers(scenario.answers, self.org, now))
        self.sheets = Sheets(release)
        self.asserted: set[str] = set()
        self.told: Sequence[Step] = (scenario.start, *scenario.steps)

    def tell(self) -> Failure | None:
        """The whole story; None when it ended as told."""
        for number, step in enumerate(self.told):
            finding = self._turn_page(number, step)
            if finding or not self.case.outcome.state:
                return self._failed(number, finding)
        found = self._found(0, 0)
        expect = self.scenario.expect
        self.asserted |= found.passed & {*expect.get("passed", ()), expect.get("ended")}
        return self._failed(None, judge(expect, found))

    def _failed(self, number: int | None, finding: Finding | None) -> Failure | None:
        return Failure(number, *finding, way_of(self.case.trace)) if finding else None

    def take(self, number: int) -> None:
        """The step of that number (0: the start) and all it causes at once; Stop where it cannot be."""
        later = (step.get("effect") for step in self.told[number + 1 :])
        self.case.awaited = {*self.scenario.waits, *filter(None, later)}
        (act if number else start)(self, self.told[number])
        self.case.settle()

    def _turn_page(self, number: int, step: Step) -> Finding | None:
        expect = step.get("expect", {})
        since, sent = len(self.case.trace), len(self.case.messages)
        try:
            self.take(number)
        except Stop as stop:
            return unless_refused(expect, stop.finding)
        found = self._found(since, sent)
        self.asserted |= found.passed if expect else set()
        return judge(expect, found)

    def _found(self, since: int, sent: int) -> Found:
        case = self.case
        return Found(case.outcome, case.trace[since:], case.messages[sent:], case.incident)

    def fill_task(self, task: OpenTask, step: Step) -> Data:
        """What completing a task sends."""
        return self.fill(task.place.element, self.seen(task), step)

    def seen(self, task: OpenTask) -> Data:
        """What the form of a task sees: the case, the settings, the registers and the item."""
        data, today = self.case.outcome.data, local_day(self.case.now)
        facts = for_case(self.case.facts, data.get("case"), today)
        kept = self.scenario.registers_on(today)
        return {**data, "settings": facts.settings, FACTS: kept, **task.local}

    def fill(self, element: str, seen: Data, step: Step) -> Data:
        """The form's values; Stop with its problems when it does not take them."""
        try:
            return self.sheets.fill(element, step, seen, self.case.now)
        except Invalid as error:
            said = [f"{p.pointer or '/'} {p.code}" for p in error.problems] or [error.code]
            wrong = [p.pointer for p in error.problems]
            raise Stop("scenario_form", task=element, problems=said, pointers=wrong) from error


# What a step may be ----------------------------------------------------------------------------


def start(player: Player, step: Step) -> None:
    roles = player.sheets.starting_roles()
    _check_role("start", step, roles)
    role = step.get("by") or min(roles, default="")
    _set(player, step.get("settings", {}))
    itself = {"org": player.org, "area": step.get("area", ""), "role": role}
    if "message" in step:
        arrived = {
            "element": player.sheets.message_start(step["message"]),
            "payload": from_json(step.get("payload", {})),
        }
        player.case.open({"/parties": from_json(step.get("parties", []))}, arrived, **itself)
    else:
        player.case.open(player.fill("start", {}, step)["values"], **itself)
    if player.case.incident:
        raise Stop("scenario_incident", incident=player.case.incident)


def act(player: Player, step: Step) -> None:
    """Let the step's time come, timers first, then do what it says."""
    case = player.case
    until = moment(step["at"]) if "at" in step else case.now
    case.pass_until(max(until, case.now + span(step.get("after", "PT0S"))))
    kind = next(kind for kind in KINDS if kind in step)
    ACTS[kind](player, step)


def _pass(player: Player, step: Step) -> None:
    player.case.pass_until(player.case.now + span(step["pass"]))


def _to(player: Player, step: Step) -> None:
    player.case.pass_until(moment(step["to"]))


def _task(player: Player, step: Step) -> None:
    task = _open_task(player.case.outcome.tasks, step)
    _check_role(step["task"], step, frozenset(task.role.split()))
    player.case.send("complete", player.fill_task(task, step), task.id)


def _open_task(tasks: Sequence[OpenTask], step: Step) -> OpenTask:
    told = {"element": step["task"], **{key: step[key] for key in ("scope", "item") if key in step}}
    for task in tasks:
        if all(getattr(task.place, key) == value for key, value in told.items()):
            return task
    open_now = [task.place.element for task in tasks]
    raise Stop("scenario_task_not_open", task=step["task"], open=open_now)


def _check_role(element: str, step: Step, roles: frozenset[str]) -> None:
    if "by" in step and roles and step["by"] not in roles:
        raise Stop("scenario_role", task=element, by=step["by"], roles=sorted(roles))


def _message(player: Player, step: Step) -> None:
    name = step["message"]
    keys = [s.key for s in player.case.outcome.subscriptions if s.name == name]
    key = str(step.get("key", keys[0] if keys else ""))
    if key not in keys:
        raise Stop("scenario_nobody_waits", name=name, key=key)
    payload = from_json(step.get("payload", {}))
    sent = {"name": name, "key": key, "payload": payload, "id": f"message-{player.case.seq}"}
    player.case.send("message", sent)


def _signal(player: Player, step: Step) -> None:
    payload = from_json(step.get("payload", {}))
    player.case.send("signal", {"name": step["signal"], "payload": payload})


def _effect(player: Player, step: Step) -> None:
    case, name = player.case, step["effect"]
    effects = case.outcome.effects
    effect = next((e for e in effects if name in (e.place.element, e.operation)), None)
    if effect is None:
        raise Stop("scenario_effect_not_open", effect=name, open=[e.operation for e in effects])
    if "error" in step:
        failed = {"error": step["error"], "reason": step.get("reason", "")}
        case.send("effect_failed", failed, effect.id)
    else:
        result = from_json(step["result"]) if "result" in step else case.answers.give(effect)
        case.send("effect_returned", {"result": result}, effect.id)


def _correct(player: Player, step: Step) -> None:
    values = {pointer: from_json(value) for pointer, value in step["correct"].items()}
    player.case.send("correct", {"values": values})


def _cancel(player: Player, step: Step) -> None:
    player.case.send("cancel", {"reason": step["cancel"]})


def _retry(player: Player, step: Step) -> None:
    player.case.retry()


def _clock(player: Player, step: Step) -> None:
    verbs = {"pause": "clock_paused", "resume": "clock_resumed", "extend": "clock_extended"}
    until = {"until": moment(step["until"])} if "until" in step else {}
    player.case.send(verbs[step["do"]], {"rule": step["clock"], **until})


def _days(player: Player, step: Step) -> None:
    case = player.case
    for day, kind in step["days"].items():
        case.facts = with_day(case.facts, "CN", date.fromisoformat(day), kind)
    case.send("facts_changed", {"facts": case.facts.digest})


def _settings(player: Player, step: Step) -> None:
    _set(player, step["settings"])
    player.case.send("facts_changed", {"facts": player.case.facts.digest})


def _set(player: Player, settings: Mapping[str, Any]) -> None:
    for key, value in settings.items():
        player.case.facts = with_setting(player.case.facts, key, value)


def _parties(player: Player, step: Step) -> None:
    player.case.send("party_changed", {"parties": from_json(step["parties"])})


ACTS: Mapping[str, Act] = {
    "task": _task,
    "pass": _pass,
    "to": _to,
    "message": _message,
    "signal": _signal,
    "effect": _effect,
    "correct": _correct,
    "cancel": _cancel,
    "retry": _retry,
    "clock": _clock,
    "days": _days,
    "settings": _settings,
    "parties": _parties,
}


def unless_refused(expect: Mapping[str, Any], finding: Finding) -> Finding | None:
    """A refusal that the story expects is no failure: by code, or by the form's wrong fields."""
    expected, (code, params) = expect.get("refused"), finding
    if expected is None:
        return finding
    if isinstance(expected, str):
        problems = (problem.rpartition(" ")[2] for problem in params.get("problems", ()))
        return None if expected in {code, params.get("code"), *problems} else finding
    return None if set(expected) == set(params.get("pointers", ())) else finding
