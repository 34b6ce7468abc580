"""Stories and the small procedures they are told of."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from engine.facts import build_facts
from engine.model import Facts, Release
from engine.scenario import Played, Scenario, play, read_scenario
from tests.builders import boundary, process, release, timer, user, xor

SHARED = Path(__file__).parents[2] / "bpmn" / "shared"
RULES = {"shared/rules.toml": (SHARED / "rules.toml").read_bytes()}
SHORT = "start -> ask -> end"
WAITING = (
    "start -> ask -> end\nlate -> lapsed",
    user("ask"),
    boundary("late", "ask", timer("P3D")),
    '<endEvent id="lapsed"/>',
)
BRANCHING = (
    """start -> big
    big -> mediate if amount > 100
    big -> advise
    mediate -> end
    advise -> end""",
    xor("big", default="big__advise"),
    user("mediate"),
    user("advise"),
)


@cache
def published() -> Facts:
    return build_facts(SHARED)


def story(
    *steps: dict[str, Any], start: Any = None, answers: Any = None, **expect: Any
) -> Scenario:
    told = {
        "title": {"zh": "故事", "en": "A story"},
        "start": {"at": "2026-06-01T09:00", **(start or {})},
        "steps": list(steps),
        "expect": expect,
        "answers": answers or {},
    }
    return read_scenario(json.dumps(told).encode(), "story")


def drawn(flows: str, *parts: str, root: str = "", **files: bytes) -> Release:
    return release(process(flows, *parts, root=root), {**RULES, **files})


def tell(of: Release, *steps: dict[str, Any], **more: Any) -> Played:
    return play(of, published(), story(*steps, **more))


def said(played: Played) -> str:
    assert played.failure, "it ended as told"
    assert played.failure.say("zh")
    return played.failure.say("en")
