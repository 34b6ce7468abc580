"""What the policies ask to be kept is kept on pages: each clause that a page carries has its story here."""

from __future__ import annotations

import pytest


@pytest.fixture
def keep(browser):
    """``keep("rooms", ...)``: the joint-meeting office registers an entry; its page and its list."""
    keeper = browser("secretariat").get("/registers/")

    def kept(register, **values):
        fields = {f"/{name}": value for name, value in values.items()}
        keeper.post(f"/registers/{register}/new", **fields, since="2026-03-01")
        assert keeper.status == 200
        entry = keeper.text
        return entry + keeper.get(f"/registers/{register}?on=2026-03-01").text

    return kept


@pytest.mark.clause("CQ7.1")
def test_place_funds_and_equipment_are_on_record(keep, browser):
    place = {"name": "一号调解室", "org": "shiqiao-tribunal", "kind": "MEDIATION"}
    assert "一号调解室" in keep("rooms", **place, seats="8")
    camera = {"name": "高清摄像机", "org": "shiqiao-tribunal", "kind": "VIDEO"}
    assert "高清摄像机" in keep("equipment", **camera, number="2", condition="GOOD")
    keep(
        "budgets",
        purpose="联调经费",
        org="shiqiao-tribunal",
        year="2026",
        source="COUNTY",
        amount="50000",
    )
    assert "50,000.00" in browser("president").get("/registers/budgets?on=2026-03-01").text


@pytest.mark.clause("YN2.1")
def test_each_of_the_six_guarantees_is_a_measure_with_a_unit_and_a_state(keep):
    for kind in ("FUNDS", "PEOPLE", "FACILITIES", "INCENTIVES", "COOPERATION", "SOCIETY"):
        measure = {"measure": f"落实{kind}", "kind": kind, "org": "yunxi-court"}
        listed = keep("guarantees", **measure, due_on="2026-06-30", status="UNDERWAY")
        assert f"落实{kind}" in listed
        assert "云溪县人民法院" in listed


@pytest.mark.clause("YN2.2")
def test_each_level_has_a_unit_that_answers_and_its_leader(keep):
    unit = {"org": "yunxi-court", "level": "COUNTY", "duty": "司法拘留矛盾化解", "leader": "何院长"}
    listed = keep("organisations", **unit, platform="ENROLLED")
    assert "云溪县人民法院" in listed
    assert "何院长" in listed


@pytest.mark.clause("CQ3.1", "YN2.5")
def test_what_is_shared_between_which_offices_over_which_channel_is_on_record(keep):
    line = {
        "name": "公安法院专线",
        "from": "shiqiao-station",
        "to": "shiqiao-tribunal",
        "kind": "LINE",
    }
    listed = keep(
        "channels", **line, shares="案由、当事人、进展", status="WORKING", tested_on="2026-03-01"
    )
    assert "公安法院专线" in listed
    assert "石桥派出所" in listed


@pytest.mark.clause("YN2.5b")
def test_without_a_line_there_is_a_tested_contact_and_what_is_shared_at_least(keep):
    contact = {
        "org": "yunxi-centre",
        "contact": "秦守所",
        "channel": "PHONE",
        "number": "0871-1234567",
    }
    listed = keep("contacts", **contact, tested_on="2026-03-01", items=["CASE", "TERM", "FOCUS"])
    assert "秦守所" in listed
    assert "0871-1234567" in listed
    assert "矛盾焦点" in listed
