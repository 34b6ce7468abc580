"""Every scenario is played again by the people of the county, through the verbs, and replays the same."""

from __future__ import annotations

import json

import pytest

from engine.commands import Engine
from engine.commands.signing_files import SIGNING
from engine.facts import build_facts
from engine.model import Release
from engine.package import digest
from engine.replay import judge
from engine.scenario.answers import signed
from engine.scenario.reading import moment
from engine.spiff import read_state
from engine.story import Stage, VirtualClock, tell
from engine.worker import Worker
from storage.memory import Memory
from tests import cast
from tests.conftest import BPMN, populate
from webui.wiring import bundled

BUNDLED = bundled()
STORIES = [
    (procedure, name)
    for procedure, files in BUNDLED.items()
    for name in sorted(files)
    if name.startswith("scenarios/")
]


@pytest.fixture(scope="module")
def stage():
    """One store for all stories of this module; each begins at its own time."""
    clock = VirtualClock(moment("2026-01-01T09:00"))
    memory = Memory(clock)
    with memory.open() as store:
        populate(store, build_facts(BPMN / "shared"))
        for procedure, files in BUNDLED.items():
            store.add_release(Release(procedure, digest(files), files), "a", "b", clock())
    people = [cast.actor(login) for login in cast.PEOPLE]
    yield Stage(Engine(memory.open, clock, {SIGNING: signed}, None), memory.open, clock, people)
    memory.close()


@pytest.mark.parametrize(("procedure", "name"), STORIES, ids=lambda part: part.split("/")[-1])
def test_the_county_can_play_it(stage, procedure, name):
    script = json.loads(BUNDLED[procedure][name])
    stage.clock.now = moment(script["start"]["at"])
    case_id = tell(stage, procedure, script)
    with stage.open_store() as store:
        case, chain = store.case(case_id), list(store.entries(f"case:{case_id}"))
        assert judge(chain, store.release, store.facts, case.state).breaks == ()


def test_a_settlement_opens_its_confirmation(stage):
    script = json.loads(BUNDLED["mediation"]["scenarios/m5_online_signatures.json"])
    stage.clock.now = moment(script["start"]["at"])
    case_id = tell(stage, "mediation", script)
    Worker(stage.engine, stage.open_store, stage.clock).work_due()
    with stage.open_store() as store:
        opened = [store.case(one) for one in store.cases_in(store.case(case_id).dossier)]
    assert [case.procedure for case in opened][:2] == ["mediation", "confirmation"]
    assert {task.place.element for task in read_state(opened[1].state).tasks}


def test_one_admission_opens_talks_and_leaving_and_ends_in_visits(stage):
    script = json.loads(BUNDLED["detention_exit"]["scenarios/settled_and_expired.json"])
    stage.clock.now = moment(script["start"]["at"])
    case_id = tell(stage, "detention_exit", script)
    Worker(stage.engine, stage.open_store, stage.clock).work_due()
    with stage.open_store() as store:
        opened = [store.case(one) for one in store.cases_in(store.case(case_id).dossier)]
    visits = next(case for case in opened if case.procedure == "follow_up")
    assert {"detention_exit", "detention_mediation"} < {case.procedure for case in opened}
    assert read_state(visits.state).data["visits"]["dues"][0]["what"] == "付清余款"
