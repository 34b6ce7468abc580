"""Finding in all journals: who did what when, who looked at whose data and why, kept and taken along."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from engine.model import Party
from engine.spiff import read_state
from engine.worker import Worker
from storage import queries
from storage.queries import Sought, finding
from storage.queries.viewer import Viewer
from tests.cast import ADMIN, AUDITOR, CLERK, JUDGE, SUPERVISOR
from tests.storage.builders import certify
from tests.webui.test_admin import dated
from webui.walking import walking

RULE = "accept_referral"


@pytest.fixture
def screened(browser, built, case, task, clock):
    """A party named, the clerk's screening done two days later, the dossier read by an auditor."""
    with built.open_store() as store:
        store.save_party(Party("p1", case.dossier, "A", "赵小满", {"id_no": "110105199001012116"}))
    built.engine.claim(CLERK, task)
    clock.move(clock() + timedelta(days=2))
    values = {"/dispute/facts": "楼上漏水"}
    built.engine.complete(CLERK, task, values, "accept")
    return browser("auditor").get(f"/dossiers/{case.dossier}")


def found(one, **asked):
    return one.get(f"/journal?{urlencode(asked)}").text


def verbs(built, sought, who=ADMIN):
    with built.read() as db:
        rows, _ = queries.found_entries(db, Viewer(who), sought)
    return [row.verb for row in rows]


def test_who_looked_at_a_person_s_data_and_why(screened):
    said = found(screened, about="赵小满", kind="viewed")
    assert "查阅卷宗" in said
    assert "监督、审计职责" in said
    assert "没有符合条件" not in found(screened, about="110105199001012116", kind="viewed")
    assert "没有符合条件" in found(screened, about="赵小", kind="viewed")


def test_the_question_about_a_person_is_itself_in_the_journal(screened, built):
    found(screened, about="赵小满")
    found(screened, who="李")
    with built.open_store() as store:
        asked = [p.data for entry, p in store.entries("person:auditor") if entry.verb == "search"]
    assert asked == [{"sought": {"about": "赵小满"}}]


def test_each_part_of_a_question_narrows(screened, built, case):
    name = CLERK.name
    by = [verb for verb in verbs(built, Sought(who=name)) if verb != "read"]
    assert by[:3] == ["complete", "claim", "start"]
    assert verbs(built, Sought(verb="claim")) == ["claim"]
    assert verbs(built, Sought(procedure="small", element="screen")) == ["complete", "claim"]
    assert verbs(built, Sought(role="TRIB_CLERK", verb="complete")) == ["complete"]
    assert verbs(built, Sought(about="no-such-number")) == []


def test_a_day_reaches_to_its_end(screened, built, clock):
    day = clock().date().isoformat()
    assert "办结" in found(screened, since=day, until=day, verb="complete")
    before = (clock() - timedelta(days=1)).date().isoformat()
    assert "没有符合条件" in found(screened, until=before, verb="complete")
    assert "没有符合条件" not in found(screened, since="not a day", verb="complete")


@pytest.fixture
def answer(built, clock):
    """``answer(days)``: a case under a period of three working days, answered so many days later."""

    def answered(days):
        case = dated(built, clock)
        clock.move(clock() + timedelta(days=days))
        task = read_state(case.state).tasks[0].id
        built.engine.answer(CLERK, task, {"/dispute/facts": "属实"}, "accept")

    return answered


@pytest.mark.parametrize(
    ("days", "kind", "other", "said"),
    [(2, "early", "late", "按期，提前 1 天"), (5, "late", "early", "逾期 1 天")],
)
def test_late_and_in_time_by_the_period_that_an_entry_ended(
    browser, built, answer, days, kind, other, said
):
    answer(days)
    auditor = browser("auditor")
    assert "另有 1 个办件" in found(auditor, kind=kind)
    walking(built)()
    assert verbs(built, Sought(kind=kind)) == verbs(built, Sought(rule=RULE)) == ["complete"]
    assert verbs(built, Sought(kind=kind), CLERK) == ["complete"]
    assert verbs(built, Sought(kind=other)) == verbs(built, Sought(rule="mediation")) == []
    assert f"调解组织或者调解员确认是否接受：{said}" in found(auditor, kind=kind)
    assert said in auditor.client.get("/journal/table.csv?verb=complete").text


