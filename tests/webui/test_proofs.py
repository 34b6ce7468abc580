"""Proofs for those outside: the case page says where a case stands, gives its receipt and the whole of it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest
from click.testing import CliRunner
from pypdfium2 import PdfDocument

from engine.commands.desk import Act
from engine.commands.releases import INSTALLATION, publication
from engine.proofs.notes import printed
from engine.proofs.verifier import check_receipt, prove
from tests.builders import BEGIN
from tests.cast import CLERK, DESIGNER
from tests.webui.attacking import misprinted
from tests.webui.conftest import FILES, XML
from webui.cli import main
from webui.sealing import log_keys


@pytest.fixture
def case(built):
    """A case on a release that is what its digest names."""
    files = {**FILES, "process.bpmn": XML}
    built.engine._publish(INSTALLATION, INSTALLATION, "small", files, "")
    return built.engine.begin(CLERK, "small", {"/dispute/title": "邻里漏水"})


@pytest.fixture
def sealed(built, case):
    built.engine.seal(log_keys(built.config))
    return case


def test_a_case_that_waits_says_so_and_gives_no_receipt(browser, case):
    clerk = browser("clerk").get(f"/cases/{case.id}")
    assert "1 条待固化" in clerk.text
    assert clerk.get(f"/cases/{case.id}/receipt.json").status == 409


def test_a_sealed_case_gives_everybody_who_sees_it_a_receipt(browser, sealed):
    clerk = browser("clerk").get(f"/cases/{sealed.id}")
    assert "第 0 条已固化" in clerk.text
    receipt = json.loads(clerk.get(clerk.link('/cases/[^"]+/receipt.json')).page)
    origin, size, _ = check_receipt(receipt)
    assert origin.startswith("liandiao/")
    assert size > receipt["position"]
    assert receipt["stream"] == f"case:{sealed.id}"


def test_an_auditor_takes_the_case_away_and_that_is_journalled(browser, built, sealed):
    auditor = browser("auditor").get(f"/cases/{sealed.id}")
    answer = auditor.client.get(auditor.link('/cases/[^"]+/case.zip'))
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert len(list(prove(files))) == 6
    assert files["report.zh.pdf"].startswith(b"%PDF")
    with built.open_store() as store:
        noted = [
            e.actor for e, _ in store.entries(f"dossier:{sealed.dossier}") if e.verb == "take_away"
        ]
    assert noted == ["auditor"]


def test_a_dossier_is_taken_away_whole(browser, sealed):
    auditor = browser("auditor").get(f"/dossiers/{sealed.dossier}")
    answer = auditor.client.get(auditor.link('/dossiers/[^"]+/dossier.zip'))
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    said = [en for _, en in prove(files)]
    assert said[0] == "part dossier/"
    assert [line for line in said if line.startswith("part small-")]
    assert b'"verb":"take_away"' in files["dossier/journal.jsonl"].replace(b"\\", b"")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_tells_every_entry_in_words(browser, sealed, language):
    answer = browser("auditor").client.get(f"/cases/{sealed.id}/case.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        pdf = archive.read(f"report.{language}.pdf")
    text = "".join(page.get_textpage().get_text_bounded() for page in PdfDocument(pdf))
    assert "邻里漏水" in text
    assert {"zh": "供阅读；所证实的是", "en": "To be read; what is proved"}[language] in text


def test_only_oversight_takes_cases_away(browser, sealed):
    clerk = browser("clerk").get(f"/cases/{sealed.id}")
    assert "case.zip" not in clerk.page
    assert clerk.get(f"/cases/{sealed.id}/case.zip").status == 403


def test_who_may_not_see_a_case_gets_no_receipt(browser, sealed):
    assert browser("doctor").get(f"/cases/{sealed.id}/receipt.json").status == 404


def test_an_administrator_sees_the_log_and_takes_its_head(browser, built, case):
    admin = browser("admin")
    assert admin.get("/journal/proof/checkpoint.txt").status == 404
    built.engine.seal(log_keys(built.config))
    assert "签名日志" in admin.get("/admin/health").text
    head = admin.client.get(admin.link("/journal/proof/checkpoint.txt")).text
    with built.open_store() as store:
        assert head == store.last_checkpoint()[1]


# On the page -----------------------------------------------------------------------------------


def test_the_page_verifies_everything_and_names_what_was_altered(browser, built, sealed):
    auditor = browser("auditor").get("/journal/proof")
    assert "还没有送往任何地方" in auditor.text
    damaged = built.database.engine
    with damaged.begin() as db:
        db.exec_driver_sql("DROP TRIGGER journal_no_update")
        db.exec_driver_sql(f"UPDATE journal SET actor = 'x' WHERE stream = 'case:{sealed.id}'")
    auditor.post("/journal/proof")
    assert "日志第 0 条的内容被改动过" in auditor.text
    assert f'href="/cases/{sealed.id}"' in auditor.page
    assert "有异，指名如上" in auditor.text


def test_the_page_says_that_an_untouched_history_holds(browser, built, sealed):
    assert "没有发布日志" in browser("auditor").get("/journal/proof").post("/journal/proof").text
    with built.open_store() as store:
        told = publication(store.release(sealed.release), ("designer", "designer2"), BEGIN)
        built.engine._record(store, "procedure:small", Act("publish", DESIGNER, data=told))
    auditor = browser("auditor").get("/journal/proof").post("/journal/proof")
    assert "没有发现改动" in auditor.text
    assert browser("clerk").get("/journal/proof").status == 403


def test_heads_kept_outside_are_compared_on_the_page(browser, built, sealed, tmp_path):
    built.config = replace(built.config, witness=(str(tmp_path),))
    auditor = browser("auditor").get("/journal/proof")
    assert "请选择检查点文件" in auditor.post("/journal/proof/outside").text
    with built.open_store() as store:
        size, note = store.last_checkpoint()
    (tmp_path / "kept.txt").write_text(note, "utf-8")
    assert (
        f"最多覆盖 {size} 条" in auditor.get("/journal/proof").post("/journal/proof/outside").text
    )
    line = misprinted(printed(note))
    auditor.get("/journal/proof").post("/journal/proof/outside", typed=line)
    assert "不是同一个历史" in auditor.text


# On the command line ---------------------------------------------------------------------------


@pytest.fixture
def call(built, sealed, tmp_path):
    """``call("verify", ...)`` on that folder: (exit code, lines)."""

    def called(*words, data=None):
        settings = {"LIANDIAO_DATA": str(data or built.config.data), "LIANDIAO_LANG": "en"}
        result = CliRunner().invoke(main, [str(word) for word in words], env=settings)
        return result.exit_code, result.output.splitlines()

    return called


def test_the_log_is_sealed_and_compared_with_what_was_kept_outside(call, tmp_path):
    head = tmp_path / "head.txt"
    code, lines = call("seal")
    head.write_text("\n".join(lines[:-1]) + "\n", "utf-8")
    assert (code, call("verify", "--checkpoint", head)[1][-1]) == (0, "2 passed, 0 failed")
    head.write_text(head.read_text("utf-8").replace("\nafter", "\nbefore"), "utf-8")
    code, lines = call("verify", "--checkpoint", head)
    assert (code, "another log" in lines[1]) == (1, True)


def test_a_receipt_is_checked_here_and_by_a_party_without_a_database(
    call, browser, sealed, tmp_path
):
    kept = tmp_path / "receipt.json"
    kept.write_text(browser("clerk").get(f"/cases/{sealed.id}/receipt.json").page, "utf-8")
    assert call("verify", "--receipt", kept)[1][-1] == "2 passed, 0 failed"
    assert call("verify", "--receipt", kept, data=tmp_path / "party")[1][-1] == "1 passed, 0 failed"
    kept.write_text(kept.read_text("utf-8").replace("clerk", "judge"), "utf-8")
    code, lines = call("verify", "--receipt", kept)
    assert (code, "does not hold" in lines[0]) == (1, True)


def test_a_case_is_exported_and_the_key_is_changed(call, sealed, tmp_path):
    to = tmp_path / "case.zip"
    assert call("export", "--case", sealed.id, "--to", to)[0] == 0
    first = to.read_bytes()
    assert call("seal", "--rotate")[0] == 2  # no reason
    assert call("seal", "--rotate", "--reason", "yearly")[0] == 0
    call("export", "--case", sealed.id, "--to", to)
    assert to.read_bytes() == first
