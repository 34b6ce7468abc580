"""The journal of every store: append-only, in order, the lock that lets one win."""

import pytest

from engine.errors import Conflict, Invalid
from engine.journal import link, verify
from engine.model import Payload
from tests.storage.builders import begin, certify, entry_of, outcome

STREAM, CASE = "person:zhang", "case:c1"


def chained(store, before=None, **payload):
    content = Payload("00" * 16, payload, "because", "10.0.0.1")
    linked = link(entry_of(STREAM), content, before)
    store.append(linked, content)
    return linked


def test_entries_come_back_in_order_and_hold_as_a_chain(open_store):
    with open_store() as store:
        second = chained(store, chained(store, a="甲"), b=["乙"])
    with open_store() as store:
        read = list(store.entries(STREAM))
        assert store.head(STREAM) == second
    assert [payload.data for _, payload in read] == [{"a": "甲"}, {"b": ["乙"]}]
    assert list(verify(read)) == []


def test_reading_goes_on_after_a_seq(open_store):
    with open_store() as store:
        chained(store, chained(store))
        assert [entry.seq for entry, _ in store.entries(STREAM, after=0)] == [1]


def test_streams_are_found_by_their_beginning(open_store):
    with open_store() as store:
        chained(store)
        assert list(store.streams("person:")) == [STREAM]
        assert list(store.streams("case:")) == []


def test_of_two_entries_with_one_seq_the_second_loses(open_store):
    with open_store() as store:
        chained(store)
    with pytest.raises(Conflict) as refusal, open_store() as store:
        chained(store)
    assert refusal.value.code == "lost_race"


def test_what_fails_leaves_nothing_behind(open_store):
    def half_done():
        with open_store() as store:
            chained(store)
            raise KeyError("the next thing failed")

    with pytest.raises(KeyError):
        half_done()
    with open_store() as store:
        assert store.head(STREAM) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET actor = 'li'",
        "DELETE FROM journal",
        "DELETE FROM payload",
        "UPDATE payload SET data = '{\"a\":2}'",
        "UPDATE payload SET certificate = 'X 1'",
    ],
)
def test_the_database_refuses_to_change_what_is_written(database, change):
    with database.open() as store:
        chained(store, a=1)
    with pytest.raises(Conflict) as refusal, database.open() as store:
        store.connection.exec_driver_sql(change)
    assert refusal.value.code == "append_only"


def test_a_payload_is_erased_once_and_names_its_certificate(open_store):
    with open_store() as store:
        begin(store, outcome())
        store.erase(CASE, 0, certify(store, "d1"))
    with open_store() as store:
        ((entry, payload),) = store.entries(CASE)
        assert (payload.data, payload.reason, payload.certificate) == ({}, "", "XH2026-1")
        assert list(verify([(entry, payload)])) == []
    with pytest.raises(Conflict) as refusal, open_store() as store:
        store.erase(CASE, 0, "XH2026-1")
    assert refusal.value.code == "already_erased"


@pytest.mark.parametrize("stream", [CASE, STREAM])
def test_nothing_is_erased_without_a_certificate_for_it(open_store, stream):
    with open_store() as store:
        begin(store, outcome())
        begin(store, outcome(), "c2", "d2")
        chained(store)
        certify(store, "d2")
    for named in ("销毁证明 1", "XH2026-1"):
        with pytest.raises(Conflict) as refusal, open_store() as store:
            store.erase(stream, 0, named)
        assert refusal.value.code == "append_only"


def test_text_no_database_can_keep_is_refused(open_store):
    with pytest.raises(Invalid) as refusal, open_store() as store:
        store.erase(STREAM, 0, "a\x00b")
    assert refusal.value.code == "text_unstorable"


def test_strange_text_in_values_is_kept_as_it_was(open_store):
    strange = {"a": 'nul \x00 emoji 😀 rare 𫝀 quote " back \\', "long": "字" * 1_000_000}
    with open_store() as store:
        chained(store, **strange)
    with open_store() as store:
        ((_, payload),) = store.entries(STREAM)
        assert payload.data == strange


@pytest.mark.parametrize(
    ("table", "column", "text", "code"),
    [
        ("journal", "actor", "li", "entry_altered"),
        ("journal", "place", "{oops", "entry_altered"),
        ("payload", "data", "{oops", "payload_altered"),
        ("payload", "data", '{"$d":"never"}', "payload_altered"),
    ],
)
def test_a_damaged_row_is_named_by_the_chain(doomed, table, column, text, code):
    with doomed.open() as store:
        chained(store, chained(store, a=1), b=2)
        for trigger in ("journal_no_update", "payload_erased_once"):
            on = " ON " + trigger.split("_")[0]
            postgres = store.connection.dialect.name == "postgresql"
            store.connection.exec_driver_sql(f"DROP TRIGGER {trigger}{on if postgres else ''}")
        store.connection.exec_driver_sql(f"UPDATE {table} SET {column} = '{text}' WHERE seq = 1")
    with doomed.open() as store:
        assert [(b.seq, b.code) for b in verify(store.entries(STREAM))] == [(1, code)]
