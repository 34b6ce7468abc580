"""Administration: people and roles by date, organisations, duty, calendar, settings."""

from __future__ import annotations

from datetime import timedelta

from engine.model import Pulse
from engine.spiff import read_state
from tests.builders import catch, extend, par, process, release, timer, user, xor
from tests.builders import start as begin_at
from tests.cast import CLERK
from tests.webui.conftest import FILES, form
from webui.registers import SHARED

CLOCK = '<ld:clock rule="accept_referral" starts="enter"/>'


def test_a_role_holds_from_and_until_its_days(browser, clock, case):
    admin = browser("admin").get("/admin/people/doctor")
    days = {"from": "2026-03-10", "until": "2026-03-11"}
    admin.post("/admin/people/doctor/grants", role="TRIB_CLERK", org="shiqiao-tribunal", **days)
    assert "可领取 0" in browser("doctor").text
    clock.move(clock() + timedelta(days=8))
    assert "可领取 1" in browser("doctor").text
    clock.move(clock() + timedelta(days=2))
    assert "可领取 0" in browser("doctor").text


def test_a_role_is_ended_with_a_reason_that_stays_in_the_journal(browser, built):
    admin = browser("admin").get("/admin/people/seal")
    held = {"role": "SEAL_ADMIN", "org": "yunxi-court", "post": ""}
    assert admin.post("/admin/people/seal/revoke", **held, reason=" ").status == 422
    assert "离岗" in admin.post("/admin/people/seal/revoke", **held, reason="离岗").text
    assert "没有角色" in browser("seal").text


def test_a_role_that_begins_later_can_be_taken_back(browser, clock, case):
    admin = browser("admin").get("/admin/people/doctor")
    held = {"role": "TRIB_CLERK", "org": "shiqiao-tribunal"}
    admin.post("/admin/people/doctor/grants", **held, **{"from": "2026-03-10"})
    assert "2026年3月10日" in admin.text
    admin.post("/admin/people/doctor/revoke", **held, reason="改派他人")
    assert "2026年3月10日" not in admin.text
    clock.move(clock() + timedelta(days=9))
    assert "可领取 0" in browser("doctor").text


def test_the_last_door_is_not_locked_from_inside(browser):
    admin = browser("admin").get("/admin/people/admin")
    assert admin.post("/admin/people/admin", name="钟敏", active="no").status == 403


def test_a_role_belongs_to_a_kind_of_organisation(browser):
    admin = browser("admin").get("/admin/people/clerk")
    wrong = admin.post("/admin/people/clerk/grants", role="TRIB_JUDGE", org="yunxi-hospital")
    assert wrong.status == 422
    assert "不设" in wrong.text


def test_a_reset_password_is_shown_once_and_never_kept_in_clear(browser, built):
    admin = browser("admin").get("/admin/people/clerk")
    shown = admin.post("/admin/people/clerk/password").text
    password = shown.split("一次性密码：")[1].split()[0]
    with built.open_store() as store:
        told = str([(e, p) for e, p in store.entries("person:clerk")])
    assert password not in told
    assert "argon2" not in told
    assert browser().sign_in("clerk", password).response.request.path == "/account/password"


def test_an_organisation_cannot_be_above_itself(browser):
    admin = browser("admin").get("/admin/organisations?id=yunxi-court")
    court = {"id": "yunxi-court", "name": "云溪县人民法院", "kind": "COURT", "area": ""}
    circle = admin.post("/admin/organisations", **court, parent="shiqiao-tribunal", active="yes")
    assert circle.status == 422
    assert "绕成了圈" in circle.text


def test_whoever_is_on_duty_holds_the_post(browser, built):
    admin = browser("admin").get("/admin/duty")
    admin.post("/admin/duty/posts", name="收拘值班岗", org="yunxi-centre")
    post = admin.page.split('<option value="')[1].split('"')[0]
    shift = {"starts_at": "2026-03-02T08:00", "ends_at": "2026-03-02T20:00", "handover": "无"}
    admin.post("/admin/duty/shifts", post=post, person="intake", **shift)
    assert "正在值班" in admin.text
    backwards = {"starts_at": "2026-03-02T08:00", "ends_at": "2026-03-02T07:00"}
    assert admin.post("/admin/duty/shifts", post=post, person="intake", **backwards).status == 422


def test_a_changed_setting_makes_new_facts_and_keeps_its_history(browser, built, clock):
    with built.open_store() as store:
        before = store.current_facts()
    clock.move(clock() + timedelta(minutes=1))
    path = "/admin/settings/warning_red_hours"
    admin = browser("admin").get(path)
    assert admin.post(path, value="x", layer="policy", reason="试").status == 422
    assert admin.post(path, value="3", layer="policy", reason="").status == 422
    assert "市里统一" in admin.post(path, value="3", layer="policy", reason="市里统一").text
    with built.open_store() as store:
        after = store.current_facts()
    assert (before.settings["warning_red_hours"], after.settings["warning_red_hours"]) == (2, 3)


