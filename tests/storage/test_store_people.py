"""People, organisations, dossiers, releases, numbers and settings in every store."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.errors import Conflict, NotFound
from engine.model import (
    CalendarDay,
    Credential,
    DutyPost,
    Facts,
    Grant,
    Organisation,
    Party,
    Person,
    Release,
    Session,
    SettingValue,
    Shift,
)
from tests.storage.builders import START, begin, dossier, outcome

COURT = Organisation("court", "县法院", "COURT", area="510000", detail={"beds": Decimal(3)})
ZHANG = Person("p1", "zhang", "张三", (Grant("CLERK", "court"), Grant("JUDGE", "court", "front")))
HOUR = timedelta(hours=1)


def staffed(store):
    store.save_organisation(COURT)
    store.save_person(ZHANG)


def test_a_person_comes_back_with_the_roles_held_now(open_store):
    with open_store() as store:
        staffed(store)
        assert store.person("p1") == store.person_by_login("zhang") == ZHANG
        assert store.organisation("court") == COURT


def test_roles_no_longer_listed_end_and_others_go_on(open_store, clock):
    with open_store() as store:
        staffed(store)
        clock.on(hours=1)
        store.save_person(
            replace(ZHANG, grants=(Grant("CLERK", "court"), Grant("AUDITOR", "court")))
        )
        assert [grant.role for grant in store.person("p1").grants] == ["CLERK", "AUDITOR"]


def test_a_role_for_a_time_begins_and_ends_by_itself(open_store, clock):
    with open_store() as store:
        staffed(store)
        store.grant("p1", Grant("LEADER", "court"), START + HOUR, START + 2 * HOUR)
        held = []
        for _ in range(3):
            held.append("LEADER" in [grant.role for grant in store.person("p1").grants])
            clock.on(hours=1)
        assert held == [False, True, False]


def test_a_role_is_ended_before_it_begins_or_while_it_lasts_but_once(open_store, clock):
    begun, coming = Grant("CLERK", "court"), Grant("LEADER", "court")
    with open_store() as store:
        staffed(store)
        store.grant("p1", coming, START + HOUR, None)
        assert [store.end_grant("p1", one) for one in (coming, begun, coming, begun)] == (
            [True, True, False, False]
        )
        clock.on(hours=2)
        assert not {"CLERK", "LEADER"} & {grant.role for grant in store.person("p1").grants}


def test_a_login_belongs_to_one_person(open_store):
    with open_store() as store:
        staffed(store)
    with pytest.raises(Conflict, match="already_there"), open_store() as store:
        store.save_person(Person("p2", "zhang", "张四"))


def test_signing_in_and_out(open_store):
    session = Session("h1", "p1", START, START, START + HOUR, START + 8 * HOUR, "token")
    with open_store() as store:
        staffed(store)
        store.save_credential(Credential("p1", "$argon2", True, START))
        store.save_credential(Credential("p1", "$argon2", False, START, failures=2))
        store.save_session(session)
        assert store.credential("p1").failures == 2
        assert store.session("h1") == session
        store.end_sessions("p1")
        assert store.session("h1") is None


def test_ended_sessions_are_swept(open_store, clock):
    with open_store() as store:
        staffed(store)
        store.save_session(Session("h1", "p1", START, START, START, START + HOUR, "token"))
        assert store.sweep_sessions() == 0
        clock.on(hours=1)
        assert store.sweep_sessions() == 1


def test_parties_come_in_the_order_entered_and_show_on_the_dossier(open_store):
    parties = [
        Party(f"y{n}", "d1", side, name)
        for n, (side, name) in enumerate((("B", "李四"), ("A", "张三")))
    ]
    with open_store() as store:
        store.save_dossier(dossier())
        for party in parties:
            store.save_party(party)
        store.save_party(replace(parties[0], name="李肆"))
    with open_store() as store:
        assert [party.name for party in store.parties("d1")] == ["李肆", "张三"]
        assert store.dossier("d1") == dossier()


def test_a_dossier_number_is_given_once(open_store):
    with open_store() as store:
        store.save_dossier(dossier("d1", "纠2026-1"))
    with pytest.raises(Conflict, match="already_there"), open_store() as store:
        store.save_dossier(dossier("d2", "纠2026-1"))


def test_numbers_run_without_gaps_and_a_key_keeps_its_own(open_store):
    with open_store() as store:
        assert [store.next_number("纠/2026", key) for key in ("a", "b", "a")] == [1, 2, 1]
        assert store.next_number("拘/2026", "a") == 1


def test_files_and_documents_belong_to_a_dossier(open_store):
    with open_store() as store:
        case = begin(store, outcome())
        store.add_document(
            case, {"id": "x", "kind": "agreement", "number": "1", "digest": "", "data": {}}
        )
        for _ in range(2):
            store.add_attachment(
                "d1", "p1", {"digest": "ab", "name": "图.jpg", "type": "image/jpeg", "size": 3}
            )
        assert store.attachment("ab", "d1")["name"] == "图.jpg"
        with pytest.raises(NotFound, match="no_attachment"):
            store.attachment("ab", "d2")


def test_a_release_keeps_its_bytes_and_counts_its_versions(open_store):
    first = Release("mediation", "aa", {"process.bpmn": b"<x/>", "forms/a.json": b"{}"})
    second = Release("mediation", "bb", {"process.bpmn": b"<y/>", "forms/a.json": b"{}"})
    with open_store() as store:
        for release in (first, second):
            store.add_release(release, "p1", "p2", START)
    with open_store() as store:
        assert store.release("aa") == replace(first, version=1)
        assert store.current_release("mediation") == replace(second, version=2)
        with pytest.raises(NotFound, match="not_published"):
            store.current_release("review")


def test_facts_may_hold_again(open_store):
    old, new = (
        Facts("f1", settings={"days": Decimal("3.5")}),
        Facts("f2", {"CN": {"off": ["2026-05-01"]}}),
    )
    with open_store() as store:
        for n, facts in enumerate((old, new, old)):
            store.add_facts(facts, START + n * HOUR)
        assert store.current_facts() == old
        assert store.facts("f2") == new


def test_the_facts_added_last_hold_whatever_the_clock_says(open_store):
    with open_store() as store:
        for name, at in (("f1", START + HOUR), ("f2", START), ("f3", START)):
            store.add_facts(Facts(name), at)
            assert store.current_facts().digest == name


def test_settings_and_days_are_versions(open_store):
    values = [
        SettingValue(f"v{n}", "days", "", Decimal(n), START + n * HOUR, "p1", START) for n in (1, 2)
    ]
    day = CalendarDay("k1", "CN", START.date(), "off", "调休", "p1", START)
    with open_store() as store:
        for value in values:
            store.add_setting(value)
        store.add_calendar_day(day)
        assert [v.value for v in store.settings_at(START + 2 * HOUR)] == [1, 2]
        assert list(store.settings_at(START)) == []
        assert list(store.calendar_days("CN")) == [day]


def test_whoever_is_on_duty_now(open_store):
    with open_store() as store:
        staffed(store)
        store.save_duty_post(DutyPost("front", "court", "值班岗"))
        store.save_shift(Shift("s1", "front", "p1", START, START + HOUR))
        assert list(store.on_duty("front", START)) == ["p1"]
        assert list(store.on_duty("front", START + HOUR)) == []
