"""The review page: one submits with a note, the other comments, sends back, approves, rolls back."""

from __future__ import annotations

import pytest

from tests.webui.test_drafts import Desk


@pytest.fixture
def jin(browser):
    return Desk(browser, "designer")


@pytest.fixture
def other(browser, jin):
    one = browser("designer2")
    one.get(f"{jin.at}/review")
    return one


def test_comments_are_pinned_said_and_dealt_with(jin, other):
    said = other.post(f"{jin.at}/comments", element="screen", text="请写明依据")
    assert "请写明依据" in said.text
    assert "screen" in said.text
    seen = jin.browser.get(f"{jin.at}/review")
    done = seen.post(seen.link(r"[^\"]*/comments/[^\"]*/close"))
    assert "批注已标为处理完毕" in done.text
    assert other.post(f"{jin.at}/comments", text=" ").status == 422


def test_what_the_checks_refuse_is_named_and_the_note_stays(jin):
    jin.browser.get(f"{jin.at}/review")
    refused = jin.browser.post(f"{jin.at}/submit", note="改了表单")
    assert refused.status == 422
    assert "改了表单" in refused.text
    assert jin.browser.post(f"{jin.at}/submit", note="").status == 422


def test_the_history_of_a_procedure_names_author_and_approver(jin):
    page = jin.browser.get("/designer/small/history")
    assert "金设计" in page.text
    assert "现行" in page.text
    assert page.post("/designer/small/history", release="nope", note="x").status == 404


def test_review_is_for_designers(browser, jin):
    clerk = browser("clerk")
    assert clerk.get(f"{jin.at}/review").status == 403
    assert clerk.post(f"{jin.at}/approve", seen="x").status == 403


def test_what_differs_from_the_published_version_is_said_in_words(jin):
    diagram = jin.read("process.bpmn")
    renamed = diagram.data.replace("核查".encode(), "复核".encode())
    jin.save("process.bpmn", renamed, diagram.get_etag()[0])
    page = jin.browser.get(f"{jin.at}/review").text.replace(" ", "")
    assert "修改元素复核screen·名称" in page
    assert "核查→复核" in page
