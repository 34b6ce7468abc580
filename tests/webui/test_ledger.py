"""The detention ledger: told by a real case, seen by few, filtered, taken along."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from engine.ledger import COLUMNS
from engine.story import Stage, tell
from tests.cast import PEOPLE, actor
from webui.wiring import bundled


@pytest.fixture
def detention(built, clock):
    """A detention whose work in custody went as far as the joint mediation."""
    files = bundled()["detention_mediation"]
    built.engine.install({"detention_mediation": files})
    clock.move(datetime(2026, 9, 28, 7, 30, tzinfo=UTC))
    stage = Stage(built.engine, built.open_store, clock, [actor(login) for login in PEOPLE])
    case = tell(stage, "detention_mediation", json.loads(files["scenarios/settles.json"]))
    with built.open_store() as store:
        return store.case(case)


def test_the_ledger_tells_the_case_and_leads_to_its_dossier(browser, detention):
    ledger = browser("discipline").get("/ledger/")
    told = ["李长河", "秦管教", "和解分期", "拘化1号", f"/dossiers/{detention.dossier}"]
    assert [word in ledger.page for word in told] == [True] * 5
    assert "已出所 1" in ledger.text


def test_the_workbook_holds_the_same_row(browser, detention):
    content = browser("centre").client.get("/ledger/table.xlsx").data
    heads, row = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    told = dict(zip(heads, row, strict=True))
    assert told["被拘留人"] == "李长河"
    assert told["入所时间"] == datetime(2026, 9, 28, 15, 30)  # noqa: DTZ001 - as a clock on the wall
    assert told["首次谈话按时"] == "是"
    assert len(heads) == len(COLUMNS)


def test_filters_and_counts_agree(browser, detention):
    centre = browser("centre")
    assert "李长河" in centre.get("/ledger/?centre=yunxi-centre&state=out").text
    assert "李长河" not in centre.get("/ledger/?state=inside").text
    assert "李长河" in centre.get("/ledger/?since=2026-09-28&until=2026-09-28").text
    assert "全部 0" in centre.get("/ledger/?until=2026-09-27").text
    assert "李长河" not in centre.get("/ledger/?centre=elsewhere").text


def test_whoever_may_not_see_the_dossier_does_not_find_it_in_the_ledger(browser, detention):
    entrusted = browser("entrusted")
    assert entrusted.get("/ledger/").status == 200
    assert "李长河" not in entrusted.text
    assert "李长河".encode() not in entrusted.client.get("/ledger/table.csv").data


def test_whoever_has_nothing_to_do_with_detention_is_not_told_of_a_ledger(browser, detention):
    mediator = browser("mediator")
    assert "拘留台账" not in mediator.text
    assert mediator.get("/ledger/").status == 403
