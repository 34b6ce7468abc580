"""Two people publish the same procedure at the same moment: n and n + 1, nothing is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.commands import Engine
from engine.errors import Conflict
from engine.package import digest, read_package
from storage.sql import Database
from tests.cast import APPROVER, DESIGNER
from tests.conftest import populate
from tests.storage.test_workers import at_once
from tests.storage.worker_process import now

BPMN = Path(__file__).parents[2] / "bpmn"
NAME = "video_session"
BUNDLE = read_package(BPMN / NAME)


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request, url_of, facts):
    """The verbs on a database on disk in which one procedure is published."""
    database = Database(url_of(request.param), now)
    with database.open() as store:
        populate(store, facts)
    engine = Engine(database.open, now, {}, None)
    engine.shelf = BPMN / "shared"
    engine.install({NAME: BUNDLE})
    yield engine
    database.close()


def submitted(desk, author, words):
    """A draft with other words, waiting for a second person; with what their page shows."""
    draft = desk.open_draft(author, NAME)
    with desk._open() as store:
        there = store.draft_files(draft.id)["README.md"]
    desk.save_file(author, draft.id, "README.md", words.encode(), there.digest)
    desk.submit(author, draft.id, words)
    return draft.id, shown(desk, draft.id)


def shown(desk, draft):
    with desk._open() as store:
        return digest(desk.publishable(store, store.draft(draft)))


def versions(desk):
    with desk._open() as store:
        told = [one for one, payload in store.entries(f"procedure:{NAME}") if one.verb == "publish"]
        return len(told), store.current_release(NAME).version


def test_two_releases_at_the_same_moment_get_two_numbers(desk):
    made = [{**BUNDLE, "README.md": words} for words in (b"# one", b"# two")]
    done = at_once(lambda files: desk.publish(DESIGNER, APPROVER, NAME, files, "x"), made)
    assert sorted(one.version for one in done) == [2, 3]
    assert versions(desk) == (3, 3)


def test_the_same_bytes_at_the_same_moment_are_one_release(desk):
    made = [{**BUNDLE, "README.md": b"# one"}] * 2
    done = at_once(lambda files: desk.publish(DESIGNER, APPROVER, NAME, files, "x"), made)
    assert [one.version for one in done] == [2, 2]
    assert versions(desk) == (2, 2)


def test_of_two_drafts_approved_at_once_the_second_takes_the_first_over_and_follows(desk):
    mine, theirs = submitted(desk, DESIGNER, "# mine"), submitted(desk, APPROVER, "# theirs")
    pairs = [(APPROVER, *mine), (DESIGNER, *theirs)]
    done = at_once(lambda one: desk.approve(*one), pairs)
    (number,) = [n for n, one in enumerate(done) if isinstance(one, Conflict)]
    assert (done[number].code, done[1 - number].version) == ("draft_outdated", 2)
    approver, draft, _ = pairs[number]
    author = DESIGNER if approver is APPROVER else APPROVER
    desk.take_back(author, draft)
    assert desk.catch_up(author, draft) == ("README.md",)
    desk.submit(author, draft, "again")
    assert desk.approve(approver, draft, shown(desk, draft)).version == 3
