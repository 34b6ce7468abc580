"""Linked offices on the administrator's pages: entered, seen, failed messages sent again, files."""

from __future__ import annotations

import io
import re

import pytest

from engine.exchange.keys import public_text
from engine.model import Message
from engine.model.linked import Letter
from storage import queries
from tests.builders import BEGIN
from tests.cast import CLERK
from webui.config import read_config
from webui.offices import key_of
from webui.wiring import build

HOME = CLERK.grants[0].org


@pytest.fixture
def built(built):
    """The same product, with a code among linked offices."""
    folder = str(built.config.data)
    return build(read_config({"LIANDIAO_DATA": folder, "LIANDIAO_OFFICE": "court"}), built.clock)


@pytest.fixture
def admin(browser):
    return browser("admin").get("/admin/offices")


def enter(admin, **told):
    """Fill the form of a linked office: here one that is ourselves, so that files come back."""
    key = re.search(r"<code>([A-Za-z0-9+/]{43}=)</code>", admin.get("/admin/offices").page)[1]
    typed = {"code": "court", "name": "青山县司法局", "keys": key, "home": HOME, "reason": "联网"}
    return admin.post("/admin/offices", **{**typed, "gives": "told", "takes": "told", **told})


def tell(built, id="m1", dossier=""):
    """A message that only the linked office takes."""
    with built.open_store() as store:
        store.add_message(id, Message("message", "told", "K-1", {}), dossier)
    built.engine.deliver(id)


def test_the_page_shows_our_own_code_and_key(admin, built):
    assert public_text(key_of(built.config)) in admin.page
    assert "court" in admin.text


def test_an_office_is_entered_and_its_entry_changed(admin, built):
    assert "青山县司法局" in enter(admin).text
    admin.post(
        "/admin/offices", known="court", name="青山县法院", home=HOME, reason="更名",
        keys=public_text(key_of(built.config)), gives="told\nasked", takes="", until="2026-12-31",
    )  # fmt: skip
    with built.open_store() as store:
        agency = store.agency("court")
        entries = [payload.reason for _, payload in store.entries("agency:court")]
    assert (agency.name, agency.gives, agency.takes) == ("青山县法院", ("told", "asked"), ())
    assert agency.valid_from <= BEGIN < agency.valid_until
    assert entries == ["联网", "更名"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"code": "a b"}, "单位代码"),
        ({"keys": "abc"}, "公钥"),
        ({"address": "ftp://x"}, "地址"),
        ({"gives": "a-b"}, "消息名称"),
        ({"reason": " "}, "理由"),
        ({"home": "nowhere"}, "nowhere"),
    ],
)
def test_a_wrong_entry_says_what_is_wrong(admin, told, said):
    page = enter(admin, **told)
    assert page.status == 422
    assert said in page.text


def test_a_failed_message_is_seen_and_sent_again(admin, built):
    enter(admin, address="http://127.0.0.1:1")
    tell(built)
    with built.open_store() as store:
        letter = store.letters("court", "waiting")[0]
        (due,) = [d for d in store.claim_due("w", built.clock(), 9) if d.kind == "letter"]
        store.give_up_due(due, {"code": "office_unreachable", "reason": "refused"})
    page = admin.get("/admin/offices/court")
    assert "对方暂时无法接收（refused）" in page.text
    admin.post(page.link(r"/admin/offices/court/letters/[^\"]+/resend"))
    with built.open_store() as store:
        assert store.letter(letter.id).state == "waiting"
    assert "已安排重发" in admin.text


def test_who_works_on_the_dossier_sees_it_failed_and_sends_it_again(admin, built, case, browser):
    enter(admin, address="http://127.0.0.1:1")
    tell(built, "m-9", case.dossier)
    with built.open_store() as store:
        (due,) = [d for d in store.claim_due("w", built.clock(), 9) if d.kind == "letter"]
        store.give_up_due(due, {"code": "office_unreachable", "reason": "refused"})
    clerk = browser("clerk").get(f"/dossiers/{case.dossier}?tab=delivery")
    assert "refused" in clerk.text
    clerk.post(clerk.link(r"/dossiers/[^\"]+/letters/[^\"]+/again"))
    with built.open_store() as store:
        assert store.letter(due.id).state == "waiting"


