"""Plays scenario files through the verbs, as people would: for stories, demonstrations and tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from uuid6 import uuid7

from .access import grant_for, on_shift
from .commands import Engine
from .commands.cases import Where
from .commands.using_seals import SEALING
from .errors import EngineError, Invalid, NotAllowed
from .facts import with_setting
from .model import Actor, Case, Message, OpenTask, Record
from .ports import OpenStore
from .scenario.reading import moment, span
from .spiff import read_state
from .values import from_json


class VirtualClock:
    """A clock that stands still until it is moved; never back."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, until: datetime) -> None:
        """Go forward to ``until``; an earlier time changes nothing."""
        self.now = max(self.now, until)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a story is played: the verbs, the store they use, their clock and who may act.

    ``told``: elements and operations whose results the story tells itself.
    """

    engine: Engine
    open_store: OpenStore
    clock: VirtualClock
    people: Sequence[Actor]
    told: frozenset[str] = frozenset({SEALING})


Script = Mapping[str, Any]


def tell(stage: Stage, procedure: str, script: Script, steps: int | None = None) -> str:
    """Play a scenario (conventions 6) on a stage up to ``steps`` of its steps; the case's id.

    Settings that it changes hold for this story only.

    Raises Invalid ``story_stuck`` naming the step that could not be played.
    """
    start = script["start"]
    answers = {step["effect"] for step in script["steps"] if "effect" in step}
    stage = replace(stage, told=stage.told | answers)
    listed = _list_entries(stage, script)
    role = start.get("by", "")
    teller = next((p for p in stage.people if not role or role in p.roles), stage.people[0])
    if "message" in start:
        case = _arrive(stage, teller, procedure, start)
    else:
        where = Where(start.get("org", ""), start.get("dossier", ""))
        case = stage.engine.begin(teller, procedure, start.get("data", {}), where)
    settle(stage, case.id)
    with stage.open_store() as store:
        facts = store.current_facts()
    for number, step in enumerate(_named(stage, case, script)[:steps], 1):
        try:
            play(stage, case.id, step)
        except EngineError as refused:
            if "refused" in step.get("expect", {}):
                continue
            raise Invalid(
                "story_stuck", number=number, step=str(step), reason=str(refused)
            ) from None
        settle(stage, case.id)
    with stage.open_store() as store:
        store.add_facts(facts, stage.clock())
        store.add_records([_struck(entry) for entry in listed])
    return case.id


def _list_entries(stage: Stage, script: Script) -> list[Record]:
    """What a story says that the office's registers hold, entered for this story only."""
    told: Mapping[str, Sequence[Script]] = from_json(script.get("registers", {}))
    listed = [
        Record(
            entry=str(uuid7()),
            version=1,
            register=register,
            dossier="",
            name=str(row.get("name", "")),
            about=str(row.get("person", "")),
            values={f"/{key}": value for key, value in row.items() if key not in _HOLDS},
            tags="",
            words="",
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
            made_by="",
            made_at=stage.clock(),
        )
        for register, rows in told.items()
        for row in rows
    ]
    with stage.open_store() as store:
        store.add_records(listed)
    return listed


_HOLDS = ("valid_from", "valid_until")


def _struck(entry: Record) -> Record:
    """The version that says that an entry never held."""
    until = entry.valid_from - timedelta(days=1)
    return replace(entry, version=entry.version + 1, valid_until=until)


def _arrive(stage: Stage, teller: Actor, procedure: str, start: Script) -> Case:
    """The case that a message from another one opens in a new dossier."""
    org = start.get("org") or teller.grants[0].org
    parties = from_json(start.get("parties", []))
    dossier = stage.engine.open_dossier(teller, procedure, org, parties)
    payload = from_json(named_parties(stage, dossier.id, start.get("payload", {})))
    key = start.get("key", dossier.id)
    _send(stage, dossier.id, Message("message", start["message"], key, payload))
    with stage.open_store() as store:
        opened = map(store.case, store.cases_in(dossier.id))
        case = next((one for one in opened if one.procedure == procedure), None)
    if case is None:
        raise Invalid("nobody_listens", message=start["message"], procedure=procedure)
    return case


def _named(stage: Stage, case: Case, script: Script) -> list[Script]:
    """The steps, with the ids that this dossier's parties got."""
    steps: list[Script] = named_parties(stage, case.dossier, script["steps"])
    return steps


def named_parties(stage: Stage, dossier: str, told: Any) -> Any:
    """What a script tells, ``party-1`` and so on replaced by the ids of the dossier's parties."""
    with stage.open_store() as store:
        parties = store.parties(dossier)
    text = json.dumps(told)
    for number, party in reversed(list(enumerate(parties, 1))):
        text = text.replace(f'"party-{number}"', f'"{party.id}"')
    return json.loads(text)


