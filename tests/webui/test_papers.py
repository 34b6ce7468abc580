"""Documents on their pages: previewed, issued, refused at the field, opened, set again, compared."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from engine.spiff import read_state
from tests.builders import BEGIN, process, release, service, user
from tests.builders import start as begin_at
from tests.cast import CLERK, SUPERVISOR
from tests.webui.conftest import form

SHARED = Path("bpmn/shared/letters")
XML = process(
    "start -> tell -> record -> wait -> end",
    begin_at("start", ld_role="TRIB_CLERK"),
    user("tell", ld_role="TRIB_CLERK", name="告知"),
    service(
        "record",
        "documents.record",
        result="dispute.record",
        kind='"notice"',
        title='"告知书"',
        data="{facts: dispute.facts}",
    ),
    user("wait", ld_role="TRIB_CLERK", name="等待"),
    id="told",
)
NOTICE = """//: kind = "告知书"
//: title = { zh = "告知书", en = "Notice" }
//: needs = ["/dispute/facts"]
//: fields = ["/dispute/title"]
#import "/shared/letters/paper.typ": *
#show: court-letter
#paragraphs("dispute.facts")
#closing(by: court)
"""
FILES = {
    "forms/start.json": form(title={}),
    "forms/tell.json": form("accept", facts={}),
    "forms/wait.json": form("accept"),
    "letters/notice.typ": NOTICE.encode(),
    **{f"shared/letters/{one.name}": one.read_bytes() for one in SHARED.iterdir()},
}


@pytest.fixture
def case(built):
    """A case whose clerk is about to tell."""
    with built.open_store() as store:
        store.add_release(release(XML, FILES), "designer", "designer2", BEGIN)
    return built.engine.begin(CLERK, "told", {"/dispute/title": "漏水纠纷"})


@pytest.fixture
def clerk(browser, task):
    """Holds the task, with its page open."""
    one = browser("clerk")
    one.post(f"/tasks/{task}/claim")
    return one.get(f"/tasks/{task}")


def issue(built, clerk, task, facts):
    """Complete the task and let the worker record the document; its id."""
    clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": facts})
    with built.open_store() as store:
        case = store.case(store.cases_in(_dossier(store))[0])
        (effect,) = read_state(case.state).effects
    built.engine.perform(effect.id)
    with built.open_store() as store:
        state = read_state(store.case(case.id).state)
    return state.data["dispute"]["record"]["id"], case.id


def _dossier(store):
    return next(one.removeprefix("dossier:") for one in store.streams("dossier:"))


def words_of(response):
    return "".join(page.extract_text() for page in PdfReader(BytesIO(response.data)).pages)


def test_a_draft_is_seen_before_it_is_issued_and_kept_nowhere(built, clerk, task):
    assert "预览《告知书》" in clerk.text
    typed = {"csrf": clerk.token, "/dispute/facts": "水管破裂"}
    seen = clerk.client.post(f"/tasks/{task}/letters/notice", data=typed)
    assert seen.mimetype == "application/pdf"
    assert "水管破裂" in words_of(seen)
    assert "草稿" in words_of(seen)
    assert list(built.blobs.digests()) == []


@pytest.mark.parametrize("path", ["", "/letters/notice"])
def test_a_character_that_no_font_has_is_told_at_its_field(clerk, task, path):
    typed = {"/dispute/facts": "当事人𫝀某", "outcome": "accept"}
    refused = clerk.post(f"/tasks/{task}{path}", **typed)
    assert refused.status == 422
    assert "𫝀（U+2B740）" in refused.text
    assert 'aria-invalid="true"' in refused.page


def test_what_the_document_needs_is_asked_for_at_its_field(clerk, task):
    refused = clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": ""})
    assert refused.status == 422
    assert "文书里必须有这一项" in refused.text


def test_an_issued_document_is_opened_from_its_dossier(built, clerk, task, case):
    document, _ = issue(built, clerk, task, "水管破裂")
    listed = clerk.get(f"/dossiers/{case.dossier}?tab=documents")
    assert "告知书" in listed.text
    opened = clerk.client.get(f"/documents/{document}/1.pdf")
    assert "水管破裂" in words_of(opened)
    assert "草稿" not in words_of(opened)


def test_after_a_correction_it_is_set_again_and_compared(built, browser, clerk, task):
    document, case = issue(built, clerk, task, "水管破裂")
    built.engine.correct(SUPERVISOR, case, {"/dispute/facts": "水管爆裂"}, "笔误")
    head = browser("supervisor")
    page = head.get(f"/documents/{document}")
    page = page.post(f"/documents/{document}/again", reason="笔误更正")
    assert "第 2 版" in page.text
    assert "水管破裂 水管爆裂" in page.text
    assert clerk.get(f"/documents/{document}").post(f"/documents/{document}/again").status == 403


def test_in_english_its_page_says_what_it_says(built, clerk, task, case):
    document, _ = issue(built, clerk, task, "水管破裂")
    assert "有效力的是中文文书" not in clerk.get(f"/documents/{document}").text
    clerk.get("/account/")
    clerk.post("/account/language", lang="en")
    page = clerk.get(f"/documents/{document}").text
    assert "The Chinese document alone is issued" in page
    assert "水管破裂" in page


def test_what_kept_it_from_being_set_is_told_in_words(built, browser, clerk, task, case):
    document, case_id = issue(built, clerk, task, "水管破裂")
    built.engine.correct(SUPERVISOR, case_id, {"/dispute/facts": "当事人𫝀某"}, "笔误")
    head = browser("supervisor")
    head.get(f"/documents/{document}")
    page = head.post(f"/documents/{document}/again", reason="更正")
    assert "〓" not in page.text
    assert "𫝀（U+2B740）" in page.text
    assert "/dispute/facts" not in page.text
    assert clerk.client.get(f"/documents/{document}/2.pdf").status_code == 404


def test_markup_in_a_ruling_is_text_on_paper_and_page(built, browser, clerk, task, case):
    typed = '<script>alert("x")</script>#read("/etc/passwd") *b* $x$'
    document, case_id = issue(built, clerk, task, typed)
    assert typed in words_of(clerk.client.get(f"/documents/{document}/1.pdf")).replace("\n", "")
    built.engine.correct(SUPERVISOR, case_id, {"/dispute/facts": "<b>粗</b>"}, "笔误")
    head = browser("supervisor")
    head.get(f"/documents/{document}")
    page = head.post(f"/documents/{document}/again", reason="更正").page
    assert "&lt;script&gt;alert" in page
    assert "&lt;b&gt;粗&lt;/b&gt;" in page
    assert "<script>alert" not in page


def test_who_may_not_see_the_dossier_finds_no_document(built, browser, clerk, task):
    document, _ = issue(built, clerk, task, "水管破裂")
    doctor = browser("doctor")
    for path in (f"/documents/{document}", f"/documents/{document}/1.pdf"):
        assert doctor.get(path).status == 404


def test_a_letter_of_another_task_is_not_previewed(clerk, task):
    assert clerk.post(f"/tasks/{task}/letters/agreement").status == 404
