"""Two designers and their drafts: opened, saved over what was seen, undone, brought up to date."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from lxml.html import document_fromstring

from engine.package import digest
from tests.builders import par, process, xor
from tests.builders import user as task
from tests.cast import DESIGNER
from tests.engine.test_naming import SHAPES
from tests.webui.conftest import FILES


class Desk:
    """A designer's browser on a draft of the small procedure."""

    def __init__(self, browser, login):
        self.browser = browser(login)
        self.browser.get("/designer/")
        self.browser.post("/designer/small/drafts")
        self.at = self.browser.response.request.path
        self.headers = {"X-CSRF-Token": self.browser.token}

    def read(self, name):
        return self.browser.client.get(f"{self.at}/files/{name}")

    def save(self, name, content, seen=None):
        tag = {"If-Match": f'"{seen}"'} if seen else {}
        return self.browser.client.put(
            f"{self.at}/files/{name}", data=content, headers={**self.headers, **tag}
        )

    def delete(self, name, seen):
        tag = {"If-Match": f'"{seen}"'}
        return self.browser.client.delete(
            f"{self.at}/files/{name}", headers={**self.headers, **tag}
        )

    def post(self, verb):
        return self.browser.client.post(f"{self.at}/{verb}", headers=self.headers)

    def findings(self):
        return self.browser.client.get(f"{self.at}/findings.json").json


@pytest.fixture
def jin(browser):
    return Desk(browser, "designer")


def test_a_draft_begins_with_what_is_published_and_is_opened_once(jin):
    assert jin.read("forms/screen.json").data == FILES["forms/screen.json"]
    assert jin.read("shared/rules.toml").status_code == 404
    first = jin.at
    jin.browser.post("/designer/small/drafts")
    assert jin.browser.response.request.path == first


def test_a_file_is_saved_over_what_was_seen_and_undone(jin):
    before = jin.read("forms/screen.json")
    saved = jin.save("forms/screen.json", b"{}", before.get_etag()[0])
    assert saved.status_code == 200
    assert jin.read("forms/screen.json").get_etag()[0] == saved.json["etag"]
    assert jin.post("undo").json == {"version": 2}
    assert jin.read("forms/screen.json").data == before.data
    assert jin.post("redo").json == {"version": 3}
    assert jin.read("forms/screen.json").data == b"{}"
    assert jin.post("redo").status_code == 409


def test_the_second_window_hears_who_saved_and_when(jin):
    seen = jin.read("process.bpmn").get_etag()[0]
    jin.save("process.bpmn", b"<a/>", seen)
    refused = jin.save("process.bpmn", b"<b/>", seen)
    assert refused.status_code == 412
    assert refused.json["saved_by"] == "金设计"
    assert refused.json["saved_at"].startswith("2026-03-02T01:00")
    assert "没有覆盖" in refused.json["message"]
    assert jin.read("process.bpmn").data == b"<a/>"


def test_files_come_and_go_and_names_are_those_of_a_folder(jin):
    new = jin.save("letters/notice/letter.toml", b"x = 1")
    assert new.status_code == 200
    assert jin.save("letters/notice/letter.toml", b"x = 2").status_code == 412
    assert jin.delete("letters/notice/letter.toml", new.json["etag"]).status_code == 204
    assert jin.delete("letters/notice/letter.toml", new.json["etag"]).status_code == 404
    for name in ("shared/roles.toml", "call/x/process.bpmn", ".hidden", "a/../b", "~x"):
        assert jin.save(name, b"x").status_code in (404, 422), name


def test_the_other_designer_reads_and_works_in_a_draft_of_their_own(jin, browser):
    other = Desk(browser, "designer2")
    assert other.at != jin.at
    other.at = jin.at
    seen = other.read("process.bpmn").get_etag()[0]
    assert other.save("process.bpmn", b"<b/>", seen).status_code == 403
    assert "金设计的草稿" in other.browser.get("/designer/").text


def test_findings_speak_the_reader_s_language(jin):
    seen = jin.read("process.bpmn").get_etag()[0]
    jin.save("process.bpmn", b"<broken", seen)
    (found,) = jin.findings()
    assert (found["level"], found["code"]) == ("error", "xml_broken")
    assert found["text"]
    assert found["hint"] in jin.browser.get(jin.at).text


def test_the_pages_of_a_draft_are_headed_by_the_name_that_it_gives(jin):
    seen, page = jin.read("process.bpmn"), jin.browser
    own = 'id="small" name="邻里纠纷"'.encode()
    assert jin.save("process.bpmn", seen.data.replace(b'id="small"', own), seen.get_etag()[0])
    for part in ("", "/review", "/scenarios", "/play"):
        heading = document_fromstring(page.get(jin.at + part).page).find(".//h1").text_content()
        assert heading.endswith("邻里纠纷 small")


