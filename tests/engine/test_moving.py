"""A running case goes on under the published release, or stays with the reason; its journal replays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.commands.moving import would_move
from engine.errors import Conflict, NotAllowed
from engine.replay import judge
from engine.spiff import read_state
from tests.builders import (
    boundary,
    each,
    end,
    extend,
    par,
    release,
    script,
    sub,
    timer,
    user,
    xor,
)
from tests.builders import clock as mark
from tests.cast import CLERK, DESIGNER, SUPERVISOR
from tests.engine.whatif.living import FILES, Lived, drawn

WHY = "更正条款"
ROLE = {"ld_role": "TRIB_CLERK"}
FLOWS = "start -> a -> b -> end"
LATE = f"{FLOWS}\nlate -> over"
COUNTED = mark("accept_referral", starts="enter", ends="done")


def late(after="P5D", **more):
    return boundary("late", "a", timer(after), **more)


@pytest.fixture
def moving(desk, store, clock):
    """``moving(first)``: a case on a release; ``.to(second)`` publishes and moves."""
    return lambda first=None: Moving(desk, store, clock, first)


class Moving(Lived):
    def to(self, second, names=None):
        with self.store() as opened:
            opened.add_release(second, "designer", "designer2", self.clock())
        self.clock.move(self.clock() + timedelta(hours=1))
        return self.desk.move_case(DESIGNER, self.id, second.digest, WHY, names)

    def stays(self, second):
        """The code of the reason, the same from the dry run; nothing was written."""
        before = self.case
        with pytest.raises(Conflict) as refused:
            self.to(second)
        with self.store() as opened:
            read = (opened.release, opened.facts)
            found = would_move(read, before, second, {}, self.clock())
        assert (found.code, self.case) == (refused.value.code, before)
        return found.code

    @property
    def case(self):
        with self.store() as opened:
            return opened.case(self.id)

    def tasks_of(self, opened):
        found = read_state(opened.case(self.id).state).tasks
        return {one.place.element: one.id for one in found}

    @property
    def state(self):
        return read_state(self.case.state)

    def verdict(self):
        with self.store() as opened:
            chain = list(opened.entries(f"case:{self.id}"))
            return judge(chain, opened.release, opened.facts, self.case_state(opened))

    def case_state(self, opened):
        return opened.case(self.id).state


def test_a_moved_case_goes_on_by_the_new_drawing_and_replays(moving):
    case, longer = moving(), drawn("start -> a -> c -> b -> end", user("c", **ROLE), c=b"{}")
    task = case.tasks["a"]
    assert case.to(longer)
    assert (case.case.release, case.tasks["a"]) == (longer.digest, task)
    case.work({"/dispute/facts": "漏水"})
    assert list(case.tasks) == ["c"]
    verdict = case.verdict()
    assert (verdict.same, verdict.breaks) == (True, ())


def test_a_case_is_moved_once(moving):
    case, second = moving(), drawn(FLOWS, script("s", "1"))
    assert case.to(second)
    seq = case.case.seq
    assert not case.desk.move_case(DESIGNER, case.id, second.digest, WHY)
    assert case.case.seq == seq


def test_the_journal_names_who_moved_it_from_where_and_why(moving):
    case = moving()
    first, second = case.case.release, drawn(FLOWS, script("s", "1"))
    case.to(second)
    with case.store() as opened:
        *_, (entry, payload) = opened.entries(f"case:{case.id}")
    assert (entry.verb, entry.actor, entry.release) == ("move", "designer", second.digest)
    assert (payload.data, payload.reason) == ({"from": first}, WHY)


def test_a_timer_keeps_its_start_though_the_new_one_is_shorter(moving):
    case = moving(drawn(LATE, late("P5D"), end("over")))
    (timer_before,) = case.state.timers
    assert case.to(drawn(LATE, late("P1D"), end("over")))
    assert case.state.timers == (timer_before,)


def test_a_clock_runs_on(moving):
    case = moving(drawn(FLOWS, user("a", extend(COUNTED), **ROLE)))
    clocks = case.state.clocks
    assert clocks
    assert case.to(drawn(FLOWS, user("a", extend(COUNTED), name="新名", **ROLE)))
    assert case.state.clocks == clocks


def test_what_was_typed_and_who_holds_the_task_survive(moving):
    case = moving()
    task = case.tasks["a"]
    case.desk.claim(CLERK, task)
    case.desk.keep_draft(CLERK, task, {"/dispute/facts": ["漏"]})
    assert case.to(drawn(FLOWS, script("s", "1")))
    with case.store() as opened:
        assert opened.open_task(task).holder == CLERK.person
        assert opened.drafts(task, CLERK.person) == {"/dispute/facts": ["漏"]}


def test_items_of_a_repeated_step_survive(moving):
    items = user("a", each("[1, 2, 3]"), **ROLE)
    case = moving(drawn(FLOWS, items))
    tasks = case.state.tasks
    assert len(tasks) == 3
    assert case.to(drawn(FLOWS, items, script("s", "1")))
    assert case.state.tasks == tasks


def test_what_waits_in_a_sub_process_goes_on_there(moving):
    inner = sub("s", "start -> a -> end", user("a", **ROLE))
    case = moving(drawn("start -> s -> b -> end", inner))
    assert case.to(drawn("start -> s -> b -> x -> end", inner, xor("x")))
    case.work({"/dispute/facts": "漏水"})
    assert list(case.tasks) == ["b"]


def without_a():
    xml = drawn("start -> b -> end").files["process.bpmn"]
    return release(xml.replace(b'id="a"', b'id="z"'), FILES)


def without_rules():
    files = {**FILES, "shared/rules.toml": b""}
    return release(drawn(FLOWS, user("a", name="新名", **ROLE)).files["process.bpmn"], files)


CHOICE = "start -> a -> x\nx -> b if dispute.nothing\nx -> over if dispute.none\nb -> end"


def test_a_case_that_stands_still_is_moved_and_what_was_held_goes_through(moving):
    case = moving(drawn(CHOICE, xor("x"), end("over")))
    case.work({"/dispute/facts": "漏水"})
    with case.store() as opened:
        held = opened.incident_of(case.id)
    assert held.incident.code == "no_flow"
    assert case.to(
        drawn(CHOICE.replace("x -> b if dispute.nothing", "x -> b"), MENDED, end("over"))
    )
    assert case.case.status == "held"
    assert case.desk.retry(SUPERVISOR, held.id, WHY)
    assert (list(case.tasks), case.verdict().same) == (["b"], True)


MENDED = xor("x", default="x__b")
SPLIT = "start -> p -> a -> j -> end\np -> b -> j"
STAYS = {
    "move_element_gone": (drawn(), without_a()),
    "move_type": (drawn(), drawn(FLOWS, script("a", "1"))),
    "move_repeats": (drawn(), drawn(FLOWS, user("a", each("[1]"), **ROLE))),
    "move_boundary": (drawn(), drawn(LATE, late(), end("over"))),
    "move_rule_gone": (drawn(FLOWS, user("a", extend(COUNTED), **ROLE)), without_rules()),
}


@pytest.mark.parametrize("code", STAYS)
def test_a_case_that_does_not_fit_stays_with_the_reason(moving, code):
    first, second = STAYS[code]
    assert moving(first).stays(second) == code


def test_an_end_that_another_flow_reaches_keeps_half_a_join_back(moving):
    case = moving(drawn(SPLIT, par("p"), par("j")))
    case.desk.claim(CLERK, case.tasks["a"])
    case.desk.answer(CLERK, case.tasks["a"], {"/dispute/facts": "漏水"})
    more = f"{SPLIT}\np -> c -> j"
    assert case.stays(drawn(more, par("p"), par("j"), user("c", **ROLE))) == "move_join"


def test_only_designers_move_and_only_with_a_reason_to_what_is_published(moving):
    case = moving()
    for actor, why, code in ((CLERK, WHY, "may_not_publish"), (DESIGNER, " ", "reason_needed")):
        with pytest.raises(NotAllowed) as refused:
            case.desk.move_case(actor, case.id, case.case.release, why)
        assert refused.value.code == code
    old = case.case.release
    case.to(drawn(FLOWS, script("s", "1")))
    with pytest.raises(Conflict) as conflict:
        case.desk.move_case(DESIGNER, case.id, old, WHY)
    assert conflict.value.code == "move_not_current"


def test_an_ended_case_is_left_alone(moving):
    case = moving().work()
    with pytest.raises(Conflict) as conflict:
        case.to(drawn(FLOWS, script("s", "1")))
    assert conflict.value.code == "case_over"
