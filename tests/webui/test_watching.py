"""Watching a case entry by entry: who may, what each entry says, what stays sealed, and the verdict."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from engine.forms import form_of
from engine.package import read_package
from engine.spiff import read_state
from storage import queries
from tests.builders import BEGIN, event, extend, message, process, release, throw, user
from tests.builders import clock as period
from tests.builders import start as begin_at
from tests.cast import CLERK, SUPERVISOR
from tests.conftest import BPMN
from tests.webui import test_health
from tests.webui.conftest import FILES, form
from webui.audit.wording import Wording
from webui.procedures import drawn


@pytest.fixture
def screened(browser, case, task):
    """The clerk has screened the dispute; the clerk's browser."""
    clerk = browser("clerk")
    clerk.get(f"/tasks/{task}")
    clerk.post(f"/tasks/{task}/claim")
    return clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": "楼上漏水"})


def steps(one, case):
    response = one.client.get(f"/cases/{case.id}/watch/steps.jsonl")
    assert response.mimetype == "application/x-ndjson"
    assert response.headers["Cache-Control"] == "no-store"
    return [json.loads(line) for line in response.text.splitlines()]


def test_an_auditor_watches_every_entry_of_a_case(browser, case, screened):
    told = steps(browser("auditor"), case)
    assert [one["seq"] for one in told] == [0, 1, 2]
    assert told[0]["here"] == ["process.bpmn#screen"]
    assert told[2]["at"] == "process.bpmn#screen"
    assert told[2]["here"] == ["process.bpmn#decide"]


def test_an_entry_says_who_what_was_typed_and_what_changed(browser, case, screened):
    done = steps(browser("auditor"), case)[2]["html"]
    assert "陈书宁" in done
    assert '<span class="said">楼上漏水</span>' in done
    assert "<ins>楼上漏水</ins>" in done
    assert "<b>同意</b>" in done
    assert "<ins>同意</ins>" in done


def test_the_text_version_says_all_of_it_without_a_script(browser, case, screened):
    auditor = browser("auditor")
    whole = auditor.get(f"/cases/{case.id}/watch/text").page
    for one in steps(auditor, case):
        assert f'id="entry-{one["seq"]}"' in whole
    assert "<ins>楼上漏水</ins>" in whole


def test_watching_a_case_is_a_reading_of_its_dossier(browser, built, case):
    browser("auditor").get(f"/cases/{case.id}/watch")
    with built.open_store() as store:
        noted = [e for e, _ in store.entries(f"dossier:{case.dossier}") if e.verb == "read"]
    assert [entry.actor for entry in noted] == ["auditor"]


def test_who_may_not_see_the_case_may_not_watch_it(browser, case):
    doctor = browser("doctor")
    for part in ("watch", "watch/text", "watch/steps.jsonl", "watch/drawing.bpmn"):
        assert doctor.client.get(f"/cases/{case.id}/{part}").status_code == 404
    assert doctor.client.get(f"/dossiers/{case.dossier}/timeline").status_code == 404


def test_only_drawings_of_the_release_are_given_out(browser, case):
    auditor = browser("auditor")
    there = f"/cases/{case.id}/watch/drawing.bpmn"
    assert auditor.get(there).status == 200
    for home in ("forms/start.json", "../process.bpmn", "call/none/process.bpmn"):
        assert auditor.client.get(there, query_string={"home": home}).status_code == 404


def test_the_verdict_stands_on_the_page(browser, case, screened):
    auditor = browser("auditor").get(f"/cases/{case.id}/watch")
    assert "重放一致 · 链完整" in auditor.post(f"/cases/{case.id}/watch").text


def test_a_changed_journal_is_named_where_it_first_differs(browser, built, case, screened):
    with built.database.engine.begin() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='payload'"
        )
        for (name,) in list(names):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(
            "UPDATE payload SET data = replace(data, '楼上漏水', '楼下漏水') WHERE seq = 2"
        )
    assert "从这一条起重放不一致" in steps(browser("auditor"), case)[-1]["html"]


def test_an_identity_number_is_masked_in_what_changed(browser, built, case):
    number = "530102199001011234"
    built.engine.correct(SUPERVISOR, case.id, {"/dispute/id_no": number}, "补登")
    page = browser("auditor").get(f"/cases/{case.id}/watch/text").page
    assert "5301**********1234" in page
    assert number not in page


def lines(one, address):
    """What the table of the time line says."""
    return re.sub(
        r"<[^>]+>", " ", one.get(address).page.partition("<tbody>")[2].partition("</tbody>")[0]
    )


