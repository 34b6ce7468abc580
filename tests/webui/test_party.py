"""The parties' own page: in by link and code, to what is theirs and to nothing else."""

from __future__ import annotations

import io
import json
import re
import shutil

import pytest

from engine.commands.visiting import Invitee
from engine.model import Release
from engine.package import digest
from engine.spiff import read_state
from engine.story import Stage, VirtualClock, tell
from tests.builders import BEGIN
from tests.cast import CLERK, PEOPLE, actor
from tests.webui.conftest import Browser
from webui.config import read_config
from webui.wiring import build, bundled

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
NEIGHBOURS = json.loads(bundled()["mediation"]["scenarios/neighbours_settle.json"])
INK = json.dumps([[[100 + n, 200, 50] for n in range(20)]])


def told_until(built, step):
    """The neighbours' dispute, told until this step is open, or to its end for ""; its case."""
    names = [one.get("task", "") for one in NEIGHBOURS["steps"]]
    stage = Stage(built.engine, built.open_store, built.clock, [actor(name) for name in PEOPLE])
    return tell(stage, "mediation", NEIGHBOURS, names.index(step) if step else len(names))


@pytest.fixture(scope="session")
def told(seeded, tmp_path_factory):
    """A data folder in which the dispute stands at several steps, made once; its cases by step."""
    folder = tmp_path_factory.mktemp("told") / "data"
    shutil.copytree(seeded, folder)
    built = build(read_config({"LIANDIAO_DATA": str(folder)}), VirtualClock(BEGIN))
    files = bundled()
    with built.open_store() as store:
        for name in ("mediation", "complaint"):
            digest_of = digest(files[name])
            store.add_release(Release(name, digest_of, files[name]), "designer", "designer2", BEGIN)
    cases = {step: told_until(built, step) for step in ("sign_agreement", "verify_identity", "")}
    cases["elsewhere"] = told_until(built, "sign_agreement")
    now = built.clock()
    built.database.close()
    return folder, cases, now


@pytest.fixture
def clock(told):
    return VirtualClock(told[2])


@pytest.fixture
def built(told, tmp_path, clock):
    shutil.copytree(told[0], tmp_path / "data")
    product = build(read_config({"LIANDIAO_DATA": str(tmp_path / "data")}), clock)
    yield product
    product.database.close()


@pytest.fixture
def signing(told):
    """A mediation in which both parties are to sign."""
    return told[1]["sign_agreement"]


def parties(built, case_id):
    with built.open_store() as store:
        case = store.case(case_id)
        return case.dossier, [one.id for one in store.parties(case.dossier)]


class Phone(Browser):
    """A party's telephone."""

    def come_in(self, asked, code=None):
        self.get(f"/p/{asked.secret}")
        return self.post(f"/p/{asked.secret}", code=code or asked.code)

    def open_first(self):
        return self.get(self.link(r"/party/tasks/[^/\"]+"))

    def sign(self, **fields):
        """Choose to sign, draw, send; what is hidden in the page goes with it."""
        hidden = re.search(r'name="~signed" value="([^"]+)"', self.page)
        path = self.response.request.path
        typed = {"/signature/decision": "SIGNED", "~strokes/signature/mark": INK, **fields}
        return self.post(
            path, **{"~signed": hidden.group(1) if hidden else "", "outcome": "", **typed}
        )


@pytest.fixture
def phone(app, built):
    """``phone(case, 0)``: the telephone of the first party, let in."""

    def opened(case_id, number, agent=""):
        dossier, ids = parties(built, case_id)
        whom = Invitee(ids[number], agent, bool(agent))
        one = Phone(app)
        one.asked = built.engine.invite(CLERK, dossier, whom)
        return one.come_in(one.asked)

    return opened


def test_the_page_says_where_things_stand_and_what_to_do(signing, phone):
    one = phone(signing, 0)
    assert "签署调解协议" in one.text
    assert "接下来" in one.text
    assert "最晚" in one.text
    assert "（调解员）" in one.text