@pytest.mark.clause("CQ3.1", "YN2.5", "YN2.5b")
def test_a_file_is_made_and_taken_in_once(admin, built):
    enter(admin)
    tell(built)
    admin.get("/admin/offices/court")
    made = admin.post("/admin/offices/court/file")
    assert made.response.headers["Content-Disposition"].startswith('attachment; filename="court-')
    content = made.response.data
    for said in ("新收 1 条", "没有再办 1 条"):
        admin.get("/admin/offices")
        assert said in admin.post("/admin/offices/file", file=(io.BytesIO(content), "x.json")).text
    admin.get("/admin/offices")
    altered = content.replace(b"K-1", b"K-2")
    page = admin.post("/admin/offices/file", file=(io.BytesIO(altered), "x.json"))
    assert (page.status, "签名对不上" in page.text) == (422, True)


def test_nothing_to_carry_makes_no_file(admin):
    enter(admin)
    page = admin.post("/admin/offices/court/file")
    assert (page.status, "没有待发" in page.text) == (422, True)


def stray(built, name="told"):
    """A message of a linked office that belongs to no dossier here."""
    letter = Letter("m9", name, "K-9", {"what": "漏水"}, "court", "court", BEGIN)
    built.engine.take(letter, "rest")
    built.engine.deliver("office:court:m9")


def test_whoever_works_on_an_office_deals_with_what_no_case_receives(admin, built, browser):
    enter(admin)
    stray(built)
    clerk = browser("clerk").get("/hand-overs")
    assert "来自 青山县司法局" in clerk.text
    assert "这里没有任何规程接收“told”" in clerk.text
    clerk.post("/hand-overs/office:court:m9/close", reason="已电话答复")
    assert "told" not in clerk.text
    with built.open_store() as store:
        (*_, last) = [entry for entry, _ in store.entries("agency:court")]
    assert (last.verb, last.actor) == ("hand_over", "clerk")


def test_a_clerk_says_which_of_several_offices_gets_it_and_why(admin, built, browser, case):
    for code, name in (("court", "青山县司法局"), ("police", "青山县公安局")):
        enter(admin, code=code, name=name, address="")
    with built.open_store() as store:
        store.add_message("m3", Message("message", "told", "K-3", {}), case.dossier)
    built.engine.deliver("m3")
    clerk = browser("clerk").get("/hand-overs")
    assert "有几个单位都可以接收" in clerk.text
    assert clerk.post("/hand-overs/m3/route", office="nobody", reason="试").status == 422
    assert clerk.post("/hand-overs/m3/route", office="police", reason=" ").status == 422
    assert (
        "已发给所选单位" in clerk.post("/hand-overs/m3/route", office="police", reason="涉警").text
    )
    with built.open_store() as store:
        assert store.letter("police:m3").state == "waiting"
        (*_, last) = [
            p for e, p in store.entries(f"dossier:{case.dossier}") if e.verb == "hand_over"
        ]
    assert (last.reason, last.data["agency"]) == ("涉警", "police")


def test_others_do_not_see_it(admin, built, browser):
    enter(admin)
    stray(built)
    assert "told" not in browser("mediator").get("/hand-overs").text


def test_the_history_names_the_office(admin, built):
    enter(admin)
    stray(built)
    with built.read() as db:
        rows = queries.recent_entries(db, ["agency:court"], 5)
    assert [row.actor_name for row in rows if row.verb == "taken"] == ["青山县司法局"]


def test_only_administrators_see_linked_offices(browser):
    assert browser("clerk").get("/admin/offices").status == 403