def play(stage: Stage, case_id: str, step: Script) -> None:
    """One step: somebody completes a task, time passes, a message or an effect's result arrives."""
    if "after" in step:
        pass_time(stage, case_id, stage.clock.now + span(step["after"]))
    if "at" in step or "to" in step:
        pass_time(stage, case_id, moment(step.get("at") or step["to"]))
    for kind, act in KINDS.items():
        if kind in step:
            act(stage, case_id, step)


def _pass(stage: Stage, case_id: str, step: Script) -> None:
    pass_time(stage, case_id, stage.clock.now + span(step["pass"]))


def _task(stage: Stage, case_id: str, step: Script) -> None:
    task = _open_task(stage, case_id, step)
    who = next((p for p in map(on_shift, stage.people) if _may(stage, p, task)), None)
    if who is None:
        raise Invalid("nobody_may", element=task.place.element, role=task.role, org=task.org)
    who = _in_place_of(stage, case_id, task, who)
    stage.engine.answer(who, task.id, step.get("data", {}), step.get("outcome", ""))


def _in_place_of(stage: Stage, case_id: str, task: OpenTask, who: Actor) -> Actor:
    """A party's task is told in person by the first party it belongs to."""
    with stage.open_store() as store:
        claimed = store.open_task(task.id)
        case = store.case(case_id)
        if claimed is None:
            return who
        seen = stage.engine.seen_by(store, case, claimed)
        parties = stage.engine.represented(store, case, claimed, seen)
    if not parties:
        return who
    return replace(who, on_behalf=parties[0]["id"], through="IN_PERSON")


def _may(stage: Stage, who: Actor, task: OpenTask) -> bool:
    """Whether they are a candidate whom nothing done before keeps from it."""
    if grant_for(who, task) is None:
        return False
    with stage.open_store() as store:
        claimed = store.open_task(task.id)
        try:
            return claimed is not None and bool(stage.engine.permitted(store, who, claimed))
        except NotAllowed:
            return False


def _open_task(stage: Stage, case_id: str, step: Script) -> OpenTask:
    tasks = read_state(_case(stage, case_id).state).tasks
    fitting = [t for t in tasks if t.place.element == step["task"]]
    if "item" in step:
        fitting = [t for t in fitting if t.place.item == step["item"]]
    if not fitting:
        raise Invalid("task_not_open", element=step["task"], open=[t.place.element for t in tasks])
    return fitting[0]


def _message(stage: Stage, case_id: str, step: Script) -> None:
    """A message arrives from outside under the key that the case waits for, unless told."""
    waiting = read_state(_case(stage, case_id).state).subscriptions
    keys = [one.key for one in waiting if one.name == step["message"]]
    key = step.get("key") or next(iter(keys), "")
    payload = from_json(step.get("payload", {}))
    _send(stage, _case(stage, case_id).dossier, Message("message", step["message"], key, payload))


def _settings(stage: Stage, case_id: str, step: Script) -> None:
    """Settings change while the case runs; it goes on under the new facts."""
    with stage.open_store() as store:
        facts = store.current_facts()
        for name, value in step["settings"].items():
            facts = with_setting(facts, name, from_json(value))
        store.add_facts(facts, stage.clock())
    stage.engine.acknowledge_facts(case_id)


def _send(stage: Stage, dossier: str, message: Message) -> None:
    message_id = str(uuid7())
    with stage.open_store() as store:
        store.add_message(message_id, message, dossier)
    stage.engine.deliver(message_id)


def _effect(stage: Stage, case_id: str, step: Script) -> None:
    """What the outside world answers, by the element that asked it."""
    asked = read_state(_case(stage, case_id).state).effects
    found = next((one for one in asked if one.place.element == step["effect"]), None)
    if found is None:
        raise Invalid("effect_not_asked", element=step["effect"])
    stage.engine.take_result(found.id, from_json(step["result"]))


KINDS: Mapping[str, Callable[[Stage, str, Script], None]] = {
    "pass": _pass,
    "effect": _effect,
    "task": _task,
    "message": _message,
    "settings": _settings,
}


def pass_time(stage: Stage, case_id: str, until: datetime) -> None:
    """Let time pass, stopping at every timer of the case that comes due on the way."""
    while True:
        due = [t.due for t in read_state(_case(stage, case_id).state).timers if t.due <= until]
        if not due or _case(stage, case_id).status != "open":
            break
        stage.clock.move(min(due))
        if not stage.engine.turn(case_id):
            break
        settle(stage, case_id)
    stage.clock.move(until)


def settle(stage: Stage, case_id: str) -> None:
    """Perform the effects of a case and fire what is due until it waits for people or time."""
    moved = 1
    while moved:
        case = _case(stage, case_id)
        if case.status != "open":
            return
        effects = read_state(case.state).effects
        asked = [e for e in effects if not {e.operation, e.place.element} & stage.told]
        moved = sum(stage.engine.perform(effect.id) for effect in asked)
        moved += stage.engine.turn(case_id)


def _case(stage: Stage, case_id: str) -> Case:
    with stage.open_store() as store:
        return store.case(case_id)
