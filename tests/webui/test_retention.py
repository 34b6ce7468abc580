"""The pages of keeping and destroying: schedule, dry run, holds, two people, a certificate to print."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from engine.model import Dossier, Party
from engine.model.retained import Doomed
from tests.builders import BEGIN, process, release
from tests.builders import start as begin_at
from tests.cast import CLERK, actor
from tests.engine.proofs.test_takeaway import OFFLINE, altered, in_line, proved, told
from tests.webui.conftest import FILES
from webui.cli import main
from webui.dossiers.views import TABS
from webui.registers import schedule
from webui.sealing import log_keys

YEARS = timedelta(days=10 * 365 + 5)
XML = process("start -> end", begin_at("start", ld_role="TRIB_CLERK"), id="mediation")


@pytest.fixture
def dossier(built, clock):
    """A mediation that ended ten years ago, with a party."""
    with built.open_store() as store:
        store.add_release(release(XML, FILES), "designer", "designer2", BEGIN)
    case = built.engine.begin(CLERK, "mediation", {"/dispute/title": "邻里漏水"})
    with built.open_store() as store:
        store.save_party(Party("p1", case.dossier, "A", "张三", {"id_no": "530102199001011234"}))
    clock.move(clock() + YEARS)
    return case.dossier


def test_the_schedule_says_what_is_kept_how_long_and_how_certain(browser):
    text = browser("auditor").get("/retention/").text
    assert "调解卷宗 自定 10 年" in text
    assert "法院裁定卷宗 长期 60 年" in text
    assert "永久" in text
    assert browser("mediator").get("/retention/").status == 403


def test_the_dry_run_looks_ahead_and_changes_nothing(browser, built, dossier, clock):
    clock.now -= YEARS
    clerk = browser("clerk").get("/retention/due")
    assert "没有到期的卷宗" in clerk.text
    clerk.get("/retention/due?on=2040-01-01")
    assert "可以销毁" in clerk.text
    assert "日志内容" in clerk.text
    assert 'name="dossier"' not in clerk.page
    with built.open_store() as store:
        assert store.filed(dossier).certificate == ""


def proposed(browser, dossier):
    clerk = browser("clerk").get("/retention/due")
    return clerk.post("/retention/due", dossier=dossier, reason="保管期满")


def test_who_forgets_the_reason_finds_the_ticks_again(browser, dossier):
    clerk = browser("clerk").get("/retention/due")
    assert f'value="{dossier}" checked' in clerk.page
    assert clerk.post("/retention/due", reason="保管期满").status == 422
    assert f'value="{dossier}" checked' not in clerk.page


def test_two_people_and_a_third_click_destroy_a_dossier(browser, built, dossier):
    clerk = proposed(browser, dossier)
    assert "等待另一人鉴定" in clerk.text
    there = clerk.response.request.path
    supervisor = browser("supervisor").get(there)
    supervisor.post(f"{there}/decision", decision="approve", reason="同意")
    assert "还没有销毁任何内容" in supervisor.text
    done = clerk.get(there).post(f"{there}/carry-out")
    assert "销毁 1 份卷宗" in done.text
    printed = clerk.get("/retention/certificates/XH2036-1").text
    for words in ("S3-27", "保管期满", "同意", f"dossier:{dossier}"):
        assert words in printed
    assert "张三" not in clerk.get(f"/dossiers/{dossier}?tab=parties").text


def carried_out(built, dossier):
    """The dossier is destroyed, by the same verbs."""
    engine, rows = built.engine, schedule()
    listed = engine.propose_destruction(CLERK, [dossier], rows, "保管期满")
    engine.decide_destruction(actor("president"), listed.id, True, "同意")
    return engine.carry_out(CLERK, listed.id, rows)


@pytest.mark.parametrize("tab", TABS)
def test_every_page_of_a_destroyed_dossier_still_opens(browser, built, dossier, tab):
    carried_out(built, dossier)
    page = browser("clerk").get(f"/dossiers/{dossier}?tab={tab}")
    assert page.status == 200
    assert "本卷宗已依法销毁，证明 XH2036-1" in page.text


def test_a_destroyed_case_says_so_wherever_it_is_read(browser, built, dossier):
    carried_out(built, dossier)
    with built.open_store() as store:
        (case,) = store.cases_in(dossier)
    auditor = browser("auditor")
    for path in ("/watch", "/watch/steps.jsonl", "/marks.json"):
        assert auditor.get(f"/cases/{case}{path}").status == 200, path
    assert auditor.get(f"/dossiers/{dossier}/timeline").status == 200
    for path in ("", "/watch/text"):
        assert "XH2036-1" in auditor.get(f"/cases/{case}{path}").text, path


def test_a_hold_is_placed_and_lifted_on_the_page_of_a_dossier(browser, dossier):
    supervisor = browser("supervisor").get(f"/dossiers/{dossier}?tab=keeping")
    assert "调解卷宗" in supervisor.text
    held = supervisor.post(f"/dossiers/{dossier}/holds", target="person:p1", reason="申诉")
    assert "依法保全" in held.text
    assert "申诉" in browser("auditor").get("/retention/holds").text
    assert "保全优先于一切销毁" in browser("clerk").get("/retention/due").text
    lift = held.link(rf"/dossiers/{dossier}/holds/[^/]+/end")
    assert "今后只看保管期限" in held.post(lift, reason="驳回申诉").text


def test_a_list_is_decided_by_somebody_who_sees_all_of_it(browser, built, dossier):
    there = proposed(browser, dossier).response.request.path
    with built.open_store() as store:
        near = Dossier("d9", "纠2014-9", "dispute", "", "yunxi-court", BEGIN)
        store.save_dossier(near)
        store.add_doomed([Doomed(there.rpartition("/")[2], "d9", "mediation_file", BEGIN)])
    president = browser("president").get(there)
    refused = president.post(f"{there}/decision", decision="approve", reason="同意")
    assert refused.status == 422
    assert "有您看不到的卷宗" in refused.text
    assert 'value="同意"' in refused.page


def test_who_may_not_hold_or_decide_is_told_so(browser, dossier):
    there = proposed(browser, dossier).response.request.path
    clerk = browser("clerk").get(there)
    assert clerk.post(f"/dossiers/{dossier}/holds", target="dossier:", reason="x").status == 403
    refused = clerk.get(there).post(f"{there}/decision", decision="approve", reason="同意")
    assert refused.status == 422
    assert "不得是提出人" in refused.text
    auditor = browser("auditor").get(there)
    assert auditor.post(f"{there}/carry-out").status == 422


@pytest.mark.parametrize("path", ["/", "/due?on=2050-01-01", "/lists", "/holds", "/certificates"])
def test_every_page_speaks_english(browser, built, dossier, path):
    carried_out(built, dossier)
    page = browser("supervisor")
    page.get(f"/language?lang=en&next=/retention{path}")
    assert page.get(f"/retention{path}").status == 200


def test_nothing_of_a_destroyed_dossier_is_left_on_the_disk(built, dossier):
    folder = built.config.data
    assert telling(folder)
    carried_out(built, dossier)
    assert telling(folder) == []


def telling(folder):
    """The files in which the party's name can be read."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if "张三".encode() in path.read_bytes()]


