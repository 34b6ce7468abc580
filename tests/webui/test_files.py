"""Files laid into a dossier: scanned, kept in versions, looked at, and who opened them when."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest

from engine.services.scanning import Clamd, no_scanner
from tests.clamd import VIRUS, serving

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def clerk(browser, case):
    return browser("clerk").get(f"/dossiers/{case.dossier}?tab=documents")


def lay(clerk, case, name, content):
    return clerk.post(f"/dossiers/{case.dossier}/files", file=(BytesIO(content), name))


def path(case, content, part=""):
    return f"/dossiers/{case.dossier}/files/{hashlib.sha256(content).hexdigest()}{part}"


def raw(browser, case, content):
    return browser.client.get(path(case, content))


def entries(built, stream, verb):
    with built.open_store() as store:
        return [pay.data for one, pay in store.entries(stream) if one.verb == verb]


def test_a_file_is_laid_in_and_the_journal_says_by_its_digest_what_came(clerk, case, built):
    assert "已放入“证据&1.pdf”" in lay(clerk, case, "证据&1.pdf", PDF).text
    told = entries(built, f"dossier:{case.dossier}", "attach")[0]["files"]
    assert told == [{"digest": hashlib.sha256(PDF).hexdigest(), "name": "证据&1.pdf",
                     "type": "application/pdf", "size": len(PDF), "scan": ""}]  # fmt: skip


def test_the_same_file_again_changes_nothing(clerk, case, built):
    lay(clerk, case, "证据.pdf", PDF)
    assert "内容相同" in lay(clerk, case, "证据.pdf", PDF).text
    assert len(entries(built, f"dossier:{case.dossier}", "attach")) == 1


def test_a_file_of_the_same_name_is_the_next_version_and_the_earlier_stays(clerk, case, clock):
    lay(clerk, case, "证据.pdf", PDF)
    clock.move(clock() + timedelta(minutes=1))
    lay(clerk, case, "证据.pdf", PDF + b"%2")
    assert clerk.text.count("证据.pdf") == 2  # the notice and one row
    page = clerk.get(path(case, PDF, "/about")).text
    assert "已有更新的版次" in page
    assert raw(clerk, case, PDF).data == PDF


@pytest.mark.parametrize(("name", "content", "says"), [
    ("空.pdf", b"", "是空的"), ("假.pdf", PNG, "不符"), ("页.html", b"<!doctype html>", "不是可接受的类型"),
])  # fmt: skip
def test_what_is_no_file_for_us_is_not_taken(clerk, case, name, content, says):
    assert says in lay(clerk, case, name, content).text


def test_each_opening_is_journalled_and_told_on_the_page(clerk, case, built):
    lay(clerk, case, "照片.png", PNG)
    assert "还没有人打开过" in clerk.get(path(case, PNG, "/about")).text
    for _ in range(2):
        assert raw(clerk, case, PNG).data == PNG
    assert len(entries(built, f"dossier:{case.dossier}", "file_open")) == 2
    assert "还没有人打开过" not in clerk.get(path(case, PNG, "/about")).text


def test_a_picture_is_sandboxed_and_a_pdf_opens_in_the_browsers_viewer(clerk, case):
    for name, content in (("照片.png", PNG), ("证据.pdf", PDF)):
        lay(clerk, case, name, content)
        headers = raw(clerk, case, content).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert ("sandbox" in headers["Content-Security-Policy"]) == (content == PNG)
        assert "script" not in headers["Content-Security-Policy"]
        about = clerk.get(path(case, content, "/about"))
        assert "frame-src 'self'" in about.response.headers["Content-Security-Policy"]
        assert ("<iframe" in about.page) == (content == PDF)


def test_a_damaged_file_is_not_served_and_named(clerk, case, built):
    lay(clerk, case, "证据.pdf", PDF)
    digest = hashlib.sha256(PDF).hexdigest()
    kept = built.config.data / "blobs" / digest[:2] / digest[2:]
    kept.chmod(0o640)
    kept.write_bytes(b"forged")
    page = clerk.get(path(case, PDF))
    assert (page.status, digest in page.text) == (502, True)


def test_a_virus_is_refused_and_journalled_with_the_person(clerk, case, built):
    with serving() as (address, _):
        built.engine._handlers = {"files.scan": Clamd(address)}
        assert "查出病毒（Eicar-Test）" in lay(clerk, case, "证据.pdf", PDF + VIRUS).text
        assert "未发现病毒" in lay(clerk, case, "证据.pdf", PDF).text
    assert entries(built, "person:clerk", "infected")[0]["found"] == "Eicar-Test"
    assert not built.blobs.has(hashlib.sha256(PDF + VIRUS).hexdigest())
    assert entries(built, f"dossier:{case.dossier}", "attach")[0]["files"][0]["scan"] == "clean"


def test_without_a_scanner_where_one_is_required_nothing_is_taken(clerk, case, built):
    built.engine._handlers = {"files.scan": no_scanner}
    assert "没有配置查毒服务" in lay(clerk, case, "证据.pdf", PDF).text
    assert not built.blobs.has(hashlib.sha256(PDF).hexdigest())


def test_who_does_not_work_on_it_lays_nothing_in(browser, case):
    auditor = browser("auditor").get(f"/dossiers/{case.dossier}?tab=documents")
    assert "放入文件" not in auditor.text
    assert lay(auditor, case, "证据.pdf", PDF).status in (200, 403)
    assert "只有参与办理" in auditor.text


def test_who_may_not_see_the_dossier_finds_no_file(browser, clerk, case):
    lay(clerk, case, "证据.pdf", PDF)
    stranger = browser("doctor")
    assert {stranger.get(path(case, PDF, part)).status for part in ("", "/about")} == {404}
