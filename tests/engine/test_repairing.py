"""Repairs by a supervisor: moved tokens, what was held, a second person, and that all of it replays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.commands.repair import correction_of, relocation
from engine.errors import Conflict, NotAllowed
from engine.facts import Where
from engine.model import Actor
from engine.spiff import read_state, standing
from tests.builders import boundary, end, par, timer, xor
from tests.cast import ADMIN, CLERK, SUPERVISOR
from tests.engine.test_moving import CHOICE, SPLIT, Moving
from tests.engine.whatif.living import drawn

WHY = "步骤走错"
OTHER = Actor("supervisor2", "周平", SUPERVISOR.grants)


class Mended(Moving):
    def put(self, to, *elements):
        return self.desk.relocate(SUPERVISOR, self.id, self.wanted(to, *elements), WHY)

    def wanted(self, to, *elements):
        here = [one.place for one in standing(self.case.state)]
        return relocation([one for one in here if not elements or one.element in elements], to)

    def second(self, since=None):
        self.desk.set_setting(ADMIN, "repair_needs_second", True, Where(since=since), "防止误改")
        return self

    @property
    def proposal(self):
        with self.store() as opened:
            return self.desk.proposal_of(opened, self.id)

    @property
    def entries(self):
        with self.store() as opened:
            return list(opened.entries(f"case:{self.id}"))


@pytest.fixture
def mending(desk, store, clock):
    """``mending(first)``: a case on a release."""
    return lambda first=None: Mended(desk, store, clock, first)


def test_a_token_is_moved_with_a_reason_and_the_journal_replays(mending):
    case = mending()
    case.put("b")
    assert (list(case.tasks), case.verdict().same) == (["b"], True)
    entry, payload = case.entries[-1]
    assert (entry.verb, entry.element, entry.actor) == ("relocate", "a", "supervisor")
    assert (payload.reason, payload.data["to"]) == (WHY, "b")


def test_open_rows_follow_from_where_the_case_stands(mending, store):
    late = boundary("late", "a", timer("P5D"))
    case = mending(drawn("start -> a -> b -> end\nlate -> over", late, end("over")))
    gone = case.tasks["a"]
    case.desk.claim(CLERK, gone)
    case.put("b")
    with store() as opened:
        assert opened.closed_task(gone)["how"] == "cancelled"
        assert opened.due_timers(case.id, case.clock() + timedelta(days=9)) == []


def test_the_dry_run_tells_what_would_be_and_writes_nothing(mending, store):
    case = mending()
    wanted, kept = case.wanted("b"), case.case
    with store() as opened:
        outcome = case.desk.would_mend(opened, kept, "relocate", wanted)
    assert [one.place.element for one in outcome.tasks] == ["b"]
    assert (list(case.tasks), len(case.entries)) == (["a"], 1)


def test_a_branch_alone_does_not_pass_the_join_its_sisters_wait_at(mending):
    case = mending(drawn(SPLIT.replace("j -> end", "j -> x -> end"), par("p"), par("j"), xor("x")))
    with pytest.raises(Conflict) as refused:
        case.put("x", "a")
    assert (refused.value.code, refused.value.params["element"]) == ("relocate_stuck", "j")
    assert sorted(case.tasks) == ["a", "b"]


def test_a_step_somebody_stands_at_is_not_begun_twice(mending):
    case = mending(drawn(SPLIT, par("p"), par("j")))
    with pytest.raises(Conflict, match="relocate_double"):
        case.put("b", "a")


def held(mending):
    """A clerk's input that no flow takes on."""
    return mending(drawn(CHOICE, xor("x"), end("over"))).work({"/dispute/facts": "漏水"})


def test_what_was_held_for_a_step_that_is_gone_is_over(mending, store):
    case = held(mending)
    case.put("b")
    with store() as opened:
        assert opened.incident_of(case.id) is None
    assert (case.case.status, list(case.tasks)) == ("open", ["b"])


def test_a_cancelled_case_leaves_no_incident_behind(mending, store):
    case = held(mending)
    case.desk.cancel(SUPERVISOR, case.id, WHY)
    with store() as opened:
        assert opened.incident_of(case.id) is None
    assert case.case.status == "cancelled"


def test_only_supervisors_mend_and_only_with_a_reason(mending):
    case = mending()
    for actor, why, code in ((CLERK, WHY, "may_not_mend"), (SUPERVISOR, " ", "reason_needed")):
        with pytest.raises(NotAllowed, match=code):
            case.desk.relocate(actor, case.id, case.wanted("b"), why)
    with pytest.raises(NotAllowed, match="reason_needed"):
        case.desk.retry(SUPERVISOR, "any", " ")


# A second person ------------------------------------------------------------------------------


def test_by_the_setting_another_person_approves_what_one_proposed(mending):
    case = mending().second()
    with pytest.raises(NotAllowed, match="repair_needs_second"):
        case.put("b")
    asked = case.desk.propose_repair(SUPERVISOR, case.id, "relocate", case.wanted("b"), WHY)
    with pytest.raises(NotAllowed, match="repair_own"):
        case.desk.approve_repair(SUPERVISOR, case.id, asked.seq)
    case.desk.approve_repair(OTHER, case.id, case.proposal.seq)
    entry, payload = case.entries[-1]
    assert (entry.actor, payload.data["proposed"]["by"]) == ("supervisor2", "supervisor")
    assert (list(case.tasks), case.verdict().same, case.proposal) == (["b"], True, None)


def test_the_setting_holds_from_its_day_on(mending):
    case = mending().second(since=date(2026, 3, 4))
    case.put("b")
    case.clock.move(case.clock() + timedelta(days=3))
    with pytest.raises(NotAllowed, match="repair_needs_second"):
        case.put("a")


def test_a_proposal_lapses_when_the_case_moves(mending):
    case = mending()
    asked = case.desk.propose_repair(SUPERVISOR, case.id, "relocate", case.wanted("b"), WHY)
    case.work({"/dispute/facts": "漏水"})
    with pytest.raises(Conflict, match="repair_lapsed"):
        case.desk.approve_repair(OTHER, case.id, asked.seq)


def test_a_proposal_is_refused_with_a_reason(mending):
    case = mending()
    asked = case.desk.propose_repair(SUPERVISOR, case.id, "cancel", {}, WHY)
    case.desk.refuse_repair(OTHER, case.id, asked.seq, "仍可继续")
    assert (case.proposal, case.entries[-1][0].verb) == (None, "repair_refused")


def test_a_correction_and_an_ending_can_be_proposed_too(mending):
    case = mending().second()
    values = correction_of({"/dispute/facts": "漏水"})
    asked = case.desk.propose_repair(SUPERVISOR, case.id, "correct", values, WHY)
    case.desk.approve_repair(OTHER, case.id, asked.seq)
    assert read_state(case.case.state).data["dispute"]["facts"] == "漏水"
    asked = case.desk.propose_repair(SUPERVISOR, case.id, "cancel", {}, WHY)
    case.desk.approve_repair(OTHER, case.id, asked.seq)
    assert (case.case.status, case.verdict().same) == ("cancelled", True)


def test_what_cannot_be_done_cannot_be_proposed(mending):
    case = mending()
    with pytest.raises(Conflict, match="relocate_begins"):
        case.desk.propose_repair(SUPERVISOR, case.id, "relocate", case.wanted("start"), WHY)
