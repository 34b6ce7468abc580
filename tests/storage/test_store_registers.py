"""Registers in every store: versions are added, read by day, never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from engine.errors import Conflict
from engine.model import Record
from tests.storage.builders import START

ROOM = Record(
    *("room", 1, "rooms", "", "一号调解室", "tribunal", {"/seats": 8}, "", "一号调解室"),
    *(date(2026, 3, 1), None, "secretariat", START),
)
BIGGER = replace(ROOM, version=2, values={"/seats": 12}, valid_from=date(2026, 3, 10))


def seats(store, day):
    return [one.values["/seats"] for one in store.records_on("rooms", date(2026, 3, day))]


def test_the_version_that_began_last_holds(open_store):
    with open_store() as store:
        store.add_records([ROOM, BIGGER])
        assert [seats(store, 1), seats(store, 9), seats(store, 10)] == [[8], [8], [12]]


def test_a_correction_recorded_later_holds_for_its_own_days(open_store):
    backdated = replace(ROOM, version=3, values={"/seats": 9}, valid_from=date(2026, 3, 5))
    with open_store() as store:
        store.add_records([ROOM, BIGGER, backdated])
        assert [seats(store, 4), seats(store, 5), seats(store, 10)] == [[8], [9], [12]]


def test_an_ended_entry_does_not_fall_back_to_what_it_said_before(open_store):
    ended = replace(BIGGER, version=3, valid_until=date(2026, 3, 12))
    with open_store() as store:
        store.add_records([ROOM, BIGGER, ended])
        assert [seats(store, 12), seats(store, 13)] == [[12], []]
        assert [one.version for one in store.versions("room")] == [1, 2, 3]


def test_two_writers_of_one_version_cannot_both_be_kept(open_store):
    with open_store() as store:
        store.add_records([ROOM])
    with pytest.raises(Conflict), open_store() as store:
        store.add_records([replace(ROOM, name="另一个")])


@pytest.mark.parametrize("said", ["UPDATE records SET name = 'x'", "DELETE FROM records"])
def test_no_version_is_changed_or_removed(open_store, said):
    with open_store() as store:
        store.add_records([ROOM])
    with pytest.raises(Conflict, match=r"append_only|certificate"), open_store() as store:
        store.connection.execute(sa.text(said))