def test_the_time_line_tells_all_cases_and_filters_them(browser, case, screened):
    auditor, line = browser("auditor"), f"/dossiers/{case.dossier}/timeline"
    assert all(word in lines(auditor, line) for word in ("立卷", "领取", "办结"))
    assert "领取" not in lines(auditor, f"{line}?kind=acts")
    assert "办结" not in lines(auditor, f"{line}?kind=notes")
    assert "立卷" not in lines(auditor, f"{line}?case={case.id}")
    assert "立卷" in lines(auditor, f"{line}?case=dossier")


def test_what_one_case_hands_to_another_stands_at_both_ends(browser, built):
    told = message("told", '"k"', what="dispute.title")
    sender = process(
        "start -> tell -> wait -> end",
        begin_at("start", ld_role="TRIB_CLERK"),
        throw("tell", event("message", "told")),
        user("wait", ld_role="TRIB_CLERK"),
        id="sender",
        root=told,
    )
    taker = process(
        "begun -> look -> end",
        begin_at("begun", event("message", "told"), ld_role="TRIB_CLERK", ld_result="heard"),
        user("look", ld_role="TRIB_CLERK"),
        id="taker",
        root=told,
    )
    with built.open_store() as store:
        for xml in (sender, taker):
            store.add_release(release(xml, FILES), "designer", "designer2", BEGIN)
    case = built.engine.begin(CLERK, "sender", {"/dispute/title": "漏水"})
    built.engine.deliver(f"{case.id}:0:0")
    auditor = browser("auditor")
    line = lines(auditor, f"/dossiers/{case.dossier}/timeline?kind=links")
    assert "交给 taker" in line
    assert "来自 sender" in line
    thrown = steps(auditor, case)[0]["html"]
    assert "<dt>情况</dt><dd>漏水</dd>" in thrown
    assert "对方办件" in thrown
    with built.read() as db:
        _, taken = queries.dossier_cases(db, case.dossier)
    heard = steps(auditor, taken)[0]["html"]
    assert re.search(r"<div>情况</div>.*<ins>漏水</ins>", heard)


def test_health_data_stays_sealed_in_every_entry(browser, built):
    with built.open_store() as store:
        store.add_release(release(test_health.XML, test_health.FILES), "a", "b", BEGIN)
    begun = built.engine.begin(CLERK, "examined", {})
    examine = read_state(begun.state).tasks[0].id
    typed = {"/health/bp": "120/80", "/health/history": "哮喘"}
    built.engine.answer(test_health.DOCTOR, examine, typed)
    for login in ("clerk", "auditor"):
        one = browser(login)
        told = "".join(each["html"] for each in steps(one, begun))
        whole = one.get(f"/cases/{begun.id}/watch/text").page
        assert "仅医生等可见" in told
        assert all(said not in told + whole for said in ("120/80", "哮喘"))
        assert one.post(f"/cases/{begun.id}/watch/text").status == 403
    assert browser("doctor").get(f"/cases/{begun.id}/watch").status == 403


def test_an_entry_about_a_period_names_it_and_its_end(browser, built, clock):
    counted = extend(period("accept_referral", starts="enter", ends="done"))
    starts = begin_at("start", ld_role="TRIB_CLERK")
    xml = process(
        "start -> look -> end", starts, user("look", counted, ld_role="TRIB_CLERK"), id="p"
    )
    rules = {"shared/rules.toml": (BPMN / "shared" / "rules.toml").read_bytes()}
    with built.open_store() as store:
        store.add_release(
            release(xml, FILES | rules | {"forms/look.json": form()}), "a", "b", BEGIN
        )
    begun = built.engine.begin(CLERK, "p", {})
    clock.move(clock.now + timedelta(days=30))
    built.engine.turn(begun.id)
    breached = steps(browser("auditor"), begun)[-1]["html"]
    assert "<b>调解组织或者调解员确认是否接受 到 2026年" in breached


def test_people_are_called_by_name_in_rows_and_what_is_empty_is_left_out(app, case):
    terms = form_of(read_package(BPMN / "mediation"), "draft_agreement").fields["/agreement/terms"]
    row = {"obligation": "清理排水沟", "obligor": "p1", "obligee": "p2", "amount": None}
    with app.test_request_context():
        wording = Wording(drawn(case.release), {"p1": "葛志强", "p2": "钱建国"}, revealed=False)
        assert wording.said([row], terms) == "清理排水沟 葛志强 钱建国"
        assert wording.said("TRIB_CLERK") == "立案人员、书记员"