def test_a_period_that_is_over_and_one_that_was_stopped(browser, built, clock):
    case = dated(built, clock)
    built.engine.pause_clock(SUPERVISOR, case.id, RULE, "鉴定")
    built.engine.resume_clock(SUPERVISOR, case.id, RULE, "鉴定完毕")
    clock.move(clock() + timedelta(days=9))
    Worker(built.engine, built.open_store, clock).work_due()
    walking(built)()
    assert verbs(built, Sought(kind="late")) == ["clock_breached"]
    assert {"clock_paused", "clock_resumed", "clock_breached"} <= {*verbs(built, Sought(rule=RULE))}
    assert "已超期，仍在计算" in found(browser("auditor"), kind="late")


def test_an_auditor_of_another_area_finds_nothing_of_this_one(screened, built):
    far = Viewer(AUDITOR, tuple((grant.org, "110000") for grant in AUDITOR.grants))
    with built.read() as db:
        assert queries.found_entries(db, far, Sought()) == ([], False)
        assert list(queries.every_entry(db, far, Sought())) == []


def test_who_sees_little_finds_what_walking_the_journal_finds(screened, built, monkeypatch):
    parts = {
        "kind": "viewed",
        "who": "陈书宁",
        "about": "赵小满",
        "verb": "claim",
        "element": "screen",
    }
    asked = [Sought(), *(Sought(**{name: value}) for name, value in parts.items())]
    looked_up = [verbs(built, one, CLERK) for one in asked]
    monkeypatch.setattr(finding, "FEW_DOSSIERS", -1)
    assert [verbs(built, one, CLERK) for one in asked] == looked_up
    assert all(looked_up)


def test_whoever_does_not_oversee_has_no_such_page(browser, case):
    clerk = browser("clerk")
    assert "日志检索" not in clerk.text
    assert clerk.get("/journal").status == 403
    assert clerk.get("/journal/table.csv").status == 403


def test_a_search_is_kept_apart_from_the_inbox(screened):
    screened.post("/journal/views", name="漏水看过", about="赵小满", kind="viewed", nonsense="x")
    assert "漏水看过" in screened.text
    assert "漏水看过" not in screened.get("/inbox").text
    href = screened.get("/journal").link(r"/journal\?[^\"]*viewed[^\"]*")
    assert "查阅卷宗" in screened.get(href).text
    screened.post("/inbox/views/drop", name="漏水看过", next="/journal")
    assert "漏水看过" not in screened.get("/journal").text


def test_the_hits_are_taken_along_and_that_is_journalled(screened, built):
    content = screened.client.get("/journal/table.xlsx?verb=complete").data
    heads, row = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    told = dict(zip(heads, row, strict=True))
    assert told["经办人"] == CLERK.name
    assert isinstance(told["时间"], datetime)
    lines = screened.client.get("/journal/table.csv?verb=complete").data.decode("utf-8-sig")
    assert len(lines.splitlines()) == 2
    assert verbs(built, Sought(verb="search")) == ["search", "search"]


def test_the_hits_as_json_name_their_columns_in_any_language(screened):
    told = screened.client.get("/journal/table.json?verb=complete").json
    assert [(one["who"], one["behalf"]) for one in told] == [(CLERK.name, "")]
    assert datetime.fromisoformat(told[0]["when"]).tzinfo
    assert screened.client.get("/journal/table.json?verb=cancel").json == []


def test_the_same_hits_give_the_same_workbook(screened):
    first, second = (screened.client.get("/journal/table.xlsx?verb=complete").data for _ in "12")
    assert first == second


def test_pages_follow_each_other_without_gap_or_double(screened, built):
    for _ in range(3):
        built.engine.note_reading(JUDGE, _dossier(built))
    with built.read() as db:
        every = [(row.stream, row.seq) for row in queries.every_entry(db, Viewer(ADMIN), Sought())]
        paged, page, more = [], 1, True
        while more:
            rows, more = queries.found_entries(db, Viewer(ADMIN), Sought(), page, 2)
            paged += [(row.stream, row.seq) for row in rows]
            page += 1
    assert paged == every
    assert len(set(every)) == len(every)


def _dossier(built):
    with built.read() as db:
        return db.exec_driver_sql("SELECT id FROM dossiers").scalar()


def test_what_was_erased_is_still_found_without_its_content(screened, built, case):
    with built.open_store() as store:
        store.erase(f"case:{case.id}", 1, certify(store, case.dossier))
    assert verbs(built, Sought(verb="claim")) == ["claim"]
