"""Believable dossiers at all stages, made by playing scenarios through the real verbs."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.errors import EngineError
from engine.scenario.reading import moment, span
from engine.story import Stage, VirtualClock, pass_time, tell
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
SEED = 20260302
LATEST = timedelta(days=4)
"""Open cases stopped at most this long ago, so that their clocks still tell something."""


@dataclass(frozen=True, slots=True)
class Tale:
    """A scenario to be told: of which procedure, and its file as plain JSON."""

    procedure: str
    script: Mapping[str, Any]


def fill(built: Built, count: int, tick: Callable[[], None]) -> int:
    """Tell ``count`` dossiers, every scenario at least once to its end while they last; how many."""
    tales, chance = list(_tales()), random.Random(SEED)  # noqa: S311 - the same demonstration each time
    now, told = built.clock(), 0
    clock = VirtualClock(now)
    past = build(built.config, clock)
    stage = Stage(past.engine, past.open_store, clock, ACTORS)
    for number in range(count if tales else 0):
        tale = _varied(tales[number % len(tales)], chance)
        steps = len(tale.script["steps"])
        cut = steps if number < len(tales) else chance.randint(0, steps)
        clock.now = now - _age(tale.script, cut, chance)
        told += _tell(stage, tale, cut, now)
        tick()
    past.database.close()
    return told


def _tales() -> list[Tale]:
    return [
        Tale(name, json.loads(files[path]))
        for name, files in sorted(bundled().items())
        for path in sorted(files)
        if path.startswith("scenarios/")
    ]


def _age(script: Mapping[str, Any], cut: int, chance: random.Random) -> timedelta:
    """How long ago it began, so that its last played step lies shortly (if it ended: months) before now."""
    last = timedelta(days=120) if cut == len(script["steps"]) else LATEST
    return chance.random() * last + _lasts(script, script["steps"][:cut])


def _tell(stage: Stage, tale: Tale, cut: int, now: datetime) -> bool:
    try:
        case = tell(stage, tale.procedure, _moved(tale.script, stage.clock.now), cut)
        pass_time(stage, case, now)
    except EngineError:
        return False
    return True


def _lasts(script: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> timedelta:
    """How long the steps take, from the scenario's start."""
    begun = at = moment(script["start"]["at"])
    for step in steps:
        said = step.get("at") or step.get("to")
        at = (
            max(at, moment(said))
            if said
            else at + span(step.get("after") or step.get("pass") or "PT0S")
        )
    return at - begun


def _moved(script: Mapping[str, Any], begun_at: datetime) -> dict[str, Any]:
    """The scenario with its absolute times moved to another beginning."""
    shift = begun_at - moment(script["start"]["at"])
    steps = [
        {k: (moment(v) + shift).isoformat() if k in ("at", "to") else v for k, v in step.items()}
        for step in script["steps"]
    ]
    return {**script, "start": {**script["start"], "at": begun_at.isoformat()}, "steps": steps}


def _varied(tale: Tale, chance: random.Random) -> Tale:
    """The same story among other people: each party's name replaced wherever it stands."""
    text = json.dumps(tale.script, ensure_ascii=False)
    for row in tale.script["start"].get("data", {}).get("/parties", ()):
        name = row.get("name", "")
        if 1 < len(name) < 5:
            text = text.replace(name, chance.choice(SURNAMES) + chance.choice(GIVEN))
    return Tale(tale.procedure, json.loads(text))
