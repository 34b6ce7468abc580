"""Figures of a case that was moved to another version: each step under the one at which it ran."""

from __future__ import annotations

from engine.figures import Figures, fact
from engine.model import Input
from engine.replay import state_digest
from engine.spiff import move
from tests.builders import process, release, user
from tests.engine.test_figures import CHECKED, NOWHERE, RULES, Told


def move_to(case, drawn, **names):
    """The case goes on under another release, where the elements named bear other ids."""
    to, data = release(drawn, RULES), {"from": case.release.digest, "names": names}
    cause = Input("c", len(case.chain), "move", case.now, case.now, "", data)
    case.last = move((case.release, to), case.facts, case.state, cause)
    case.release, case.releases[to.digest], case.state = to, to, case.last.state
    case.tasks |= {one.place.element: one for one in case.last.tasks}
    case.keep(cause, "input", NOWHERE, "", state_digest("s", case.last))


def test_a_moved_case_counts_each_step_under_the_release_at_which_it_ran():
    case = Told("start -> ask -> tell -> end", user("ask"), user("tell"))
    first, second = case.release, process("start -> ask -> say -> end", user("ask"), user("say"))
    move_to(case.wait(hours=1).do("ask").wait(hours=1), second, tell="say")
    whole, before, after = case.wait(hours=1).do("say").walk().ways
    assert (before.release, after.release) == (first.digest, case.release.digest)
    assert [way.path for way in (whole, before, after)] == [("ask", "say"), ("ask",), ("say",)]
    assert before.lengths == (("waited\t\task", 3600),)
    assert after.lengths == (("waited\t\tsay", 7200),)
    assert set(whole.lengths) == {*before.lengths, *after.lengths}
    assert {fact("entered", "", "say"), fact("done", "", "say")} <= set(after.facts)
    assert fact("entered", "", "tell") not in (*whole.facts, *before.facts)
    counted = sorted(one for way in (before, after) for one in way.facts if "variant" not in one)
    assert counted == [one for one in whole.facts if "variant" not in one]


def test_a_loop_that_goes_on_under_another_release_is_one_still():
    case, other = Told(*CHECKED), process(*CHECKED, id="p2")
    move_to(case.do("draft").do("check", "again"), other)
    case.do("draft").do("check", "fine")
    whole, before, after = case.walk().ways
    assert fact("again", "", "check") in after.facts
    assert fact("again", "", "draft") in before.facts
    assert Figures([whole]).cases == Figures([after]).cases == 1