def test_the_command_says_what_is_due_and_carries_out_what_is_approved(built, dossier, monkeypatch):
    monkeypatch.setenv("LIANDIAO_DATA", str(built.config.data))
    monkeypatch.setenv("LIANDIAO_LANG", "zh")
    ahead = CliRunner().invoke(main, ["retention", "--dry-run", "--on", "2090-01-01"])
    assert "可以销毁" in ahead.output
    listed = built.engine.propose_destruction(CLERK, [dossier], schedule(), "保管期满")
    built.engine.decide_destruction(actor("president"), listed.id, True, "同意")
    assert "保留 1" in CliRunner().invoke(main, ["retention", "--carry-out", listed.id]).output


MISSED = {
    "entry of certificate XH2036-1 is missing": ("certificate.json", lambda text: None),
    "certificate XH2036-1 was altered": (
        "certificate.json",
        lambda text: text.replace(b"court_president", b"x").replace(b"mediation_file", b"y"),
    ),
    "certificate XH2036-1 does not name what is gone": (
        "journal.jsonl",
        in_line(0, "certificate", lambda number: "XH2030-9"),
    ),
}


@pytest.fixture
def offline(chromium):
    """The page that lies in every zip, opened from the disk without any network."""
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(OFFLINE.as_uri())
    yield page
    context.close()


def test_a_destroyed_dossier_proves_its_certificate_outside(
    browser, built, dossier, tmp_path, offline
):
    carried_out(built, dossier)
    content = browser("supervisor").client.get(f"/dossiers/{dossier}/dossier.zip").data
    code, said = proved(content, tmp_path)
    assert code == 0, said
    assert "张三".encode() not in content
    both = told(offline, content)
    assert sum("certificate XH2036-1 names them and stands" in line for line in both) == 2
    for fault, (name, change) in MISSED.items():
        damaged = altered(content, f"dossier/{name}", change)
        assert fault in proved(damaged, tmp_path)[1]
        assert fault in told(offline, damaged)[-1]


def test_verify_and_replay_say_under_which_certificate(built, dossier, monkeypatch):
    carried_out(built, dossier)
    built.engine.seal(log_keys(built.config))
    with built.open_store() as store:
        (case,) = store.cases_in(dossier)
    monkeypatch.setenv("LIANDIAO_DATA", str(built.config.data))
    monkeypatch.setenv("LIANDIAO_LANG", "zh")
    told = CliRunner().invoke(main, ["verify", "--case", case])
    assert told.exit_code == 0
    assert "已依法销毁（证明 XH2036-1），不能重放；链本身完整" in told.output
    assert CliRunner().invoke(main, ["replay", case]).exit_code == 0
