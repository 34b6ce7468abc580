"""Nothing typed is lost: whatever form cannot be written stands there again as it was filled in."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from lxml.html import document_fromstring
from sqlalchemy.event import listen

from tests.webui.conftest import PASSWORD

ADMINISTRATION = (
    *("people", "people/doctor", "organisations?id=yunxi-court", "offices", "duty", "calendar"),
    "settings/warning_red_hours",
)
TYPED = {"date": "2026-03-05", "datetime-local": "2026-03-05T08:00", "number": "7"}


def boxes(form):
    """Its fields for people, by name: what is not sent along by the page itself."""
    return {
        one.name: one
        for one in form.inputs
        if one.name and getattr(one, "type", "") not in ("hidden", "file", "password")
    }


def fill_in(form):
    """Something in every field: words, a day, the last of what is offered."""
    for name, box in boxes(form).items():
        if box.tag == "select":
            box.value = [box.value_options[-1]] if box.multiple else box.value_options[-1]
        elif box.tag == "textarea" or box.type in ("text", *TYPED):
            box.value = TYPED.get(getattr(box, "type", ""), f"写好的{name}")
    return form


def values(form):
    return [(name, value) for name, value in form.form_values() if name in boxes(form)]


def forms_of(page):
    found = document_fromstring(page).forms
    return [form for form in found if form.method == "POST" and form.action and boxes(form)]


@pytest.fixture
def lock(built):
    """From now on the disk takes nothing more."""

    def refuse(connection):
        connection.connection.execute("PRAGMA query_only = 1")

    return lambda: listen(built.database.engine, "begin", refuse)


@pytest.fixture
def keeps(lock):
    """Every form of these pages, filled in while nothing can be written, comes back as it was."""

    def judge(one, *addresses):
        forms = [form for path in addresses for form in forms_of(one.get(path).page)]
        lock()
        for form in map(fill_in, forms):
            one.post(form.action, **dict(form.form_values()))
            assert one.status in (422, 502), form.action
            again = [values(other) for other in forms_of(one.page) if other.action == form.action]
            assert values(form) in again, form.action
        return {form.action for form in forms}

    return judge


def test_every_form_of_the_administration_keeps_what_was_typed(browser, keeps):
    admin = browser("admin").get("/admin/duty")
    admin.post("/admin/duty/posts", name="收拘值班岗", org="yunxi-centre", roles="DC_OFFICER")
    pages = [f"/admin/{one}" for one in ADMINISTRATION]
    assert len(keeps(admin, *pages, "/account/substitutes", "/seals/")) > 11


def test_every_form_of_a_dossier_keeps_what_was_typed(browser, keeps, case):
    tabs = [f"/dossiers/{case.dossier}?tab={tab}" for tab in ("related", "recusals", "keeping")]
    assert len(keeps(browser("supervisor"), *tabs)) == 3


def test_a_page_that_says_no_shows_what_was_typed(browser, lock, case, task, clock):
    clerk, words = browser("clerk"), "请先看第三页的欠条"
    clerk.post(f"/tasks/{task}/claim")
    lock()
    refused = clerk.post(f"/tasks/{task}/delegate", person="clerk2", reason=words)
    assert (refused.status, words in refused.text, "clerk2" in refused.text) == (502, True, False)
    clock.move(clock() + timedelta(hours=1))
    sent = {"person": "clerk2", "reason": words, "~strokes/sign": "[[1, 2]]"}
    late = clerk.post(f"/tasks/{task}/delegate", **sent)
    assert (late.status, "您已退出登录" in late.text, words in late.text) == (401, True, True)
    assert "[[1, 2]]" not in late.text


def test_a_file_that_was_not_taken_is_named(browser, lock, case, clock):
    clerk = browser("clerk").get(f"/dossiers/{case.dossier}?tab=documents")

    def lay():
        return clerk.post(
            f"/dossiers/{case.dossier}/files", file=(BytesIO(b"%PDF-1.7"), "欠条&.pdf")
        )

    lock()
    assert "“欠条&.pdf”没有放入" in lay().text
    clock.move(clock() + timedelta(hours=1))
    late = lay()
    assert (late.status, "您已退出登录" in late.text, "欠条&.pdf" in late.text) == (401, True, True)


def test_a_reset_that_fails_stays_on_its_page_and_shows_no_password(browser, lock, clock):
    reset = "/admin/people/doctor/password"
    admin = browser("admin").get("/admin/people/doctor")
    lock()
    told = admin.post(reset)
    assert (told.status, told.link(reset), "big-date" in told.page) == (502, reset, False)
    clock.move(clock() + timedelta(hours=1))
    late = admin.post(reset)
    assert (late.status, "big-date" in late.page) == (401, False)


def test_a_password_is_never_shown_again(browser, lock):
    clerk = browser("clerk").get("/account/password")
    lock()
    new = "桥头挂着 paper 灯笼 Zq9-47"
    assert new not in clerk.post("/account/password", old="x y", password=new, again=new).page
    told = clerk.post("/account/password", old=PASSWORD, password=new, again=new)
    assert (told.status >= 400, new in told.page) == (True, False)
