"""Cases in every store: what follows from an outcome, and who is faster."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from engine.errors import Conflict, NotFound
from engine.model import Held, Incident, Input, Place
from storage.tables import tasks as task_table
from tests.storage.builders import (
    START,
    begin,
    clock_of,
    effect,
    go_on,
    heard,
    outcome,
    task,
    thrown,
    timer,
)


def test_a_case_comes_back_as_it_was_saved(open_store):
    with open_store() as store:
        case = begin(store, outcome(tasks=(task(),), state=b"\x00\xff"))
    with open_store() as store:
        assert store.case("c1") == case
        assert store.case("c1").state == b"\x00\xff"


def test_no_case_is_said_by_name(open_store):
    with pytest.raises(NotFound) as refusal, open_store() as store:
        store.case("c9")
    assert (refusal.value.code, refusal.value.params) == ("no_case", {"name": "c9"})


def test_open_tasks_follow_the_outcome(open_store):
    with open_store() as store:
        case = begin(store, outcome(tasks=(task("t1"), task("t2"))))
        go_on(store, case, outcome(tasks=(task("t2"), task("t3"))), task="t1")
    with open_store() as store:
        assert [bool(store.open_task(id)) for id in ("t1", "t2", "t3")] == [False, True, True]
        assert store.closed_task("t1") == {
            "case": "c1",
            "by": "zhang",
            "at": START,
            "how": "complete",
        }
        assert store.closed_task("t2") is None


def test_a_task_taken_away_was_done_by_nobody(open_store):
    with open_store() as store:
        case = begin(store, outcome(tasks=(task("t1"), task("t2"))))
        go_on(store, case, outcome(ended=True), task="t1")
    with open_store() as store:
        assert (store.closed_task("t2")["by"], store.closed_task("t2")["how"]) == ("", "cancelled")
        assert store.case("c1").status == "ended"


def test_a_task_keeps_all_that_the_step_said_of_it(open_store):
    named = task("t1", "sign", role="PARTY", org="court", person="li", local={"item": ["甲"]})
    with open_store() as store:
        begin(store, outcome(tasks=(named,)))
    with open_store() as store:
        claimed = store.open_task("t1")
        assert (claimed.task, claimed.case, claimed.holder) == (named, "c1", "")


def test_a_holder_stays_while_the_case_moves_on(open_store):
    with open_store() as store:
        case = begin(store, outcome(tasks=(task("t1"), task("t2"))))
        store.hold_task("t2", "wang", START)
        go_on(store, case, outcome(tasks=(task("t2"),)), task="t1")
    with open_store() as store:
        assert (store.open_task("t2").holder, store.open_task("t2").held_at) == ("wang", START)


def test_after_a_move_what_waits_is_called_as_the_new_release_says(open_store):
    before, after = heard(), replace(heard(), place=Place("await_reply"))
    with open_store() as store:
        case = begin(store, outcome(tasks=(task(),), subscriptions=(before,)))
        moved = outcome(tasks=(task(element="enrol", role="MED"),), subscriptions=(after,))
        store.readdress(case, moved)
    with open_store() as store:
        found = store.open_task("t1").task
        assert (found.place.element, found.role) == ("enrol", "MED")


def test_nobody_takes_a_task_that_is_gone(open_store):
    with open_store() as store:
        go_on(store, begin(store, outcome(tasks=(task("t1"),))), outcome(), task="t1")
    with pytest.raises(Conflict, match="task_gone"), open_store() as store:
        store.hold_task("t1", "wang", START)


def test_saving_over_a_case_that_moved_is_refused(open_store):
    with open_store() as store:
        case = begin(store, outcome(tasks=(task("t1"), task("t2"))))
    with open_store() as store:
        go_on(store, case, outcome(tasks=(task("t2"),)), task="t1")
    with pytest.raises(Conflict, match="lost_race"), open_store() as store:
        go_on(store, case, outcome(tasks=(task("t1"),)), task="t2")


# Clocks and times ---------------------------------------------------------------------------


def test_a_task_shows_the_clock_it_has_to_meet(open_store):
    near = clock_of("near", days=1)
    with open_store() as store:
        begin(store, outcome(tasks=(task("t1"), task("t2")), clocks=(near,), dues={"t2": near}))
    with open_store() as store:
        assert [store.open_task(id).due_rule for id in ("t1", "t2")] == ["", "near"]


def test_a_clock_that_changes_moves_the_tasks_it_shows_on(open_store):
    with open_store() as store:
        begin(store, outcome(tasks=(task(),), clocks=(clock_of(days=3),)))
        go_on(store, store.case("c1"), outcome(tasks=(task(),), clocks=(clock_of(days=5),)))
    with open_store() as store:
        assert (store.open_task("t1").due_at - START).days == 5
        assert store.clocks("c1") == (clock_of(days=5),)


def test_due_timers_come_in_the_order_in_which_they_fire(open_store, clock):
    late, early = timer("a", clock.at), timer("b", START.replace(hour=0))
    with open_store() as store:
        begin(store, outcome(timers=(late, early, timer("c", clock.on(hours=1)))))
        assert list(store.due_timers("c1", START)) == [early, late]


# Drafts -------------------------------------------------------------------------------------


def test_a_draft_is_its_writers_own(open_store):
    with open_store() as store:
        begin(store, outcome(tasks=(task(),)))
        store.keep_draft("t1", "zhang", {"/facts": "一"}, START)
        store.keep_draft("t1", "wang", {"/facts": "二"}, START)
    with open_store() as store:
        assert store.drafts("t1", "zhang") == {"/facts": "一"}
        assert store.drafts("t1", "li") is None


def test_drafts_go_with_their_task_and_stay_while_it_is_only_dated_anew(database):
    with database.open() as store:
        case = begin(store, outcome(tasks=(task("t1"), task("t2"))))
        store.keep_draft("t1", "zhang", {"/a": 1}, START)
        store.keep_draft("t2", "zhang", {"/b": 1}, START)
        go_on(store, case, outcome(tasks=(task("t2"),), clocks=(clock_of(),)), task="t1")
        store.drop_drafts("t1")
        assert store.drafts("t2", "zhang") == {"/b": 1}
        assert store.drafts("t1", "zhang") is None


def test_a_draft_for_a_task_that_is_gone_is_refused(open_store):
    with open_store() as store:
        go_on(store, begin(store, outcome(tasks=(task("t1"),))), outcome(), task="t1")
    with pytest.raises(Conflict, match="task_gone"), open_store() as store:
        store.keep_draft("t1", "zhang", {}, START)


# Effects and incidents ----------------------------------------------------------------------


def test_an_effect_waits_until_its_result_is_taken_in(open_store):
    asked = effect("e1", series="纠", list=[1, None])
    with open_store() as store:
        case = begin(store, outcome(effects=(asked,)))
    with open_store() as store:
        assert store.effect("e1") == ("c1", asked)
        go_on(store, case, outcome(), task="e1")
        store.finish_effect("e1")
        assert store.effect("e1") is None


def test_a_held_input_comes_back_as_it_was_sent(open_store):
    sent = Input("c1", 1, "complete", START, START, "t1", {"values": {"/amount": None}})
    held = Held(
        "i1", "c1", Incident("boom", Place("hear", "sub", 2, 1), {"n": 3}), START, sent, "zhang"
    )
    with open_store() as store:
        begin(store, outcome())
        store.open_incident(held)
    with open_store() as store:
        assert store.incident("i1") == held
        assert store.incident_of("c1") == held


def test_an_incident_is_closed_once(open_store):
    with open_store() as store:
        begin(store, outcome())
        store.open_incident(Held("i1", "c1", Incident("boom", None), START))
        store.close_incident("i1")
        assert store.incident_of("c1") is None
    for verb in ("incident", "close_incident"):
        with pytest.raises(Conflict, match="incident_closed"), open_store() as store:
            getattr(store, verb)("i1")


# What it costs ------------------------------------------------------------------------------


def test_one_completion_takes_eight_statements_and_one_commit(database):
    with database.open() as store:
        full = outcome(
            tasks=(task("t1"), task("t2")), timers=(timer("w1"),), clocks=(clock_of("R1"),)
        )
        begin(store, full)
        store.keep_draft("t1", "zhang", {"/a": 1}, START)
    said, commits = [], []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    sa.event.listen(database.engine, "commit", commits.append)
    after = outcome(
        tasks=(task("t3"), task("t2")),
        timers=(timer("w2"),),
        clocks=(clock_of("R2"),),
        subscriptions=(heard(),),
        messages=(thrown(),),
    )
    with database.open() as store:
        claimed = store.open_task("t1")
        go_on(store, store.case(claimed.case), after, task="t1")
        store.drop_drafts("t1")
    said = [statement for statement in said if not statement.startswith("BEGIN")]
    assert len(said) <= 8, "\n".join(said)
    assert len(commits) == 1


def test_a_thousand_tasks_open_and_close_in_a_handful_of_statements(database):
    many = tuple(task(f"t{n}") for n in range(1_000))
    with database.open() as store:
        case = begin(store, outcome(tasks=many))
        go_on(store, case, outcome(tasks=many[500:]), task="t1")
        count = sa.select(sa.func.count()).where(task_table.c.done_at.is_(None))
        assert store.connection.execute(count).scalar() == 500
