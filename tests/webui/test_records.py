"""Registers as screens: recorded from a day, changed, ended, searched, taken along, brought in."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from webui.demo.county import keep_registers
from webui.registers import office_registers

ROOM = {"/name": "一号调解室", "/org": "shiqiao-tribunal", "/kind": "MEDIATION", "/seats": "8"}


@pytest.fixture
def keeper(browser):
    """Somebody of the joint-meeting office, who keeps most registers."""
    return browser("secretariat").get("/registers/rooms/new")


@pytest.fixture
def room(keeper):
    """The address of a room that is registered from 1 March on."""
    keeper.post("/registers/rooms/new", **ROOM, since="2026-03-01")
    return keeper.response.request.path


def test_everybody_finds_the_registers_and_few_may_keep_them(browser, keeper, room):
    mediator = browser("mediator")
    assert "登记簿" in mediator.text
    assert "一号调解室" in mediator.get("/registers/rooms").text
    assert "登记一条" not in browser("officer").get("/registers/rooms").text
    officer = browser("officer")
    assert officer.get("/registers/rooms/new").status == 403
    assert officer.get("/inbox").post(f"{room}/end", until="2026-03-02", reason="x").status == 403


def test_a_register_that_is_not_for_everybody_is_not_told_of(browser):
    mediator = browser("mediator")
    assert "/registers/budgets" not in mediator.get("/registers/").page
    assert mediator.get("/registers/budgets").status == 404
    assert browser("president").get("/registers/budgets").status == 200


def test_a_change_holds_from_its_day_and_the_old_version_stays_visible(keeper, room):
    change = ROOM | {"/seats": "12", "since": "2026-03-10", "reason": "扩建", "seen": "1"}
    assert "扩建" in keeper.post(f"{room}/change", **change).text
    assert "人民法庭 8 " in keeper.get("/registers/rooms?on=2026-03-09").text
    assert "人民法庭 12 " in keeper.get("/registers/rooms?on=2026-03-10").text


def test_a_change_needs_a_reason_and_loses_nothing(keeper, room):
    refused = keeper.post(f"{room}/change", **ROOM | {"/seats": "12"}, seen="1", reason="")
    assert refused.status == 422
    assert 'value="12"' in refused.page


def test_whoever_comes_second_sees_that_somebody_was_faster(keeper, room):
    keeper.post(f"{room}/change", **ROOM | {"/seats": "9"}, seen="1", reason="加座")
    late = keeper.post(f"{room}/change", **ROOM | {"/seats": "7"}, seen="1", reason="减座")
    assert late.status == 422
    assert "别人在" in late.text


def test_ending_is_not_deleting(keeper, room, built):
    assert keeper.post(f"{room}/end", until="2026-03-05", reason="").status == 422
    keeper.post(f"{room}/end", until="2026-03-05", reason="腾退")
    assert "一号调解室" in keeper.get("/registers/rooms?on=2026-03-05").text
    assert "一号调解室" not in keeper.get("/registers/rooms?on=2026-03-06").text
    assert "一号调解室" in keeper.get("/registers/rooms?on=2026-03-06&state=ended").text
    with built.open_store() as store:
        verbs = [entry.verb for entry, _ in store.entries("register:rooms")]
    assert verbs == ["record", "record_ended"]


def test_a_list_is_filtered_by_words_and_choices(keeper, room):
    video = ROOM | {"/name": "视频室", "/kind": "VIDEO"}
    keeper.post("/registers/rooms/new", **video, since="2026-03-01")
    assert "一号调解室" not in keeper.get("/registers/rooms?/kind=VIDEO").text
    assert "视频室" not in keeper.get("/registers/rooms?q=一号").text
    assert "视频室" in keeper.get("/registers/rooms?q=石桥").text  # by the name of the organisation


def test_the_workbook_reads_back_what_the_list_shows(keeper, room):
    content = keeper.client.get("/registers/rooms/table.xlsx").data
    heads, row = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    told = dict(zip(heads, row, strict=True))
    assert (told["名称"], told["用途"], told["座位"]) == ("一号调解室", "调解室", 8)
    assert told["生效日期"].isoformat() == "2026-03-01T00:00:00"


def test_a_table_that_was_taken_along_comes_back_changed(keeper, room):
    taken = keeper.client.get("/registers/rooms/table.csv").data.decode("utf-8-sig")
    heads, row = csv.reader(StringIO(taken))
    row[heads.index("座位")], row[heads.index("登记理由")] = "20", "盘点"
    table = StringIO()
    csv.writer(table).writerows([heads, row, row[:-6] + [""] * 6])
    brought = keeper.get("/registers/rooms/bring").post(
        "/registers/rooms/bring", table=table.getvalue()
    )
    assert "已登记 2 条" in brought.text
    assert "盘点" in keeper.get(room).text


def test_one_wrong_row_keeps_all_out_and_all_of_them_on_the_page(keeper):
    table = "名称,单位,用途,座位\n甲室,石桥司法所,调解室,6\n乙室,没有的所,舞厅,六\n"
    refused = keeper.post("/registers/rooms/bring", table=table)
    assert refused.status == 422
    assert "甲室,石桥司法所,调解室,6" in refused.page
    told = refused.text.split("哪里不对")[1]
    assert [column in told for column in ("单位", "用途", "座位")] == [True] * 3
    assert "甲室" not in keeper.get("/registers/rooms").text


def test_a_table_with_strange_columns_is_refused_with_their_names(keeper):
    refused = keeper.post("/registers/rooms/bring", table="名称,颜色\n甲室,红\n")
    assert "颜色" in refused.text
    assert keeper.post("/registers/rooms/bring", table="").status == 422


def test_a_cell_cannot_become_a_formula(keeper):
    evil = ROOM | {"/name": '=HYPERLINK("http://x")'}
    keeper.post("/registers/rooms/new", **evil, since="2026-03-01")
    assert b"'=HYPERLINK" in keeper.client.get("/registers/rooms/table.csv").data
    content = keeper.client.get("/registers/rooms/table.xlsx").data
    cells = [c for row in load_workbook(BytesIO(content)).active.iter_rows() for c in row]
    assert "f" not in {cell.data_type for cell in cells}


def test_an_entry_that_begins_later_waits_among_the_coming(keeper, clock):
    keeper.post("/registers/rooms/new", **ROOM, since="2026-03-08")
    assert "一号调解室" not in keeper.get("/registers/rooms").text
    assert "一号调解室" in keeper.get("/registers/rooms?state=coming").text
    clock.move(clock() + timedelta(days=6))
    assert "一号调解室" in keeper.sign_in("secretariat").get("/registers/rooms").text


def test_the_demonstration_county_keeps_every_register(browser, built):
    keep_registers(built)
    shown = browser("secretariat").get("/registers/").page
    assert [shown.count(f"/registers/{name}") for name in office_registers()] == [1] * 14
    assert '<td class="num" data-label="今天有效">0</td>' not in shown
