"""Believable dossiers at all stages, made by playing scenarios through the real verbs."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from engine.errors import EngineError, Failed
from engine.scenario.reading import moment, span
from engine.spiff import read_state
from engine.story import Stage, VirtualClock, pass_time, tell
from engine.workdays import CHINA
from webui.product import Built
from webui.wiring import build, bundled

from .county import ACTORS

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻苏潘葛范彭郎"
GIVEN = (
    "建国",
    "秀英",
    "伟",
    "芳",
    "志强",
    "丽娟",
    "大勇",
    "晓燕",
    "国平",
    "玉兰",
    "小军",
    "春梅",
    "海涛",
    "雪梅",
)
QUARRELS = (
    *(
        ("排水沟", "堵塞"),
        ("院墙", "倒塌"),
        ("楼上水管", "渗漏"),
        ("门前通道", "被占"),
        ("屋檐", "滴水"),
    ),
    *(
        ("地界树木", "遮光"),
        ("空调外机", "噪声"),
        ("化粪池", "外溢"),
        ("装修噪声", "扰邻"),
        ("田埂", "被挖"),
    ),
)
SEED = 20260302
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?")
A_WHILE = "PT17M"
INCIDENTS = 3
BROKEN = Failed("register_unreachable", permanent=True, reason="登记系统没有应答")
LATEST = timedelta(days=4)
"""Open cases stopped at most this long ago, so that their clocks still tell something."""


Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Tale:
    """A scenario to be told: of which procedure, and its file as plain JSON."""

    procedure: str
    script: Mapping[str, Any]


def fill(built: Built, count: int, tick: Callable[[], None]) -> int:
    """Tell ``count`` dossiers: between one for each way a procedure can end, others cut short
    somewhere, so that work is open everywhere; then a few that stand still. How many were told."""
    chance = random.Random(SEED)  # noqa: S311 - the same demonstration each time
    clock = VirtualClock(built.clock())
    past = build(built.config, clock)
    stage = Stage(past.engine, past.open_store, clock, ACTORS)
    tales, told = list(_tales()), 0
    for tale, cut in _programme(tales, count, chance):
        varied = _varied(tale, chance)
        told += _tell(stage, varied, cut, _begin(varied.script, cut, built.clock(), chance))
        tick()
    chance.shuffle(tales)
    stumbled = (_stumble(stage, _varied(tale, chance), built.clock()) for tale in tales)
    told += sum(islice(filter(None, stumbled), INCIDENTS))
    past.database.close()
    return told


def tell_until(built: Built, tale: Tale, step: str) -> bool:
    """One more dossier, told until this step waits for somebody."""
    chance = random.Random(SEED)  # noqa: S311 - the same demonstration each time
    clock = VirtualClock(built.clock())
    past = build(built.config, clock)
    stage = Stage(past.engine, past.open_store, clock, ACTORS)
    cut = [one.get("task") for one in tale.script["steps"]].index(step)
    varied = _varied(tale, chance)
    told = _tell(stage, varied, cut, _begin(varied.script, cut, built.clock(), chance))
    past.database.close()
    return told


def _programme(tales: list[Tale], count: int, chance: random.Random) -> Iterator[tuple[Tale, int]]:
    """Which tales, and after how many of its steps each stops: at most two in three go to the end."""
    chance.shuffle(tales)
    ends = list(_endings(tales))[: count * 2 // 3]
    paused = [tale for tale in tales if _paused_at(tale)][:1]
    yield from ((tale, _paused_at(tale)) for tale in paused[:count])
    for number in range(count - len(paused) if tales else 0):
        if ends and (number % 3 or number >= count - len(ends)):
            whole = ends.pop()
            yield whole, len(whole.script["steps"])
        else:
            tale = chance.choice(tales)
            yield tale, chance.randint(0, max(0, len(tale.script["steps"]) - 1))


def _paused_at(tale: Tale) -> int:
    """After how many steps a clock of this tale stands still; 0 if none ever does."""
    for number, step in enumerate(tale.script["steps"], 1):
        if "paused" in step.get("expect", {}).get("clocks", {}).values():
            return number
    return 0


def _endings(tales: Sequence[Tale]) -> Iterator[Tale]:
    seen = set()
    for tale in tales:
        end = tale.script["expect"].get("ended")
        if isinstance(end, str) and (tale.procedure, end) not in seen:
            seen.add((tale.procedure, end))
            yield tale


def _tales() -> list[Tale]:
    """But those told about other registers than the county keeps."""
    found = [
        Tale(name, json.loads(files[path]))
        for name, files in sorted(bundled().items())
        for path in sorted(files)
        if path.startswith("scenarios/")
    ]
    return [tale for tale in found if "registers" not in tale.script]


def _begin(script: Mapping[str, Any], cut: int, now: datetime, chance: random.Random) -> Span:
    """From when until when a tale is told: a finished one ended within months, an open one lately."""
    ended = cut == len(script["steps"]) and script["expect"].get("ended")
    age = chance.random() * (timedelta(days=120) if ended else LATEST) + _lasts(script, cut)
    begun = (now - age).astimezone(CHINA)
    office = begun.replace(hour=chance.randint(8, 10), minute=chance.randint(0, 59))
    return min(office, now - _lasts(script, cut)).astimezone(UTC), now


def _tell(stage: Stage, tale: Tale, cut: int, during: Span) -> bool:
    stage.clock.now, now = during
    try:
        case = tell(stage, tale.procedure, _moved(tale.script, stage.clock.now), cut)
        pass_time(stage, case, now)
    except EngineError:
        return False
    return True


def _stumble(stage: Stage, tale: Tale, now: datetime) -> bool:
    """A case whose first outside service failed for good, so that it waits with an incident."""
    stage.clock.now = now
    start = tale.script["start"]
    teller = next(actor for actor in ACTORS if start.get("by", "") in ("", *actor.roles))
    try:
        case = stage.engine.begin(teller, tale.procedure, start.get("data", {}))
    except EngineError:
        return False
    with stage.open_store() as store:
        effects = read_state(store.case(case.id).state).effects
    return bool(effects) and stage.engine.give_up(effects[0].id, BROKEN)


def _lasts(script: Mapping[str, Any], cut: int) -> timedelta:
    """How long the first steps take, from the scenario's start."""
    begun = at = moment(script["start"]["at"])
    for step in script["steps"][:cut]:
        said = step.get("at") or step.get("to")
        at = (
            max(at, moment(said))
            if said
            else at + span(step.get("after") or step.get("pass") or A_WHILE)
        )
    return at - begun