def test_both_sign_on_their_telephones_and_the_agreement_goes_on(signing, phone, built):
    for number in (0, 1):
        one = phone(signing, number).open_first()
        assert "已提交" in one.sign().text
    with built.open_store() as store:
        case = store.case(signing)
        assert [t.place.element for t in read_state(case.state).tasks] == ["countersign"]
        entries = [e for e, _ in store.entries(f"case:{signing}") if e.element == "sign_agreement"]
    _, ids = parties(built, signing)
    assert [(e.actor, e.role) for e in entries] == [(ids[0], "PARTY_A"), (ids[1], "PARTY_B")]


def test_without_a_script_a_photo_of_the_paper_is_the_signature(signing, phone, built):
    one = phone(signing, 0).open_first()
    photo = (io.BytesIO(PNG), "签名页.png")
    one.sign(**{"~strokes/signature/mark": "", "/signature/mark": photo})
    assert "已提交" in one.text
    with built.open_store() as store:
        *_, (_, payload) = store.entries(f"case:{signing}")
    assert payload.data["values"]["/signature/method"] == "SIGNATURE"
    assert payload.data["values"]["/signature/mark"]["how"] == "PAPER"


def test_an_unsigned_form_comes_back_with_everything_in_it(signing, phone):
    one = phone(signing, 0).open_first()
    one.sign(**{"~strokes/signature/mark": ""})
    assert one.status == 422
    assert "请填写此项" in one.text


def test_what_was_typed_for_another_page_is_not_taken(signing, phone):
    one = phone(signing, 0).open_first()
    one.sign(**{"~signed": "made-up"})
    assert one.status == 422
    assert "没有收到完整的签名" in one.text


def test_sending_twice_changes_nothing_and_says_so(signing, phone):
    one = phone(signing, 0).open_first()
    page, path = one.page, one.response.request.path
    one.sign()
    one.page, one.response.request.environ["PATH_INFO"] = page, path
    token = re.search(r'name="~signed" value="([^"]+)"', page).group(1)
    again = one.post(path, **{"~signed": token, "~strokes/signature/mark": INK})
    assert again.status == 200
    assert "办结" in again.text or "完成" in again.text


def test_a_wrong_code_and_an_ended_link_say_what_to_do(signing, phone, built):
    one = phone(signing, 0)
    assert "还可以再试" in Phone(one.client.application).come_in(one.asked, "000").text
    built.engine.end_invitation(CLERK, one.asked.invitation.id, "发错")
    assert "已停止使用" in Phone(one.client.application).come_in(one.asked).text
    assert "页面已关闭" in one.get("/party/").text


def test_another_dossiers_party_finds_no_such_task(signing, phone, told):
    path = phone(signing, 0).link(r"/party/tasks/[^/\"]+")
    stranger = phone(told[1]["elsewhere"], 0)
    assert stranger.get(path).status == 404
    assert stranger.post(path, **{"/signature/decision": "REFUSED"}).status == 404


def test_a_party_gets_into_no_page_of_staff(signing, phone, app):
    one = phone(signing, 0)
    for rule in app.url_map.iter_rules():
        access = app.view_functions[rule.endpoint].access
        if access.check is None or access.guard:
            continue
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        for method in rule.methods & {"GET", "POST"}:
            status = one.client.open(path, method=method, data={"csrf": one.token}).status_code
            assert status in (403, 404), (method, path)


def test_staff_cannot_act_by_the_parties_door(signing, phone, browser, app):
    path = phone(signing, 0).link(r"/party/tasks/[^/\"]+")
    for login in ("mediator", "admin"):
        one = browser(login)
        assert "页面已关闭" in one.get(path).text
        assert one.post(path, **{"/signature/decision": "SIGNED"}).status == 401


