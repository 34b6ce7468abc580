"""Dossiers and cases for readers: what is seen, by whom, and that reading is journalled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.model import Grant, Organisation, Party
from tests.cast import ADMIN


def readings(built, case):
    with built.open_store() as store:
        return [e.actor for e, _ in store.entries(f"dossier:{case.dossier}") if e.verb == "read"]


def test_the_dossier_is_found_by_number_and_name(browser, case):
    clerk = browser("clerk")
    assert "纠2026-00001" in clerk.get("/dossiers").text
    assert "邻里漏水" in clerk.get("/dossiers?q=00001").text
    assert "没有找到" in clerk.get("/dossiers?q=张三").text


def test_every_tab_of_a_dossier_can_be_read(browser, case):
    clerk = browser("clerk")
    tabs = ("progress", "cases", "documents", "parties", "clocks", "readers")
    pages = [clerk.get(f"/dossiers/{case.dossier}?tab={tab}").status for tab in tabs]
    assert pages == [200] * 6


def test_reading_is_journalled_once_a_day(browser, built, case, clock):
    clerk = browser("clerk")
    for _ in range(3):
        clerk.get(f"/dossiers/{case.dossier}")
    assert readings(built, case) == ["clerk"]
    clock.move(clock() + timedelta(days=1))
    browser("clerk").get(f"/cases/{case.id}")
    assert readings(built, case) == ["clerk", "clerk"]


def test_an_organisation_without_a_task_in_it_finds_nothing(browser, case):
    doctor = browser("doctor")
    assert "纠2026" not in doctor.get("/dossiers").text
    assert "没有找到" in doctor.get("/dossiers?q=00001").text
    for path in (f"/dossiers/{case.dossier}", f"/cases/{case.id}"):
        assert doctor.get(path).status == 404
    for part in ("diagram.bpmn", "marks.json"):
        assert doctor.client.get(f"/cases/{case.id}/{part}").status_code == 404


def test_oversight_reads_by_area_and_completes_nothing(browser, case, task):
    auditor = browser("auditor")
    assert auditor.get(f"/cases/{case.id}").status == 200
    assert auditor.post(f"/tasks/{task}/claim").status == 403


def test_an_auditor_of_another_area_sees_nothing(browser, built, case):
    far = Organisation("", "远山县司法局", "BUREAU", area="110000")
    office = built.engine.save_organisation(ADMIN, far)
    with built.open_store() as store:
        auditor = store.person("auditor")
        store.save_person(replace(auditor, grants=(Grant("AUDITOR", office.id),)))
    assert browser("auditor").get(f"/dossiers/{case.dossier}").status == 404


def test_a_case_replays_the_same_at_the_press_of_a_button(browser, case, task):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    clerk.post(f"/tasks/{task}", outcome="accept")
    clerk.get(f"/cases/{case.id}")
    assert "重放一致 · 链完整" in clerk.post(f"/cases/{case.id}/replay").text


def test_the_diagram_knows_where_the_case_was_and_is(browser, case, task):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    clerk.post(f"/tasks/{task}", outcome="accept")
    marks = clerk.client.get(f"/cases/{case.id}/marks.json").json
    assert marks["here"] == ["decide"]
    assert {"start", "screen"} <= set(marks["past"])


def test_an_identity_number_is_hidden_until_somebody_asks_and_that_is_journalled(
    browser, built, case
):
    party = Party("p1", case.dossier, "A", "张三", {"id_no": "530102199001011234"})
    with built.open_store() as store:
        store.save_party(party)
    clerk = browser("clerk").get(f"/dossiers/{case.dossier}?tab=parties")
    assert "5301**********1234" in clerk.text
    shown = clerk.post(f"/dossiers/{case.dossier}/parties/p1/reveal")
    assert "530102199001011234" in shown.text
    assert "查看证件全号" in clerk.get(f"/dossiers/{case.dossier}?tab=readers").text
