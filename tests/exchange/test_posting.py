"""Messages between two installations on real sockets: signed, taken in once, told to both journals."""

from datetime import timedelta

import pytest

from engine.errors import Conflict, NotAllowed
from engine.model.linked import Letter
from engine.spiff import read_state
from tests.builders import BEGIN
from tests.cast import ADMIN, CLERK
from tests.exchange.offices import link, served


def answer(office):
    """A clerk of the court decides what came in."""
    case = office.cases("answering")[0]
    with office.built.open_store() as store:
        task = read_state(store.case(case).state).tasks[0]
    office.built.engine.claim(CLERK, task.id)
    office.built.engine.answer(CLERK, task.id, {}, "")


def hand_overs(office):
    with office.built.read() as db:
        return db.exec_driver_sql(
            "SELECT l.failure FROM messages m JOIN letters l ON l.id = m.id"
            " WHERE m.handed_at IS NOT NULL AND m.consumed_at IS NULL"
        ).scalars().all()  # fmt: skip


def letter(**told):
    plain = {"id": "n:1:0", "name": "asked", "key": "K-9", "payload": {}, "sender": "justice"}
    return Letter(**{**plain, "receiver": "court", "sent_at": BEGIN, **told})


@pytest.mark.clause("CQ3.1", "YN2.5")
@pytest.mark.usefixtures("linked")
def test_a_question_goes_to_the_court_and_its_answer_comes_back(justice, court):
    asked = justice.begin("asking")
    justice.work()
    court.work()
    with served(justice) as here:
        link(court, justice, ("asked",), ("answered",), here)
        answer(court)
        court.work()
    justice.work()
    with justice.built.open_store() as store:
        assert store.case(asked.id).status == "ended"
    assert ("message", "office:court") in justice.entries(f"case:{asked.id}")


@pytest.mark.usefixtures("linked")
def test_the_journals_name_the_other_office(justice, court):
    justice.begin("asking")
    justice.work()
    court.work()
    assert justice.entries("agency:court")[-1] == ("sent", "system")
    assert court.entries("agency:justice")[-1] == ("taken", "office:justice")
    (case,) = court.cases("answering")
    assert court.entries(f"case:{case}")[0] == ("start", "office:justice")


@pytest.mark.usefixtures("linked")
def test_both_speak_of_one_dossier_by_the_number_of_who_opened_it(justice, court):
    asked = justice.begin("asking")
    justice.work()
    court.work()
    with justice.built.open_store() as store:
        number = store.dossier(asked.dossier).number
    with court.built.open_store() as store:
        assert store.shared_dossier("justice", ("justice", number))


def test_while_the_other_is_out_of_reach_the_letter_waits_and_is_tried_again(justice, court, clock):
    link(justice, court, ("answered",), ("asked",), "http://127.0.0.1:1")
    link(court, justice, ("asked",), ())
    justice.begin("asking")
    justice.work()
    assert [one.state for one in justice.letters("court", "waiting")] == ["waiting"]
    with served(court) as address:
        link(justice, court, ("answered",), ("asked",), address)
        clock.move(clock() + timedelta(minutes=1))
        justice.work()
    assert len(justice.letters("court", "sent")) == 1


@pytest.mark.usefixtures("linked")
def test_a_no_is_final_until_a_person_tries_again(justice, court):
    link(court, justice, (), ())
    justice.begin("asking")
    justice.work()
    (failed,) = justice.letters("court", "failed")
    link(court, justice, ("asked",), ())
    justice.built.engine.resend(ADMIN, failed.id)
    justice.work()
    assert len(justice.letters("court", "sent")) == 1
    with pytest.raises(Conflict, match="letter_not_failed"):
        justice.built.engine.resend(ADMIN, failed.id)


@pytest.mark.usefixtures("linked")
def test_the_wrong_key_is_turned_away(justice, court):
    link(court, justice, ("asked",), (), keys=(court.key,))
    justice.begin("asking")
    justice.work()
    assert len(justice.letters("court", "failed")) == 1
    assert court.cases("answering") == []


@pytest.mark.usefixtures("linked")
def test_a_clock_that_is_wrong_is_turned_away(justice, court, clock):
    clock.move(clock() + timedelta(minutes=1))
    court.built.clock = lambda: BEGIN + timedelta(minutes=30)
    justice.begin("asking")
    justice.work()
    assert len(justice.letters("court", "failed")) == 1


@pytest.mark.usefixtures("linked")
def test_a_letter_taken_in_twice_does_nothing_twice(court):
    take = court.built.engine.take
    assert take(letter(), "rest")
    assert not take(letter(), "rest")
    court.work()
    assert len(court.cases("answering")) == 1
    with pytest.raises(Conflict, match="letter_differs"):
        take(letter(key="K-10"), "rest")


@pytest.mark.usefixtures("linked")
def test_only_what_is_agreed_comes_in_and_only_while_linked(court, justice, clock):
    take = court.built.engine.take
    with pytest.raises(NotAllowed, match="message_not_agreed"):
        take(letter(name="answered"), "rest")
    with pytest.raises(NotAllowed, match="link_not_valid"):
        take(letter(sender="stranger"), "rest")
    link(court, justice, ("asked",), (), valid_until=BEGIN + timedelta(days=1))
    clock.move(BEGIN + timedelta(days=1))
    with pytest.raises(NotAllowed, match="link_not_valid"):
        take(letter(), "rest")


def test_what_no_procedure_knows_becomes_a_hand_over(court, justice):
    link(court, justice, ("other",), ())
    court.built.engine.take(letter(name="other"), "rest")
    court.work()
    assert "letter_unknown" in hand_overs(court)[0]


def test_an_early_message_waits_for_its_case(listener, justice):
    link(listener, justice, ("asked",), ())
    listener.built.engine.take(letter(key="K-1"), "rest")
    listener.work()
    assert hand_overs(listener) == ["{}"]
    case = listener.begin("hearing")
    with listener.built.open_store() as store:
        assert store.rouse_messages() == 1
    listener.work()
    assert ("message", "office:justice") in listener.entries(f"case:{case.id}")
    assert hand_overs(listener) == []


def test_a_late_message_is_handed_over_with_the_reason(listener, justice):
    link(listener, justice, ("asked",), ())
    listener.begin("hearing")
    told = {"key": "K-1", "dossier": ("justice", "纠2026-00001")}
    for id in ("n:1:0", "n:2:0"):
        listener.built.engine.take(letter(id=id, **told), "rest")
        listener.work()
    (why,) = hand_overs(listener)
    assert "letter_late" in why
