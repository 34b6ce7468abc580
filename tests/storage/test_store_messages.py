"""Messages in every store: found by name and key, consumed once, handed over, heard late."""

import pytest

from engine.errors import Conflict
from tests.storage.builders import begin, go_on, heard, outcome, thrown


def thrown_by(store, message, id="sender", in_dossier="d1"):
    """The id of a message that a new case throws at its start."""
    begin(store, outcome(messages=(message,)), id, in_dossier)
    return f"{id}:0:0"


def test_a_message_reaches_the_case_of_its_dossier_that_waits(open_store):
    with open_store() as store:
        begin(store, outcome(subscriptions=(heard("s1"),)), "near", "d1")
        begin(store, outcome(subscriptions=(heard("s2"),)), "far", "d2")
        id = thrown_by(store, thrown(level="RED"))
        assert store.receivers(id) == ["near"]
        assert store.message(id) == thrown(level="RED")


def test_a_key_finds_a_case_of_another_dossier(open_store):
    with open_store() as store:
        begin(store, outcome(subscriptions=(heard(key="J-1"),)), "far", "d2")
        assert store.receivers(thrown_by(store, thrown(key="J-1"), "a")) == ["far"]
        assert store.receivers(thrown_by(store, thrown(key="J-2"), "b")) == []
        assert store.receivers(thrown_by(store, thrown(key=""), "c")) == []


def test_a_signal_reaches_every_case_of_its_dossier_and_no_other(open_store):
    with open_store() as store:
        for n, where in enumerate(("d1", "d1", "d2")):
            begin(store, outcome(subscriptions=(heard(f"s{n}", kind="signal"),)), f"c{n}", where)
        assert store.receivers(thrown_by(store, thrown(kind="signal"))) == ["c0", "c1"]


def test_a_message_is_consumed_once_a_signal_once_by_each(open_store):
    with open_store() as store:
        begin(store, outcome(), "c1")
        begin(store, outcome(), "c2")
        one, all_ = thrown_by(store, thrown(), "a"), thrown_by(store, thrown(kind="signal"), "b")
        assert [store.consume_message(one, case) for case in ("c1", "c1", "c2")] == [
            True,
            False,
            False,
        ]
        assert [store.consume_message(all_, case) for case in ("c1", "c1", "c2")] == [
            True,
            False,
            True,
        ]


def test_a_message_from_outside_is_taken_in_once(open_store):
    with open_store() as store:
        assert store.add_message("court-7", thrown(), "d1")
        assert not store.add_message("court-7", thrown(), "d1")


def test_a_hand_over_is_closed_once_with_a_reason(open_store, clock):
    with open_store() as store:
        id = thrown_by(store, thrown())
        store.hand_over(id, clock())
        store.close_hand_over(id, "zhang", "交由邻县办理")
    with pytest.raises(Conflict, match="hand_over_closed"), open_store() as store:
        store.close_hand_over(id, "zhang", "again")


def test_a_message_that_came_early_is_delivered_once_somebody_waits(open_store, clock):
    with open_store() as store:
        id = thrown_by(store, thrown())
        store.hand_over(id, clock())
        assert (store.next_due(), store.rouse_messages()) == (None, 0)
        go_on(store, begin(store, outcome(), "late"), outcome(subscriptions=(heard(),)))
        assert store.rouse_messages() == 1
        assert [due.id for due in store.claim_due("w", clock.at, 9)] == [id]
        assert store.consume_message(id, "late")
    with pytest.raises(Conflict, match="hand_over_closed"), open_store() as store:
        store.close_hand_over(id, "zhang", "too late")


def test_a_message_too_old_is_left_to_the_clerk(open_store, clock):
    with open_store() as store:
        store.hand_over(thrown_by(store, thrown()), clock())
        begin(store, outcome(subscriptions=(heard(),)), "late")
        clock.on(days=31)
        assert store.rouse_messages() == 0