def test_a_new_holiday_reaches_running_cases_on_request(browser, built, clock, case):
    clock.move(clock() + timedelta(minutes=1))
    admin = browser("admin").get("/admin/calendar?year=2026")
    admin.post("/admin/calendar", day="2026-03-09", kind="off", name="县庆", reason="县政府通知")
    assert "县庆" in admin.text
    assert "1 个在办办件" in admin.text
    assert "已重算 1 个办件" in admin.post("/admin/facts").text
    with built.open_store() as store:
        assert store.case(case.id).facts == store.current_facts().digest


def test_starting_opens_a_numbered_dossier_and_leads_to_the_first_task(browser):
    clerk = browser("clerk").get("/start")
    assert "small" in clerk.page
    clerk.get("/start/small")
    started = clerk.post("/start/small", **{"/dispute/title": "宅基地"})
    assert started.response.request.path.startswith("/tasks/")
    assert "纠2026-00001" in started.text
    assert browser("doctor").get("/start/small").status == 403


def test_a_second_case_goes_into_the_dossier_it_belongs_to(browser, built, case):
    clerk = browser("clerk").get(f"/start/small?dossier={case.dossier}")
    clerk.post("/start/small", dossier=case.dossier, **{"/dispute/title": "再次申请"})
    assert "纠2026-00001" in clerk.text
    assert clerk.post("/start/small", dossier="made-up").status == 404


def test_an_incident_is_shown_with_its_cause_and_retried(browser, built):
    stuck = built.engine.begin(CLERK, "small", {"/dispute/title": "停住"})
    task = read_state(stuck.state).tasks[0]
    supervisor = browser("supervisor")
    assert "没有异常" in supervisor.get("/incidents").text
    assert supervisor.post("/incidents/made-up/retry").status == 404
    assert task.role == "TRIB_CLERK"


def test_a_holiday_that_came_late_moves_a_date_and_the_case_tells_both(browser, built, clock):
    case = dated(built, clock)
    admin = browser("admin").get("/admin/calendar?year=2026")
    clock.move(clock() + timedelta(minutes=1))
    admin.post("/admin/calendar", day="2026-03-04", kind="off", name="县庆", reason="县政府通知")
    admin.get("/admin/calendar").post("/admin/facts")
    shown = browser("clerk").get(f"/cases/{case.id}").text
    assert "2026年3月5日 → 2026年3月6日" in shown
    assert "县政府通知" in shown
    assert "管理员 钟敏" in shown
    clerk = browser("clerk").get(f"/cases/{case.id}")
    assert "重放一致 · 链完整" in clerk.post(f"/cases/{case.id}/replay").text


def dated(built, clock):
    """A case in which three working days run from Monday 2 March: until Thursday."""
    screen = user("screen", extend(CLOCK), ld_role="TRIB_CLERK")
    xml = process(
        "start -> screen -> end", begin_at("start", ld_role="TRIB_CLERK"), screen, id="dated"
    )
    files = {name: FILES[name] for name in ("forms/start.json", "forms/screen.json")}
    files["shared/rules.toml"] = (SHARED / "rules.toml").read_bytes()
    with built.open_store() as store:
        store.add_release(release(xml, files), "designer", "designer2", clock())
    return built.engine.begin(CLERK, "dated", {"/dispute/title": "排水"})


def test_the_health_page_names_each_worker_and_says_how_late_timers_fired(browser, built, clock):
    with built.open_store() as store:
        store.save_pulse(Pulse("worker-a", clock(), clock(), 3, 0, 40, 7_200_000))
    page = browser("admin").get("/admin/health").text
    assert "worker-a" in page
    assert "40 ms 2 小时" in page


def test_what_waits_for_an_incident_is_no_overdue_work(browser, built, clock):
    flows = "start -> fork\nfork -> ask -> one\none -> end if 1 = 2\nfork -> nap -> end"
    told = begin_at("start", ld_role="TRIB_CLERK"), user("ask", ld_role="TRIB_CLERK")
    told += par("fork"), xor("one"), catch("nap", timer("PT1H"))
    files = {f"forms/{name}.json": form() for name in ("start", "ask")} | {"shared/rules.toml": b""}
    with built.open_store() as store:
        store.add_release(release(process(flows, *told, id="stuck"), files), "a", "b", clock())
    case = built.engine.begin(CLERK, "stuck", {})
    assert built.engine.answer(CLERK, read_state(case.state).tasks[0].id, {}).held
    clock.move(clock() + timedelta(hours=2))
    with built.open_store() as store:
        store.save_pulse(Pulse("worker-a", clock(), clock(), 3, 0, 40, 40))
    page = browser("admin").get("/admin/health").text
    assert "没有积压；有 1 个异常等人处理" in page
    assert "到点未处理 0" in page
