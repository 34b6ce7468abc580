"""Believable dossiers at all stages, made by playing scenarios through the real verbs."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from engine.access import SEAL_ADMIN
from engine.errors import EngineError, Failed
from engine.scenario.reading import moment, span
from engine.sealports import DEMONSTRATION
from engine.spiff import read_state
from engine.story import Stage, VirtualClock, pass_time, tell
from engine.workdays import CHINA
from engine.worker import Worker
from webui.product import Built
from webui.seals import seals_of
from webui.wiring import build

from .county import ACTORS
from .programme import Tale, programme, read_tales

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
WEEK = timedelta(weeks=1)
YEAR = timedelta(weeks=52)
YEARS = YEAR * 2
SIGNERS = frozenset({"TRIB_JUDGE", "TRIB_CLERK"})
WEEKS_BACK = 17
"""Whole tales ended at most this long ago."""
LONG = timedelta(days=25)
"""A tale this long hangs on months and quarters, and on the minute."""

Span = tuple[datetime, datetime]


def fill(built: Built, count: int, tick: Callable[[], None]) -> int:
    """Tell ``count`` dossiers as the programme says; then a few that stand still. How many."""
    chance = random.Random(SEED)  # noqa: S311 - the same demonstration each time
    clock = VirtualClock(built.clock())
    past = build(built.config, clock)
    _give_keys(past, clock)
    stage = Stage(past.engine, past.open_store, clock, ACTORS)
    tales, told = read_tales(), 0
    for tale, cut in programme(tales, count, chance):
        varied = _varied(tale, chance)
        told += _tell(stage, varied, cut, _begin(varied.script, cut, built.clock(), chance))
        tick()
    chance.shuffle(tales)
    stumbled = (_stumble(stage, _varied(tale, chance), built.clock()) for tale in tales)
    told += sum(islice(filter(None, stumbled), INCIDENTS))
    past.database.close()
    return told


def _give_keys(past: Built, clock: VirtualClock) -> None:
    """A seal for each court and a certificate for everybody who signs there, before anything happens."""
    now, clock.now = clock.now, clock.now - YEARS
    seals_of(past.config, clock).authority.time_stamps()
    for keeper in ACTORS:
        for court in (grant.org for grant in keeper.grants if grant.role == SEAL_ADMIN):
            with past.open_store() as store:
                name, known = store.organisation(court).name, store.seals_of(court)
            if known:
                continue
            past.engine.register_seal(keeper, court, name, now + YEARS, DEMONSTRATION)
            for person in (one.person for one in ACTORS if one.roles & SIGNERS):
                past.engine.register_signature(keeper, court, person, now + YEARS, DEMONSTRATION)
    clock.now = now


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


def _begin(script: Mapping[str, Any], cut: int, now: datetime, chance: random.Random) -> Span:
    """From when until when a tale is told: an open one lately, a whole one within months; a whole
    one begins on the day of the week, a long one also in the season, that it was written for."""
    lasts, written = _lasts(script, cut), moment(script["start"]["at"])
    if cut == len(script["steps"]):
        ended = script["expect"].get("ended")
        if ended and lasts > LONG:
            return written + YEAR * ((now - lasts - written) // YEAR), now
        back = chance.randrange(WEEKS_BACK) if ended else 0
        return written + WEEK * ((now - lasts - written) // WEEK - back), now
    begun = (now - chance.random() * LATEST - lasts).astimezone(CHINA)
    office = begun.replace(hour=chance.randint(8, 10), minute=chance.randint(0, 59))
    return min(office, now - lasts).astimezone(UTC), now


def _tell(stage: Stage, tale: Tale, cut: int, during: Span) -> bool:
    stage.clock.now, now = during
    try:
        case = tell(stage, tale.procedure, _moved(tale.script, stage.clock.now), cut)
        for one in _answered(stage, case):
            pass_time(stage, one, now)
    except EngineError:
        return False
    return True


def _answered(stage: Stage, case: str) -> Sequence[str]:
    """The cases of its dossier, once its messages have arrived."""
    Worker(stage.engine, stage.open_store, stage.clock).work_due()
    with stage.open_store() as store:
        return store.cases_in(store.case(case).dossier)


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
    if shift % YEAR:
        steps = [_unhurried(step) for step in steps]
    return {**script, "start": start, "steps": steps}


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
    start = tale.script["start"]
    for row in (*start.get("data", {}).get("/parties", ()), *start.get("parties", ())):
        name = row.get("name", "")
        if 1 < len(name) < 5:
            text = text.replace(name, chance.choice(SURNAMES) + chance.choice(GIVEN))
    thing, trouble = chance.choice(QUARRELS)
    text = text.replace("排水沟堵塞", thing + trouble).replace("排水沟", thing)
    return Tale(tale.procedure, json.loads(text))