def test_a_draft_says_that_it_is_proved_and_which_way_leads_to_a_dead_end(jin):
    assert "已证明" in jin.browser.get(jin.at).text
    stuck = process(
        "start -> x -> a -> j -> end\nx -> b -> j", xor("x"), par("j"), task("a"), task("b")
    )
    jin.save("process.bpmn", stuck, jin.read("process.bpmn").get_etag()[0])
    (dead,) = [one for one in jin.findings() if one["code"] == "soundness_deadlock"]
    assert (dead["level"], dead["element"], dead["params"]["path"]) == ("error", "j", "start x a j")
    assert "已证明" not in jin.browser.get(jin.at).text


def test_what_was_published_meanwhile_is_taken_over_file_by_file(jin, built):
    form = json.dumps(json.loads(FILES["forms/screen.json"]), indent=1).encode()
    draft = jin.at.rsplit("/", 1)[1]
    jin.save("process.bpmn", b"<mine/>", jin.read("process.bpmn").get_etag()[0])
    publish_over(built, {"forms/screen.json": form, "process.bpmn": b"<theirs/>"})
    page = jin.browser.get(f"{jin.at}/review").post(f"{jin.at}/catch-up")
    assert "保留了您的：process.bpmn" in page.text
    assert jin.read("forms/screen.json").data == form
    assert jin.read("process.bpmn").data == b"<mine/>"
    assert built.engine.catch_up(DESIGNER, draft) == ()


def publish_over(built, changed):
    """A later version of the small procedure, whatever its checks would say."""
    with built.open_store() as store:
        old = store.current_release("small")
        files = {**old.files, **changed}
        new = replace(old, files=files, digest=digest(files), version=0)
        store.add_release(new, "designer", "designer2", built.clock())


def test_an_unpublished_procedure_begins_with_a_diagram_that_can_be_drawn(jin):
    page = jin.browser.post("/designer/new", procedure="tenancy")
    assert "tenancy" in page.text
    jin.at = page.response.request.path
    assert jin.read("process.bpmn").status_code == 200
    assert jin.browser.post("/designer/new", procedure="Bad name").status == 422


def test_drafts_are_for_designers(browser, jin):
    clerk = browser("clerk")
    assert clerk.get("/designer/").status == 403
    assert clerk.get(jin.at).status == 403


def test_a_draft_is_put_away(jin):
    draft = jin.at
    jin.browser.get(draft)
    assert "草稿已收起" in jin.browser.post(f"{draft}/drop").text
    seen = jin.read("process.bpmn").get_etag()[0]
    assert jin.save("process.bpmn", b"<b/>", seen).status_code == 409


def test_a_draft_leaves_as_a_zip_and_comes_back_as_it_was(jin):
    bring(jin, jin.browser.client.get(f"{jin.at}/procedure.zip").data)
    packed = jin.browser.client.get(f"{jin.at}/procedure.zip").data
    jin.save("forms/screen.json", b"{}", jin.read("forms/screen.json").get_etag()[0])
    assert "已导入" in bring(jin, packed).text
    assert jin.browser.client.get(f"{jin.at}/procedure.zip").data == packed
    assert jin.post("undo").status_code == 200
    assert jin.read("forms/screen.json").data == b"{}"


def test_a_lone_diagram_takes_the_diagram_s_place_and_rubbish_is_refused(jin):
    diagram = jin.read("process.bpmn").data.replace("核查".encode(), "复核".encode())
    bring(jin, diagram)
    assert "复核".encode() in jin.read("process.bpmn").data
    assert jin.read("forms/screen.json").status_code == 200
    refused = bring(jin, b"<html/>")
    assert refused.status == 422
    assert "BPMN" in refused.text


def bring(jin, content):
    jin.browser.get(jin.at)
    return jin.browser.post(f"{jin.at}/import", file=(io.BytesIO(content), "given.zip"))


def test_what_came_without_ids_gets_them_and_the_page_says_so(jin):
    answer = bring(jin, SHAPES["no ids at all"].encode())
    assert "有 4 个元素没有标识" in answer.text
    assert b'id="user_task_1"' in jin.read("process.bpmn").data


def test_the_outline_tells_the_diagram_on_the_draft_and_where_it_is_published(jin, browser):
    page = jin.browser.get(jin.at)
    assert "然后：核查人工任务" in page.text.replace(" ", "")
    clerk = browser("clerk").get("/designer/small/outline")
    assert "然后：决定人工任务" in clerk.text.replace(" ", "")
    assert clerk.get("/designer/nothing/outline").status == 404


def test_the_page_takes_back_the_last_save_and_does_it_again(jin):
    before = jin.read("forms/screen.json")
    jin.save("forms/screen.json", b"{}", before.get_etag()[0])
    page = jin.browser.get(jin.at)
    assert "上一次保存已撤销：forms/screen.json" in page.post(page.link(f"{jin.at}/undo")).text
    assert jin.read("forms/screen.json").data == before.data
    jin.browser.get(jin.at)
    assert "已恢复" in jin.browser.post(f"{jin.at}/redo").text
    assert jin.read("forms/screen.json").data == b"{}"
