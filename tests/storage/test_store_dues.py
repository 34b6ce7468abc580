"""Due work in every store: one worker at a time, given back, taken over."""

from dataclasses import replace
from datetime import timedelta

from engine.model import Pulse, Wake
from tests.storage.builders import START, begin, clock_of, effect, go_on, outcome, thrown, timer

MINUTE = timedelta(minutes=1)


def claim(store, clock, worker="w1", limit=10):
    return store.claim_due(worker, clock.at + MINUTE, limit)


def test_what_is_due_is_claimed_the_longest_due_first(open_store, clock):
    with open_store() as store:
        early, late = timer("a", START - MINUTE), timer("z", START + MINUTE)
        begin(store, outcome(timers=(early, late), effects=(effect("e"),), messages=(thrown(),)))
        assert [(due.kind, due.id) for due in claim(store, clock)] == [
            ("timer", "a"),
            ("effect", "e"),
            ("message", "c1:0:0"),
        ]


def test_what_one_worker_holds_another_does_not_get(open_store, clock):
    with open_store() as store:
        begin(store, outcome(effects=(effect("e"),)))
        assert len(claim(store, clock, "w1")) == 1
    with open_store() as store:
        assert claim(store, clock, "w2") == []


def test_an_abandoned_lease_is_taken_over_when_it_ends(open_store, clock):
    with open_store() as store:
        begin(store, outcome(effects=(effect("e"),)))
        claim(store, clock, "w1")
        clock.on(minutes=1)
        assert claim(store, clock, "w2")[0].lease.startswith("w2/")


def test_a_clock_set_back_does_not_keep_a_lease_alive(open_store, clock):
    with open_store() as store:
        begin(store, outcome(timers=(timer("a", START - timedelta(hours=2)),)))
        claim(store, clock, "w1")
        clock.on(hours=-1)
        assert len(claim(store, clock, "w2")) == 1


def test_a_worker_that_lost_its_lease_changes_nothing(open_store, clock):
    with open_store() as store:
        begin(store, outcome(effects=(effect("e"),)))
        (lost,) = claim(store, clock, "w1")
        clock.on(minutes=1)
        (held,) = claim(store, clock, "w2")
        store.settle_due(lost)
        store.postpone_due(lost, clock.at, {"code": "late"})
        clock.on(minutes=1)
        assert claim(store, clock, "w3")[0].attempts == held.attempts == 0


def test_a_failure_counts_and_waits_for_its_turn(open_store, clock):
    with open_store() as store:
        begin(store, outcome(effects=(effect("e"),)))
        (due,) = claim(store, clock)
        store.postpone_due(due, clock.at + MINUTE, {"code": "gateway_down"})
        assert (claim(store, clock), store.next_due()) == ([], START + MINUTE)
        clock.on(minutes=1)
        assert claim(store, clock)[0].attempts == 1


def test_a_served_process_that_starts_frees_what_the_last_one_held(open_store, clock):
    with open_store() as store:
        begin(store, outcome(effects=(effect("e"),)))
        claim(store, clock)
        assert store.free_leases() == 1
        assert len(claim(store, clock)) == 1


def test_the_work_of_a_held_case_waits_with_it(open_store, clock):
    with open_store() as store:
        case = begin(store, outcome(timers=(timer("a"),)))
        store.touch_case(replace(case, status="held"))
        assert claim(store, clock) == []
        store.touch_case(replace(case, status="open"))
        assert len(claim(store, clock)) == 1


def test_one_row_is_claimed_by_name(open_store, clock):
    with open_store() as store:
        begin(store, outcome(effects=(effect("e"),), messages=(thrown(),)))
        for wake in (Wake("effect", "e", "c1"), Wake("message", "c1:0:0", "c1")):
            assert store.claim_one(wake, "w1", clock.at + MINUTE).id == wake.id
            assert store.claim_one(wake, "w2", clock.at + MINUTE) is None
        assert store.claim_one(Wake("effect", "gone", "c1"), "w1", clock.at) is None


def test_a_new_or_changed_clock_is_due_for_planning_then_at_its_plan(open_store, clock):
    with open_store() as store:
        case = begin(store, outcome(clocks=(clock_of(),)))
        assert [due.kind for due in claim(store, clock)] == ["clock"]
        store.plan_clock("c1", clock_of(), START + MINUTE)
        assert (claim(store, clock), store.next_due()) == ([], START + MINUTE)
        case = go_on(store, case, outcome(clocks=(clock_of(),)))
        assert claim(store, clock) == []
        go_on(store, case, outcome(clocks=(clock_of(days=9),)))
        assert len(claim(store, clock)) == 1


def test_a_paused_clock_says_nothing(open_store, clock):
    paused = replace(clock_of(), pauses=((START, None),))
    with open_store() as store:
        begin(store, outcome(clocks=(paused,)))
        assert claim(store, clock) == []
        assert store.clocks("c1") == (paused,)


def test_workers_leave_their_pulse(open_store):
    pulse = Pulse("w1", START, START, done=3, late_ms=40, latest_ms=90)
    with open_store() as store:
        store.save_pulse(pulse)
        store.save_pulse(replace(pulse, done=4))
        assert list(store.pulses()) == [replace(pulse, done=4)]