def _moved(script: Mapping[str, Any], begun_at: datetime) -> dict[str, Any]:
    """The scenario with every absolute time and date moved to another beginning."""
    shift = begun_at - moment(script["start"]["at"])
    start, steps = _shifted(script["start"], shift), _shifted(script["steps"], shift)
    return {**script, "start": start, "steps": [_unhurried(step) for step in steps]}


def _unhurried(step: Mapping[str, Any]) -> Mapping[str, Any]:
    """A step that says no time takes its people a while."""
    return step if {"at", "to", "after", "pass"} & step.keys() else {**step, "after": A_WHILE}


def _shifted(told: Any, shift: timedelta) -> Any:
    if isinstance(told, Mapping):
        return {key: _shifted(value, shift) for key, value in told.items()}
    if isinstance(told, list):
        return [_shifted(value, shift) for value in told]
    if not isinstance(told, str) or not MOMENT.fullmatch(told):
        return told
    if "T" in told:
        return (moment(told) + shift).isoformat()
    return (date.fromisoformat(told) + timedelta(days=round(shift / timedelta(days=1)))).isoformat()


def _varied(tale: Tale, chance: random.Random) -> Tale:
    """The same story among other people, about another thing between neighbours."""
    text = json.dumps(tale.script, ensure_ascii=False)
    for row in tale.script["start"].get("data", {}).get("/parties", ()):
        name = row.get("name", "")
        if 1 < len(name) < 5:
            text = text.replace(name, chance.choice(SURNAMES) + chance.choice(GIVEN))
    thing, trouble = chance.choice(QUARRELS)
    text = text.replace("排水沟堵塞", thing + trouble).replace("排水沟", thing)
    return Tale(tale.procedure, json.loads(text))
