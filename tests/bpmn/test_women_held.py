"""Women held are searched, talked to and managed by female officers alone (S10 §§11, 15)."""

from __future__ import annotations

import json

import pytest

from engine.access import on_shift
from engine.commands import Engine
from engine.errors import NotAllowed
from engine.model import Release
from engine.package import digest
from engine.scenario.reading import moment
from engine.spiff import read_state
from engine.story import Stage, VirtualClock, tell
from tests.cast import PEOPLE, actor
from webui.wiring import bundled

OFFICER, WOMAN = on_shift(actor("discipline")), on_shift(actor("warden"))


@pytest.fixture
def clock():
    return VirtualClock(moment("2026-09-28T09:00"))


@pytest.fixture
def held(store, clock):
    """``held("F")``: the engine and the open first talk with somebody of that sex."""

    def begun(sex):
        files = bundled()["detention_mediation"]
        story = json.loads(files["scenarios/woman_talks_with_woman.json"])
        story["start"]["payload"]["detainee"]["sex"] = sex
        with store() as opened:
            release = Release("detention_mediation", digest(files), files)
            opened.add_release(release, "a", "b", clock())
        engine = Engine(store, clock, {}, None)
        stage = Stage(engine, store, clock, list(map(actor, PEOPLE)))
        case = tell(stage, "detention_mediation", story, 1)
        with store() as opened:
            tasks = read_state(opened.case(case).state).tasks
        return engine, next(one.id for one in tasks if one.place.element == "first_talk")

    return begun


def test_only_a_female_officer_takes_the_talk_with_a_woman(held):
    engine, talk = held("F")
    with pytest.raises(NotAllowed, match="not_candidate"):
        engine.claim(OFFICER, talk)
    engine.claim(WOMAN, talk)
    with pytest.raises(NotAllowed, match="colleague_may_not"):
        engine.delegate(WOMAN, talk, "discipline", "换班")


def test_with_a_man_every_officer_talks(held):
    engine, talk = held("M")
    engine.claim(OFFICER, talk)
