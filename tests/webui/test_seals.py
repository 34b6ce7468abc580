"""The custodian's pages, the public page behind a code, and the same question on the command line."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding

from engine.sealports import Mark
from tests.cast import actor
from tests.seal import asking
from tests.seal.asking import COURT, asked, laid_in, twice_signed
from tests.seal.offices import NOW, Office, signed_by
from tests.seal.test_uses import LATER
from webui.cli import main
from webui.verify.views import OFTEN, TURNSTILE, Turnstile

ROOT = Path(__file__).parent.parent.parent
COURT_NAME = "云溪县人民法院"
NOBODY = "0123456789ABCDE"


@pytest.fixture(autouse=True)
def open_turnstile():
    TURNSTILE.__init__()


@pytest.fixture
def office(built, clock):
    """The seal office of this data folder, with keys that open quickly."""
    made = Office(built.config.data / "seal-keys", clock)
    built.engine.seals = replace(made.seals, secret=b"x", address="http://localhost")
    return made


@pytest.fixture
def seal(built, office):
    return built.engine.register_seal(actor("seal"), COURT, "云溪县人民法院", LATER, "新制")


@pytest.fixture
def sealed(built, seal, letter):
    """(line of the ledger, the sealed file)."""
    built.blobs.put(letter)
    effect = asked(built.engine, built.open_store, letter, title='"民事裁定书"')
    assert built.engine.perform(effect)
    with built.open_store() as store:
        use = store.seal_use(effect)
    return use, built.blobs.get(use.digest)


def test_the_public_page_tells_of_the_document_and_of_nobody(browser, sealed):
    page = browser().get(f"/v/{sealed[0].code}")
    told = ["民事裁定书", "云溪县人民法院", "签章有效", "不具法律效力", sealed[0].digest]
    assert [word in page.page for word in told] == [True] * 5
    secret = ["何印", "陈静", "民特", sealed[0].dossier, "李长河"]
    assert [word in page.page for word in secret] == [False] * 5


def test_a_code_is_read_as_people_type_it(browser, sealed):
    typed = "-".join(sealed[0].code.lower()[at : at + 4] for at in range(0, 16, 4))
    assert "民事裁定书" in browser().get(f"/v?code={typed}").text
    assert "民事裁定书" in browser().get(f"/V/{sealed[0].code}").text


def test_every_unknown_code_gets_the_same_answer(browser, sealed):
    pages = [browser().get(f"/v/{code}") for code in ("0" * 16, "nonsense", "-")]
    assert [page.status for page in pages] == [404] * 3
    assert len({page.text for page in pages}) == 1


def test_who_asks_too_often_waits(browser, sealed):
    page = browser()
    for _ in range(OFTEN):
        page.get("/v/nonsense")
    assert (page.status, page.get(f"/v/{sealed[0].code}").status) == (404, 429)
    gate = Turnstile()
    assert [gate.lets("a", 0.0) for _ in range(OFTEN + 1)][-2:] == [True, False]
    assert gate.lets("a", 61.0)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda file: file, "验证通过"),
        (lambda file: file[:3000] + bytes([file[3000] ^ 1]) + file[3001:], "改过"),
        (lambda file: file + b"\nmore", "加了东西"),
        (lambda file: b"hello", "不是完好的 PDF"),
    ],
)
def test_a_file_is_checked_in_full(browser, sealed, harm, said):
    use, file = sealed
    page = browser().get(f"/v/{use.code}")
    page.post(f"/v/{use.code}", file=(io.BytesIO(harm(file)), "a.pdf"))
    assert said in page.text


@pytest.fixture
def signed(built, seal, letter):
    """(line of the ledger, the file) of a document that judge, clerk and court have signed."""
    desk, store = built.engine, built.open_store
    use = asking.sealed(desk, store, twice_signed(desk, store, laid_in(desk, store, letter)))
    return use, built.blobs.get(use.digest)


def test_the_public_page_tells_who_signed_before_the_seal_but_names_nobody(browser, signed):
    page = browser().get(f"/v/{signed[0].code}")
    assert ["审判员签名时间" in page.page, "书记员签名时间" in page.page] == [True] * 2
    assert "周正清" not in page.page
    page.post(f"/v/{signed[0].code}", file=(io.BytesIO(signed[1]), "a.pdf"))
    assert (
        page.text.index("文件里的签名") < page.text.index("周正清") < page.text.rindex(COURT_NAME)
    )


def test_a_file_without_the_courts_seal_is_not_the_document(browser, built, signed, command):
    before = built.blobs.get(signed[0].source)
    page = browser().get(f"/v/{signed[0].code}")
    page.post(f"/v/{signed[0].code}", file=(io.BytesIO(before), "a.pdf"))
    assert "法院印章还没有盖" in page.text
    assert "法院印章还没有盖" in command(before).output
    assert "周正清、" in command(signed[1]).output


def test_the_document_page_shows_every_signature_and_opens_the_sealed_file(browser, signed):
    clerk = browser("clerk")
    page = clerk.get("/documents/d1").text
    told = ["审判员已签名", "书记员已签名", "法院已盖章"]
    assert [page.index(one) for one in told] == sorted(page.index(one) for one in told)
    assert clerk.client.get("/documents/d1/current.pdf").data == signed[1]
    assert clerk.client.get("/documents/d1/1.pdf").data != signed[1]


def test_a_custodian_registers_a_personal_certificate_on_the_page(browser, office):
    custodian = browser("seal")
    custodian.get("/seals/")
    typed = {"owner": COURT, "person": "judge", "until": "2028-03-01", "reason": "新发"}
    assert "个人签名证书" in custodian.post("/seals/", **typed).text
    address = custodian.link('/seals/[^l/"]+')
    assert "停用" in custodian.post(address, step="suspend", reason="出差").text


def test_another_document_of_the_same_court_is_not_this_one(browser, built, sealed, office, letter):
    other = signed_by(built.engine.seals, letter, *marked(built, sealed[0]))
    page = browser().get(f"/v/{sealed[0].code}")
    page.post(f"/v/{sealed[0].code}", file=(io.BytesIO(other), "a.pdf"))
    assert "不是验真码对应的那份文件" in page.text


def marked(built, use):
    with built.open_store() as store:
        seal = store.seal(use.seal)
    mark = Mark("court_seal", seal.key, 0, 400, 200, seal.name, seal.code, True)
    return [mark], {seal.key: bytes.fromhex(seal.certificate)}, NOBODY + "0"


def test_killed_between_sealing_and_journalling_there_is_one_seal(built, seal, letter):
    built.blobs.put(letter)
    effect = asked(built.engine, built.open_store, letter)
    dying = [sys.executable, "-m", "tests.seal.killed", str(built.config.data), effect]
    assert subprocess.run(dying, cwd=ROOT, timeout=300).returncode == -signal.SIGKILL
    with built.open_store() as store:
        before = store.seal_use(effect)
        assert store.effect(effect) is not None
    assert built.engine.perform(effect)
    with built.open_store() as store:
        verbs = [entry.verb for entry, _ in store.entries(f"seal:{seal.id}")]
        assert store.seal_use(effect) == before
    assert verbs == ["seal_registered", "seal_asked", "seal_used"]


def test_a_custodian_keeps_seals_on_the_page(browser, built, office):
    custodian = browser("seal")
    custodian.get("/seals/")
    typed = {"owner": COURT, "name": "云溪县人民法院", "until": "2028-03-01", "reason": "新制"}
    assert "可用" in custodian.post("/seals/", **typed).text
    address = custodian.link('/seals/[^l/"]+')
    assert "停用" in custodian.post(address, step="suspend", reason="休假").text
    assert custodian.post(address, step="suspend", reason="再来").status == 422
    assert browser("mediator").get("/seals/").status == 403


def test_a_revoked_seal_puts_its_documents_on_the_list(browser, clock, seal, sealed):
    clock.move(clock() + timedelta(minutes=5))
    custodian = browser("seal")
    custodian.get("/seals/")
    custodian.post(f"/seals/{seal.id}", step="revoke", reason="密钥可能泄露")
    assert "正在复验" in browser().get(f"/v/{sealed[0].code}").text
    assert sealed[0].number in custodian.get("/seals/ledger?state=recheck").text
    custodian.post(f"/seals/ledger/{sealed[0].id}/recheck")
    assert "复验通过" in custodian.text
    assert "签章有效" in browser().get(f"/v/{sealed[0].code}").text


def test_the_ledger_is_taken_along(browser, sealed):
    content = browser("auditor").client.get("/seals/ledger.csv").data.decode("utf-8")
    assert sealed[0].number in content
    assert sealed[0].digest in content


@pytest.fixture
def command(built, office, monkeypatch, tmp_path):
    monkeypatch.setenv("LIANDIAO_DATA", str(built.config.data))
    monkeypatch.setenv("LIANDIAO_LANG", "zh")

    def run(content, *options):
        path = tmp_path / "file.pdf"
        path.write_bytes(content)
        return CliRunner().invoke(main, ["verify-document", str(path), *options])

    return run


def test_the_command_says_the_same(command, sealed):
    good = command(sealed[1], "--json")
    told = json.loads(good.output)
    assert (good.exit_code, told["result"], told["level"]) == (0, "OK", "B-LTA")
    assert told["signatures"][0]["signed_at"] == NOW.isoformat()


def test_the_command_refuses_with_a_reason(command, sealed):
    bad = command(sealed[1] + b"\nmore")
    assert bad.exit_code == 1
    assert "加了东西" in bad.output


def test_trust_alone_judges_the_seal_but_not_the_register(command, sealed, office, tmp_path):
    folder = tmp_path / "trust"
    folder.mkdir()
    root = office.authority.root().certificate
    office.clock.now = datetime.now(UTC)  # a list that is fresh when the command runs
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "root.crl").write_bytes(office.authority.revocations())
    alone = command(sealed[1], "--trust", str(folder))
    assert (alone.exit_code, "没有与登记簿核对" in alone.output) == (0, True)
