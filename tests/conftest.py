"""What every story needs: a clock that stands still, the county, a desk with all verbs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright

from engine.commands import Engine
from engine.facts import build_facts
from engine.story import VirtualClock
from tests import cast
from tests.builders import BEGIN
from tests.chromium import FLAGS, find_chromium
from tests.kept import Kept
from tests.seal.offices import typeset

BPMN = Path(__file__).parent.parent / "bpmn"
LONG = ("journeys", "storage")
settings.register_profile("same every time", derandomize=True, deadline=None)
settings.load_profile("same every time")


def pytest_collection_modifyitems(items):
    """Long files first: begun last, one would keep one process busy while the others have nothing."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


@pytest.fixture(scope="module")
def chromium():
    """A real browser; its event loop must be gone before a test that runs one of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def clock():
    """Monday 2 March 2026, nine in the morning, until it is moved."""
    return VirtualClock(BEGIN)


@pytest.fixture(scope="session")
def facts():
    return build_facts(BPMN / "shared")


@pytest.fixture(scope="session")
def letter(tmp_path_factory):
    """A small document with a place for its seal."""
    return typeset(tmp_path_factory.mktemp("letter"))


@pytest.fixture(scope="session")
def county(facts):
    """The county in memory, made once."""
    return Kept(lambda opened: populate(opened, facts))


@pytest.fixture
def store(county, clock):
    """A memory store with the county in it."""
    memory = county.again(clock)
    yield memory.open
    memory.close()


@pytest.fixture
def desk(store, clock):
    """All verbs on that store, with no service outside."""
    return Engine(store, clock, {}, None)


def populate(store, facts):
    """Save the facts, organisations and people of the demonstration county."""
    store.add_facts(facts, BEGIN)
    for organisation in cast.ORGANISATIONS:
        store.save_organisation(organisation)
    for person in cast.PEOPLE.values():
        store.save_person(person)
        for grant in person.grants:
            store.grant(person.id, grant, BEGIN, None)
