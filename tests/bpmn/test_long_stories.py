"""Every story over several cases goes as told, on the memory store, through the verbs of people."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from engine.chronicle import World, relate
from engine.citations import cite
from engine.commands import Engine
from engine.commands.cases import KINDS
from engine.commands.signing_files import SIGNING
from engine.errors import Invalid
from engine.facts import build_facts
from engine.model import Release
from engine.package import digest
from engine.replay import judge
from engine.scenario.answers import signed
from engine.scenario.reading import moment
from engine.story import Stage, VirtualClock
from engine.worker import Worker
from storage.tables import messages
from tests import cast
from tests.conftest import BPMN, populate
from tests.kept import Kept
from webui.wiring import bundled

BUNDLED = bundled()
FACTS = build_facts(BPMN / "shared")
TOLD = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in (BPMN / "shared/stories").glob("*.json")
}
OPENED = moment("2026-01-01T09:00")
STORY = pytest.mark.parametrize("name", sorted(TOLD))


def scenario(procedure, name):
    return json.loads(BUNDLED[procedure][f"scenarios/{name}.json"])


@pytest.fixture(scope="module")
def published():
    """The county with every procedure."""

    def fill(store):
        populate(store, FACTS)
        for procedure, files in BUNDLED.items():
            store.add_release(Release(procedure, digest(files), files), "a", "b", OPENED)

    return Kept(fill)


@pytest.fixture
def world(published):
    clock = VirtualClock(OPENED)
    memory = published.again(clock)
    engine = Engine(memory.open, clock, {SIGNING: signed}, None)
    people = [cast.actor(login) for login in cast.PEOPLE]
    yield World(
        Stage(engine, memory.open, clock, people), Worker(engine, memory.open, clock), scenario
    )
    memory.close()


@STORY
def test_a_long_story_ends_as_told_and_replays(world, name):
    cases = relate(world, TOLD[name])
    with world.stage.open_store() as store:
        for case in cases:
            chain = list(store.entries(f"case:{case.id}"))
            assert judge(chain, store.release, store.facts, case.state).breaks == ()
            governs = store.dossier(case.dossier).kind == "governance"
            assert governs == (KINDS.get(case.procedure) == "governance")
        handed = store.run(sa.select(messages.c.name).where(messages.c.handed_at.is_not(None)))
        assert sorted(handed.scalars()) == TOLD[name]["expect"].get("handed_over", [])


@STORY
def test_its_clauses_are_registered(name):
    assert all(cite(FACTS.registers, clause).text for clause in TOLD[name]["clauses"])


def test_what_goes_otherwise_is_said(world):
    story = {
        "steps": [{"begin": "warning", "like": "red_in_full"}],
        "expect": {"status": {"warning": "ended"}},
    }
    with pytest.raises(Invalid) as caught:
        relate(world, story)
    assert caught.value.code == "story_differs"
    assert caught.value.params["what"] == "warning status"
