"""Signing in: who gets in, who is kept out, for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import Invalid
from webui import create_app, passwords
from webui.config import read_config
from webui.public.views import setup_code
from webui.wiring import build

from .conftest import PASSWORD, Browser


def test_a_clerk_signs_in_and_reads_the_inbox(browser):
    clerk = browser("clerk")
    assert clerk.status == 200
    assert "陈书宁" in clerk.text
    assert "立案人员" in clerk.text


def test_a_stranger_is_sent_to_the_sign_in_page_and_back(browser):
    stranger = browser().get("/dossiers?q=漏水")
    assert stranger.response.request.path == "/sign-in"
    back = stranger.post("/sign-in", login="clerk", password=PASSWORD, next="/dossiers?q=漏水")
    assert back.response.request.path == "/dossiers"


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_sent_to_another_site(browser, next):
    stranger = browser().get("/sign-in")
    stranger.post("/sign-in", login="clerk", password=PASSWORD, next=next)
    assert stranger.response.request.host == "localhost"


def test_wrong_passwords_delay_further_tries_and_the_delay_grows(browser, clock):
    thief = browser()
    for _ in range(5):
        thief.sign_in("clerk", "wrong-password")
    assert "登录暂停到" in thief.sign_in("clerk").text
    clock.move(clock() + timedelta(seconds=31))
    thief.sign_in("clerk", "wrong-password")
    clock.move(clock() + timedelta(seconds=31))
    assert "登录暂停到" in thief.sign_in("clerk").text
    clock.move(clock() + timedelta(seconds=60))
    assert thief.sign_in("clerk").status == 200


def test_an_unknown_name_is_told_the_same_as_a_wrong_password(browser):
    wrong = browser().sign_in("clerk", "wrong-password")
    unknown = browser().sign_in("nobody", "wrong-password")
    assert wrong.status == unknown.status == 403
    assert wrong.text.replace("clerk", "nobody") == unknown.text


def test_signing_in_gives_a_new_session_and_ends_the_one_before(browser):
    first = browser("clerk")
    old = first.client.get_cookie("liandiao").value
    first.client.set_cookie("liandiao", old)
    first.post("/account/sign-out")
    first.sign_in("clerk")
    assert first.client.get_cookie("liandiao").value != old
    first.client.set_cookie("liandiao", old)
    assert first.get("/inbox").response.request.path == "/sign-in"


def test_an_idle_session_ends_and_a_used_one_lasts_until_its_limit(browser, clock):
    clerk = browser("clerk")
    for _ in range(23):
        clock.move(clock() + timedelta(minutes=29))
        assert clerk.get("/inbox").response.request.path == "/inbox"
    clock.move(clock() + timedelta(minutes=54))
    assert clerk.get("/inbox").response.request.path == "/sign-in"


def test_half_an_hour_without_a_key_signs_out(browser, clock):
    clerk = browser("clerk")
    clock.move(clock() + timedelta(minutes=31))
    assert clerk.get("/inbox").response.request.path == "/sign-in"


def test_a_form_without_the_token_is_refused(browser):
    clerk = browser("clerk")
    refused = clerk.client.post("/account/language", data={"lang": "en"})
    assert refused.status_code == 403
    assert "页面已过期" in refused.text


def test_a_one_time_password_must_be_changed_before_anything_else(browser):
    admin = browser("admin").get("/admin/people")
    admin.post("/admin/people", login="newcomer", name="何新")
    password = admin.text.split("一次性密码：")[1].split()[0]
    newcomer = browser().sign_in("newcomer", password)
    assert newcomer.get("/dossiers").response.request.path == "/account/password"
    changed = {"old": password, "password": "river-stone-9", "again": "river-stone-9"}
    assert newcomer.post("/account/password", **changed).response.request.path == "/inbox"


def test_a_changed_password_signs_out_everywhere_else(browser):
    here, elsewhere = browser("clerk"), browser("clerk")
    here.get("/account/password")
    here.post("/account/password", old=PASSWORD, password="river-stone-9", again="river-stone-9")
    assert here.get("/inbox").response.request.path == "/inbox"
    assert elsewhere.get("/inbox").response.request.path == "/sign-in"


def test_somebody_who_left_is_signed_out_at_once(browser):
    clerk, admin = browser("clerk"), browser("admin")
    admin.get("/admin/people/clerk")
    admin.post("/admin/people/clerk", name="陈书宁", active="no")
    assert clerk.get("/inbox").response.request.path == "/sign-in"
    assert clerk.sign_in("clerk").status == 403


@pytest.mark.parametrize(
    ("password", "again", "code"),
    [
        ("short", "short", "password_short"),
        ("long-enough-1", "long-enough-2", "password_differs"),
        ("my-clerk-name", "my-clerk-name", "password_obvious"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "password_obvious"),
        ("1234567890", "1234567890", "password_obvious"),
    ],
)
def test_a_weak_password_is_refused(password, again, code):
    with pytest.raises(Invalid) as refused:
        passwords.check_new(password, again, ("clerk",))
    assert refused.value.code == code


def test_the_first_administrator_needs_the_code_and_comes_once(tmp_path, clock):
    built = build(read_config({"LIANDIAO_DATA": str(tmp_path)}), clock)
    first = Browser(create_app(built=built)).get("/setup")
    who = {"login": "zhong", "name": "钟敏", "org": "云溪县人民法院", "password": "river-stone-9"}
    assert first.post("/setup", **who, again="river-stone-9", code="guess").status == 422
    done = first.post("/setup", **who, again="river-stone-9", code=setup_code(built.config.secret))
    assert done.response.request.path == "/inbox"
    assert Browser(create_app(built=built)).get("/setup").status == 403
    built.database.close()


def test_the_language_is_kept_with_the_person(browser):
    clerk = browser("clerk").get("/account/")
    assert "My account" in clerk.post("/account/language", lang="en").text
    assert "Inbox" in browser("clerk").get("/inbox").text
