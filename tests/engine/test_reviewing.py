"""Two designers: one draws and submits, the other looks, approves or sends back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.commands.releases import INSTALLATION
from engine.errors import Conflict, Invalid, NotAllowed
from engine.package import digest, read_package
from tests.cast import APPROVER, CLERK, DESIGNER

BPMN = Path(__file__).parent.parent.parent / "bpmn"
NAME = "video_session"
STREAM = f"procedure:{NAME}"
README = "README.md"


@pytest.fixture
def bundle():
    return read_package(BPMN / NAME)


@pytest.fixture
def desk(desk, bundle):
    desk.shelf = BPMN / "shared"
    desk.install({NAME: bundle})
    return desk


def change(desk, actor, words, name=README):
    """The actor's draft with other words in a file."""
    draft = desk.open_draft(actor, NAME)
    with desk._open() as store:
        there = store.draft_files(draft.id).get(name)
    desk.save_file(actor, draft.id, name, words.encode(), there.digest if there else "")
    return draft.id


def seen(desk, draft_id):
    """The digest that a reviewer's page shows."""
    with desk._open() as store:
        return digest(desk.publishable(store, store.draft(draft_id)))


def publish(desk, author, approver, words):
    draft = change(desk, author, words)
    desk.submit(author, draft, "改说明")
    return desk.approve(approver, draft, seen(desk, draft))


def journal(desk):
    with desk._open() as store:
        return [(entry.verb, entry.actor) for entry, _ in store.entries(STREAM)]


def test_a_second_person_publishes_what_was_submitted(desk):
    published = publish(desk, DESIGNER, APPROVER, "# 新说明")
    assert published.version == 2
    with desk._open() as store:
        assert store.current_release(NAME).files[README] == "# 新说明".encode()
    assert journal(desk)[1:] == [
        ("draft.open", "designer"),
        ("draft.submit", "designer"),
        ("publish", "designer2"),
    ]


def test_nobody_approves_their_own_and_strangers_nothing(desk):
    draft = change(desk, DESIGNER, "# 新")
    desk.submit(DESIGNER, draft, "说明")
    for person, code in ((DESIGNER, "author_is_approver"), (CLERK, "may_not_publish")):
        with pytest.raises(NotAllowed, match=code):
            desk.approve(person, draft, seen(desk, draft))


def test_what_was_submitted_stands_still_until_it_comes_back(desk):
    draft = change(desk, DESIGNER, "# 新")
    desk.submit(DESIGNER, draft, "说明")
    with pytest.raises(Conflict, match="draft_closed"):
        desk.save_file(DESIGNER, draft, "x.md", b"x", "")
    desk.send_back(APPROVER, draft, "请写明依据")
    with desk._open() as store:
        assert [one.text for one in store.comments(draft)] == ["请写明依据"]
    desk.save_file(DESIGNER, draft, "x.md", b"x", "")
    desk.submit(DESIGNER, draft, "再来")
    assert desk.take_back(DESIGNER, draft).state == "open"
    with pytest.raises(Conflict, match="draft_not_submitted"):
        desk.approve(APPROVER, draft, seen(desk, draft))


def test_only_what_the_reviewer_saw_is_published(desk):
    draft = change(desk, DESIGNER, "# 一")
    desk.submit(DESIGNER, draft, "说明")
    old = seen(desk, draft)
    desk.take_back(DESIGNER, draft)
    change(desk, DESIGNER, "# 二")
    desk.submit(DESIGNER, draft, "说明")
    with pytest.raises(Conflict, match="draft_moved"):
        desk.approve(APPROVER, draft, old)


def test_errors_and_scenarios_that_end_otherwise_refuse(desk, bundle):
    draft = change(desk, DESIGNER, "<broken", "process.bpmn")
    with pytest.raises(Invalid) as refused:
        desk.submit(DESIGNER, draft, "说明")
    assert [one.code for one in refused.value.problems] == ["xml_broken"]
    desk.undo(DESIGNER, draft)
    name = min(name for name in bundle if name.startswith("scenarios/"))
    story = json.loads(bundle[name])
    story["expect"] = {**story["expect"], "ended": "another_end"}
    change(desk, DESIGNER, json.dumps(story), name)
    with pytest.raises(Invalid) as refused:
        desk.submit(DESIGNER, draft, "说明")
    assert {one.code for one in refused.value.problems} == {"scenario_fails"}


def test_identical_bytes_and_empty_notes_are_no_release(desk):
    draft = desk.open_draft(DESIGNER, NAME)
    with pytest.raises(Conflict, match="nothing_changed"):
        desk.submit(DESIGNER, draft.id, "说明")
    with pytest.raises(Invalid, match="release_note_needed"):
        desk.submit(DESIGNER, draft.id, " ")


def test_who_comes_second_takes_the_new_version_over_first(desk):
    mine, theirs = change(desk, DESIGNER, "# 甲"), change(desk, APPROVER, "乙", "notes.md")
    desk.submit(DESIGNER, mine, "甲")
    desk.submit(APPROVER, theirs, "乙")
    desk.approve(APPROVER, mine, seen(desk, mine))
    with pytest.raises(Conflict, match="draft_outdated"):
        desk.approve(DESIGNER, theirs, seen(desk, theirs))
    desk.take_back(APPROVER, theirs)
    assert desk.catch_up(APPROVER, theirs) == ()
    desk.submit(APPROVER, theirs, "乙")
    assert desk.approve(DESIGNER, theirs, seen(desk, theirs)).version == 3


def test_an_old_release_is_published_anew(desk, bundle):
    publish(desk, DESIGNER, APPROVER, "# 新说明")
    with desk._open() as store:
        first = store.entries(STREAM)
        first = next(payload.data["digest"] for entry, payload in first if entry.verb == "publish")
    draft = desk.propose_again(APPROVER, NAME, first, "退回第一版")
    again = desk.approve(DESIGNER, draft.id, seen(desk, draft.id))
    assert (again.version, again.digest, again.files) == (3, first, bundle)
    with desk._open() as store:
        assert store.current_release(NAME).version == 3
        assert list(store.current_digests()) == [first]


def test_a_later_version_of_the_product_is_put_forward_once(desk, bundle):
    later = {**bundle, README: b"# later"}
    (offered,) = desk.offer({NAME: later})
    assert (offered.person, offered.state) == (INSTALLATION.person, "submitted")
    assert desk.offer({NAME: later}) == []
    publish(desk, DESIGNER, APPROVER, "# 本院的说明")
    assert desk.approve(DESIGNER, offered.id, seen(desk, offered.id)).version == 3
    (other,) = desk.offer({NAME: {**bundle, README: b"# still later"}})
    desk.send_back(DESIGNER, other.id, "不采用")
    assert desk.offer({NAME: {**bundle, README: b"# still later"}}) == []


def test_comments_are_pinned_and_closed(desk):
    draft = change(desk, DESIGNER, "# 新")
    said = desk.comment(APPROVER, draft, ("process.bpmn", "start"), "为什么从这里开始？")
    desk.close_comment(DESIGNER, draft, said.id)
    with desk._open() as store:
        (kept,) = store.comments(draft)
    assert kept == replace(said, closed_by="designer", closed_at=kept.closed_at)
    with pytest.raises(Invalid, match="comment_empty"):
        desk.comment(APPROVER, draft, ("", ""), " ")
