"""Bad days and bad input as people meet them: each is said in a sentence, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest

from engine.access import grant_for
from engine.checks import check
from engine.commands.cases import Where
from engine.errors import Conflict
from engine.model import Actor
from engine.spiff import read_state
from tests.builders import BEGIN, boundary, event, message, process, release, user
from tests.builders import start as begin_at
from tests.cast import CLERK, PEOPLE
from tests.engine.checks.sound import package, sound_xml

from .conftest import form

RARE = "𠮷㛃龘😀é"
WITHDRAWN = process(
    "start -> hear -> heard\nwithdrawn -> closed",
    begin_at("start", ld_role="TRIB_CLERK"),
    user("hear", ld_role="TRIB_CLERK", name="听取意见"),
    boundary("withdrawn", "hear", event("message", "withdrawal"), name="撤回申请"),
    "<endEvent id='heard'/><endEvent id='closed'/>",
    id="withdrawable",
    root=message("withdrawal"),
)


@pytest.fixture
def clerk(browser, task):
    """A clerk who holds the task."""
    one = browser("clerk")
    one.post(f"/tasks/{task}/claim")
    return one


def entries(built, case):
    with built.open_store() as store:
        return [entry for entry, _ in store.entries(f"case:{case.id}")]


def test_two_megabytes_come_back_with_a_sentence(clerk, built, case, task):
    before = len(entries(built, case))
    huge = clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": "长" * 700_000})
    assert huge.status == 422
    assert 'href="#f/dispute/facts"' in huge.page
    assert len(entries(built, case)) == before


def test_more_than_the_server_takes_is_refused_with_a_page(clerk, built, task):
    told = {"CONTENT_LENGTH": str(built.config.upload_max_bytes + 1)}
    headers = {"X-CSRF-Token": clerk.token}
    big = clerk.client.post(
        f"/tasks/{task}", data={"a": "b"}, headers=headers, environ_overrides=told
    )
    assert big.status_code == 413
    assert "没有" in big.text


@pytest.mark.parametrize(
    "path", ["/dossiers?q=%00", "/cases/%00", "/tasks/%F0%A0", "/inbox?words=%00"]
)
def test_null_bytes_and_broken_text_in_an_address_break_nothing(clerk, path):
    assert clerk.get(path).status in (200, 400, 404)


def test_rare_names_are_kept_shown_and_found(browser, built):
    parties = ({"side": "A", "name": RARE}, {"side": "B", "name": "㑇䶮"})
    dossier = built.engine.open_dossier(CLERK, "small", CLERK.grants[0].org, parties)
    built.engine.begin(CLERK, "small", {"/dispute/title": RARE}, Where(dossier=dossier.id))
    clerk = browser("clerk")
    assert RARE in clerk.get("/inbox?tab=available").text
    assert dossier.number in clerk.get(f"/dossiers?q={quote('𠮷')}").text
    assert "㑇䶮" in clerk.get(f"/inbox?tab=available&words={quote('龘')}").text
    assert "没有找到" in clerk.get(f"/dossiers?q={quote('𠮸')}").text


def test_on_a_full_disk_the_page_says_so_and_nothing_is_half_written(clerk, built, case, task):
    before = len(entries(built, case))
    with built.open_store() as store:
        pages = store.connection.exec_driver_sql("PRAGMA page_count").scalar()
        store.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    full = clerk.post(f"/tasks/{task}/draft", **{"/dispute/facts": "满" * 40_000})
    assert full.status == 502
    assert "磁盘已满" in full.text
    assert "满" * 40_000 in full.page
    assert len(entries(built, case)) == before


@pytest.mark.parametrize(
    ("path", "field"),
    [("/tasks/{}", "facts"), ("/tasks/{}/draft", "facts"), ("/start/small", "title")],
)
def test_what_could_not_be_written_stays_on_the_page(clerk, built, task, path, field):
    with built.open_store() as store:
        store.connection.exec_driver_sql("PRAGMA query_only = 1")
    refused = clerk.post(path.format(task), **{f"/dispute/{field}": "已写好"}, outcome="accept")
    assert (refused.status, "不可写" in refused.text) == (502, True)
    assert "已写好" in refused.page


def test_a_clock_set_back_one_hour_moves_no_entry_back(browser, built, case, task, clock):
    clock.move(clock() + timedelta(hours=2))
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    clock.now -= timedelta(hours=1)
    assert clerk.post(f"/tasks/{task}", outcome="accept").status == 200
    times = [entry.at for entry in entries(built, case)]
    assert times == sorted(times)
    assert "重放一致" in clerk.get(f"/cases/{case.id}").post(f"/cases/{case.id}/replay").text


def test_a_corrupted_row_is_named_by_the_page_and_moves_nothing(clerk, built, case):
    with built.database.engine.begin() as rows:
        rows.exec_driver_sql("DROP TRIGGER journal_no_update")
        rows.exec_driver_sql("UPDATE journal SET actor = 'x' WHERE verb = 'start'")
    clerk.get(f"/cases/{case.id}")
    told = clerk.post(f"/cases/{case.id}/replay")
    assert "第 0 条有问题" in told.text


def test_who_comes_after_a_withdrawal_reads_it_and_keeps_the_text(browser, built):
    forms = {
        "forms/start.json": form(title={}),
        "forms/hear.json": form("accept", facts={}),
        "shared/rules.toml": b"",
    }
    with built.open_store() as store:
        store.add_release(release(WITHDRAWN, forms), "designer", "designer2", BEGIN)
    case = built.engine.begin(CLERK, "withdrawable", {})
    with built.open_store() as store:
        task = read_state(store.case(case.id).state).tasks[0].id
    clerk, other = browser("clerk"), browser("clerk").get(f"/cases/{case.id}")
    clerk.post(f"/tasks/{task}/claim")
    assert "撤回申请" in other.text
    other.post(f"/cases/{case.id}/tell", message="withdrawal", reason="当事人来电撤回")
    late = clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": "已写好"})
    assert late.status == 409
    assert "已写好" in late.text


def test_of_a_hundred_who_claim_one_task_one_wins_and_each_other_reads_who(built, task):
    with built.open_store() as store:
        offered = store.open_task(task).task
    crowd = [who for who in PEOPLE.values() if grant_for(_actor(who), offered)]
    refused = []
    for number in range(100):
        try:
            built.engine.claim(_actor(crowd[number % len(crowd)]), task)
        except Conflict as conflict:
            refused.append((conflict.code, conflict.params["who"]))
    assert set(refused) <= {("held_by_other", crowd[0].name)}


def test_a_dangling_flow_is_refused_with_its_id_and_a_hint():
    broken = sound_xml().replace('targetRef="settled"', 'targetRef="gone"')
    findings = {one.code: one.element for one in check(package(broken))}
    assert findings["flow_dangling"]


def _actor(person):
    return Actor(person.id, person.name, person.grants)
