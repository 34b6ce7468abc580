"""What is kept of parties in a dossier: consents and their withdrawal, addresses, attempts, agents."""

from __future__ import annotations

import pytest

from engine.model import Party

ID_NO = "530102199001011234"
CONSENT = {
    **{"/party": "p1", "/what": "E_SERVICE", "/answer": "YES"},
    **{"/version": "2026-1", "/channel": "PAPER"},
}


@pytest.fixture
def dossier(built, case):
    """The id of a dossier with a party."""
    with built.open_store() as store:
        store.save_party(Party("p1", case.dossier, "A", "张三", {"id_no": ID_NO}))
    return case.dossier


@pytest.fixture
def clerk(browser, dossier):
    return browser("clerk").get(f"/dossiers/{dossier}?tab=parties")


def record(clerk, register, dossier, **fields):
    clerk.get(f"/registers/{register}/new?dossier={dossier}")
    return clerk.post(f"/registers/{register}/new", dossier=dossier, **fields)


def test_a_consent_is_recorded_and_withdrawn_and_both_stay(clerk, dossier, built):
    consent = record(clerk, "consents", dossier, **CONSENT).response.request.path
    assert "电子送达" in clerk.get(f"/dossiers/{dossier}?tab=parties").text
    withdrawn = {"dossier": dossier, "until": "2026-03-02", "reason": "改为邮寄"}
    assert "已终止，历史仍可查" in clerk.post(f"{consent}/end", **withdrawn).text
    with built.open_store() as store:
        verbs = [entry.verb for entry, _ in store.entries(f"dossier:{dossier}")]
    assert verbs[-2:] == ["record", "record_ended"]


def test_a_withdrawn_consent_is_shown_as_such_with_its_reason(clerk, dossier, clock):
    consent = record(clerk, "consents", dossier, **CONSENT, since="2026-02-01").response
    ended = {"dossier": dossier, "until": "2026-03-01", "reason": "不再同意"}
    clerk.post(f"{consent.request.path}/end", **ended)
    shown = clerk.get(f"/dossiers/{dossier}?tab=parties").text
    assert "已终止 2026-02-01 至 2026-03-01 不再同意" in shown


def test_an_address_for_service_is_confirmed_by_the_party_or_not_recorded(clerk, dossier):
    address = {"/party": "p1", "/address": "石桥镇一组", "/phone": "13800000001"}
    address |= {"/e_service": "NO"}
    assert record(clerk, "service_addresses", dossier, **address).status == 422
    confirmed = record(clerk, "service_addresses", dossier, **address, **{"/confirmed": "true"})
    assert "石桥镇一组" in confirmed.text


def test_contact_attempts_cannot_lie_ahead(clerk, dossier):
    attempt = {"/party": "p1", "/channel": "PHONE", "/result": "NO_ANSWER"}
    later = record(clerk, "contact_attempts", dossier, **attempt, **{"/at": "2026-03-03T09:00"})
    assert "不能在将来" in later.text
    now = record(clerk, "contact_attempts", dossier, **attempt, **{"/at": "2026-03-02T08:30"})
    assert "无人应答" in now.text


def test_only_a_party_of_the_dossier_can_be_acted_for(clerk, dossier):
    agent = {"/name": "陆衡", "/category": "LAWYER", "/authority": "SPECIAL"}
    assert record(clerk, "agents", dossier, **agent, **{"/party": "somebody"}).status == 422
    assert "张三" in record(clerk, "agents", dossier, **agent, **{"/party": "p1"}).text


def test_whoever_may_not_see_the_dossier_finds_no_records_of_it(browser, clerk, dossier):
    consent = record(clerk, "consents", dossier, **CONSENT).response.request.path
    doctor = browser("doctor")
    for path in (consent, "/registers/consents", "/registers/consents/table.csv"):
        assert doctor.client.get(f"{path}?dossier={dossier}").status_code == 404
    assert clerk.get(consent).status == 404  # not without naming the dossier


def test_overseers_read_identity_numbers_masked_and_cannot_have_them_shown(browser, clerk, dossier):
    auditor = browser("auditor").get(f"/dossiers/{dossier}?tab=parties")
    assert "5301**********1234" in auditor.text
    assert "显示全号" not in auditor.text
    assert auditor.post(f"/dossiers/{dossier}/parties/p1/reveal").status == 403
    assert ID_NO in clerk.post(f"/dossiers/{dossier}/parties/p1/reveal").text
