"""Health data apart: shown to doctors, masked for everybody else, each opening in the journal."""

from __future__ import annotations

import json

import pytest

from engine.spiff import read_state
from tests.builders import process, release, start, user
from tests.cast import CLERK, actor

DOCTOR = actor("doctor")
XML = process(
    "start -> examine -> admit -> end",
    start("start", ld_role="TRIB_CLERK"),
    user("examine", ld_role="DC_DOCTOR", ld_org='"yunxi-centre"', name="体检"),
    user("admit", ld_role="TRIB_CLERK", name="收拘"),
    id="examined",
)


PLAIN = {"name": "借条.txt", "type": "text/plain", "size": 3}


def form(*fields, health=True):
    text = {"type": "string"}
    told = {f"/health/{name}": {"label": {"zh": name, "en": name}} for name in fields}
    for one in told.values():
        one |= {"health": health} if health else {}
    schema = {"type": "object", "properties": dict.fromkeys(fields, text)}
    ui = {"order": list(told), "fields": told}
    return json.dumps(
        {"schema": {"type": "object", "properties": {"health": schema}}, "ui": ui}
    ).encode()


FILES = {
    "forms/start.json": form(),
    "forms/examine.json": form("bp", "history"),
    "forms/admit.json": form("bp"),
    "shared/rules.toml": b"",
}


@pytest.fixture
def case(built):
    with built.open_store() as store:
        store.add_release(release(XML, FILES), "a", "b", built.clock())
    begun = built.engine.begin(CLERK, "examined", {})
    examine = read_state(begun.state).tasks[0].id
    done = built.engine.answer(DOCTOR, examine, {"/health/bp": "120/80", "/health/history": "哮喘"})
    return done.case


def noted(built, case):
    with built.open_store() as store:
        chain = store.entries(f"dossier:{case.dossier}")
        return [entry.actor for entry, _ in chain if entry.verb == "health_read"]


def test_the_case_page_masks_it_and_shows_it_to_a_doctor_who_asks(browser, built, case):
    doctor = browser("doctor")
    assert "哮喘" not in doctor.get(f"/cases/{case.id}").text
    assert noted(built, case) == []
    doctor.post(f"/cases/{case.id}/health")
    assert "哮喘" in doctor.text
    assert noted(built, case) == ["doctor"]


@pytest.mark.clause("S29-28")
def test_others_are_neither_offered_nor_given_it(browser, built, case):
    clerk = browser("clerk")
    assert "仅医生等可见" in clerk.get(f"/cases/{case.id}").text
    assert "/health" not in clerk.page
    assert clerk.post(f"/cases/{case.id}/health").status == 403
    assert noted(built, case) == []


def test_a_form_that_reads_it_is_masked_on_the_task_page(browser, built, case):
    task = read_state(case.state).tasks[0].id
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    page = clerk.get(f"/tasks/{task}")
    assert "仅医生等可见" in page.text
    assert "120/80" not in page.page
    assert "120/80" in browser("doctor").get(f"/tasks/{task}").text
    assert noted(built, case) == ["doctor"]


def test_it_is_no_supervisors_to_correct(browser, case):
    page = browser("supervisor").get(f"/cases/{case.id}/correct")
    assert "120/80" not in page.page


@pytest.fixture
def scan(built):
    """A case with a scanned report in a health field; its address and the case."""
    told = json.loads(FILES["forms/examine.json"])
    schema = told["schema"]["properties"]["health"]
    schema["properties"]["bp"] = {"type": "array", "items": {"type": "object", "format": "file"}}
    xml = XML.replace(b"examined", b"scanned")
    with built.open_store() as store:
        files = FILES | {"forms/examine.json": json.dumps(told).encode()}
        del files["forms/admit.json"]
        store.add_release(release(xml, files), "a", "b", built.clock())
    case = built.engine.begin(CLERK, "scanned", {})
    report = {"digest": built.blobs.put(b"%PDF-1.4"), "name": "CT.pdf"}
    report |= {"type": "application/pdf", "size": 8}
    with built.open_store() as store:
        store.add_attachment(case.dossier, "doctor", report)
    built.engine.answer(DOCTOR, read_state(case.state).tasks[0].id, {"/health/bp": [report]})
    return f"/dossiers/{case.dossier}/files/{report['digest']}", case


@pytest.mark.clause("S29-28")
def test_a_medical_report_is_opened_by_doctors_only(browser, scan):
    address, case = scan
    assert browser("doctor").get(address).status == 200
    clerk = browser("clerk")
    assert "CT.pdf" not in clerk.get(f"/dossiers/{case.dossier}?tab=documents").text
    assert clerk.get(address).status == 403


def test_a_doctor_reads_nothing_of_the_dispute(browser, built, case):
    with built.open_store() as store:
        store.add_attachment(case.dossier, "clerk", PLAIN | {"digest": built.blobs.put(b"IOU")})
    doctor = browser("doctor")
    assert "只看和填写健康信息" in doctor.get(f"/dossiers/{case.dossier}").text
    page = doctor.post(f"/cases/{case.id}/health")
    assert "health.history" in page.text
    assert "case.number" not in page.text
    assert doctor.get(f"/dossiers/{case.dossier}/files/{built.blobs.put(b'IOU')}").status == 403