def test_the_form_of_the_office_shows_what_a_party_filled_in(told, built, phone, browser):
    case_id = told[1]["verify_identity"]
    one = phone(case_id, 0).open_first()
    assert "确认您的送达地址" in one.text
    one.post(
        one.response.request.path,
        **{"/row/address": "河口镇三组 9 号", "/row/e_service": "YES", "/row/phone": "13800000001"},
    )
    assert "您已填写" in one.text
    staff = browser("mediator").get("/inbox?tab=available")
    task = read_state_tasks(built, case_id)[0]
    staff.post(f"/tasks/{task}/claim")
    assert 'value="河口镇三组 9 号"' in staff.get(f"/tasks/{task}").page


def read_state_tasks(built, case_id):
    with built.open_store() as store:
        return [task.id for task in read_state(store.case(case_id).state).tasks]


def test_a_party_takes_consent_back(signing, phone, built):
    one = phone(signing, 1)
    one.get(one.link(r"/party/tell/[^\"]+/withdrawn"))
    assert one.post(one.response.request.path, sues="no", reason="").status == 422
    one.post(one.response.request.path, sues="no", reason="不想谈了")
    assert "已提交" in one.text
    with built.open_store() as store:
        case = store.case(signing)
        entry = [e for e, _ in store.entries(f"case:{signing}") if e.verb == "message"][-1]
    assert entry.role == "PARTY_B"
    assert "close_after_leaving" in {t.place.element for t in read_state(case.state).tasks}


def test_a_mediation_that_is_over_is_rated_once(told, phone):
    one = phone(told[1][""], 0)
    one.get(one.link(r"/party/rate/[^\"]+"))
    path = one.response.request.path
    scores = {f"/complaint/scores/{name}": "5" for name in ("fairness", "manner", "speed")}
    assert one.post(path).status in (200, 422)
    one.get(path)
    assert "评价已收到" in one.post(path, **scores).text
    assert "/party/rate/" not in one.page
    one.get(path)
    assert "已经评价过" in one.post(path, **scores).text


def test_a_complaint_opens_its_procedure_at_the_office(signing, phone, built):
    one = phone(signing, 0)
    one.get(one.link(r"/party/complain/[^\"]+"))
    path = one.response.request.path
    said = {"/complaint/grounds": "DELAY", "/complaint/facts": "拖延", "/complaint/wanted": "尽快"}
    assert "投诉已收到" in one.post(path, **said, **{"/complaint/contact": "13800000001"}).text
    with built.open_store() as store:
        cases = [store.case(one.partition(":")[2]) for one in store.streams("case:")]
    (opened,) = (case for case in cases if case.procedure == "complaint")
    data = read_state(opened.state).data["complaint"]
    assert (data["kind"], data["person"], data["complainant"]) == (
        "COMPLAINT",
        "mediator",
        "张守信",
    )


def test_a_clerk_sees_link_and_code_once_and_ends_them(signing, browser, built):
    dossier, ids = parties(built, signing)
    clerk = browser("clerk").get(f"/dossiers/{dossier}/invitations")
    clerk.post(f"/dossiers/{dossier}/invitations", party=ids[0], agent="no", name="")
    assert re.search(r"http://localhost/p/\S{32}", clerk.text)
    assert re.search(r"\b\d{3} \d{3}\b", clerk.text)
    again = clerk.get(f"/dossiers/{dossier}/invitations")
    assert "/p/" not in again.text
    clerk.post(clerk.link(r"[^\"]*/end"), reason="发错")
    assert "已停用" in clerk.text


def test_the_clerk_and_the_timeline_name_the_party(signing, phone, browser, built):
    one = phone(signing, 0).open_first()
    one.sign()
    dossier, _ = parties(built, signing)
    page = browser("clerk").get(f"/dossiers/{dossier}?tab=progress")
    assert "张守信（申请方当事人）" in page.text
    files = browser("clerk").get(f"/dossiers/{dossier}?tab=documents")
    assert "所签文本" in files.text
    assert ".svg" in files.text
