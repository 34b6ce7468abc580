"""Linked offices in every store: the register, letters as due work, dossiers shared by number."""

from datetime import timedelta

import pytest

from engine.errors import NotFound
from engine.model.linked import Agency, Exchanged
from storage import queries
from tests.storage.builders import begin, heard, outcome, thrown


def agency(clock, code="court", **told):
    lists = {"keys": ("k",), "gives": ("a", "b"), "takes": ()}
    return Agency(
        **{"code": code, "name": "法院", "home": "o1", **lists, "valid_from": clock(), **told}
    )


def letter(clock, id="court:m1", **told):
    plain = {"direction": "out", "agency": "court", "message": "m1", "name": "a"}
    return Exchanged(**{"id": id, **plain, "state": "waiting", "at": clock(), **told})


@pytest.fixture
def linked(open_store, clock):
    with open_store() as store:
        store.save_agency(agency(clock))
        store.add_message("m1", thrown(key="K"))
        store.add_letter(letter(clock), clock(), {})
    return open_store


def claimed(store, clock):
    until = clock() + timedelta(minutes=1)
    return [due for due in store.claim_due("w", until, 9) if due.kind == "letter"]


def test_an_office_is_kept_as_entered_and_changed(open_store, clock):
    with open_store() as store:
        store.save_agency(agency(clock))
        changed = agency(clock, takes=("c",), address="https://x", valid_until=clock())
        store.save_agency(changed)
        assert (store.agency("court"), list(store.agencies())) == (changed, [changed])
    with pytest.raises(NotFound, match="no_agency"), open_store() as store:
        store.agency("other")


def test_a_letter_is_due_until_it_is_settled(linked, clock):
    with linked() as store:
        (due,) = claimed(store, clock)
        assert (due.id, due.case) == ("court:m1", "court")
        assert claimed(store, clock) == []
        store.settle_letter(letter(clock, state="sent", digest="d", way="rest"), {})
        assert store.letters("court", "sent")[0].digest == "d"
        assert claimed(store, clock) == []


def test_a_letter_given_up_has_failed_and_may_be_sent_again(linked, clock):
    with linked() as store:
        store.give_up_due(claimed(store, clock)[0], {"code": "x", "reason": "y"})
        assert store.letter("court:m1").state == "failed"
        store.resend_letter("court:m1")
        assert len(claimed(store, clock)) == 1


def test_a_dossier_is_shared_under_one_number(linked):
    with linked() as store:
        begin(store, outcome(subscriptions=(heard(key="K"),)), "c1", "d1")
        own = store.share_dossier("court", "d1")
        assert own[0] == ""
        assert store.share_dossier("court", "d1", ("court", "7")) == own
        assert store.shared_dossier("court", own) == "d1"
        assert store.shared_dossier("court", ("court", "7")) == ""
        assert list(store.offices_sharing("d1")) == ["court"]
        assert store.dossier_awaiting(heard().name, "K") == "d1"
        assert store.dossier_awaiting(heard().name, "") == ""
        store.place_message("m1", "d1")
        assert store.origin("m1")[0] == "d1"


def test_the_page_sees_what_waits_and_what_failed(linked, database, clock):
    with linked() as store:
        store.give_up_due(claimed(store, clock)[0], {"code": "x", "reason": "y"})
        store.add_letter(letter(clock, "office:court:n1", direction="in", state="taken"), None, {})
    with database.read() as db:
        (row,) = queries.offices(db)
        assert (row.waiting, row.failed, row.sent_at) == (0, 1, None)
        assert row.taken_at is not None
        first, second = queries.letters_of(db, "court")
    assert (first.state, first.failure["code"], second.state) == ("failed", "x", "taken")
