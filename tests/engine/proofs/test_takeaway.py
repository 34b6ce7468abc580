"""A case taken away: the same bytes each time, proved by a Python that knows nothing of the product."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile

import pytest

from engine.commands.cases import Where
from engine.commands.releases import INSTALLATION
from engine.errors import Conflict
from engine.proofs.takeaway import take_away, take_away_dossier
from engine.services.log_keys import FolderKeys
from engine.spiff import read_state
from storage.blobs import MemoryBlobs
from tests.cast import CLERK
from tests.webui.conftest import FILES, XML
from tests.webui.test_health import DOCTOR
from tests.webui.test_health import FILES as EXAMINED_FILES
from tests.webui.test_health import XML as EXAMINED
from webui.assets import VENDOR

OFFLINE = VENDOR / "verify.html"


@pytest.fixture(scope="module")
def photographs():
    return MemoryBlobs()


@pytest.fixture
def case(desk, photographs):
    """A case with two steps, the second of which names a file."""
    release = {**FILES, "process.bpmn": XML}
    desk._publish(INSTALLATION, INSTALLATION, "small", release, "")
    digest = photographs.put(b"a photograph")
    begun = desk.begin(CLERK, "small", {"/dispute/title": f"漏水，照片 {digest}"})
    desk.answer(CLERK, read_state(begun.state).tasks[0].id, {"/dispute/facts": "属实"}, "accept")
    return begun


@pytest.fixture
def taken(desk, store, case, photographs, tmp_path):
    """``taken()``: the zip as it is taken away now."""
    keys = FolderKeys(tmp_path / "log-keys")

    def take():
        desk.seal(keys)
        with store() as opened:
            return b"".join(take_away(opened, photographs, case.id))

    return take


def proved(content, folder):
    """(exit code, last line) of the verifier in the zip, run by a bare Python."""
    path = folder / "case.zip"
    path.write_bytes(content)
    with zipfile.ZipFile(path) as archive:
        (folder / "verify.py").write_bytes(archive.read("verify.py"))
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), str(path)]
    ran = subprocess.run(command, capture_output=True, check=False)
    return ran.returncode, ran.stdout.decode().splitlines()[-1]


@pytest.fixture(scope="module")
def page(chromium):
    """The page that lies in every zip, opened from the disk without any network."""
    context = chromium.new_context(offline=True)
    opened = context.new_page()
    opened.goto(OFFLINE.as_uri())
    yield opened
    context.close()


def told(page, content):
    """Every line that the page says of a zip."""
    page.set_input_files(
        "#file", {"name": "a.zip", "mimeType": "application/zip", "buffer": content}
    )
    page.wait_for_selector("#told .proved, #told .fault")
    return page.locator("#told li").all_inner_texts()


def altered(content, name, change):
    """The zip with one of its files changed, or left out when the change gives None."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        (found,) = (one for one in old.namelist() if one.startswith(name))
        for one in old.namelist():
            body = change(old.read(one)) if one == found else old.read(one)
            if body is not None:
                new.writestr(one, body)
    return buffer.getvalue()


def in_line(n, key, change):
    """Change one text in a line of the journal."""

    def changed(text):
        lines = text.decode().splitlines()
        line = json.loads(lines[n])
        lines[n] = json.dumps({**line, key: change(line[key])}, ensure_ascii=False)
        return "\n".join(lines).encode()

    return changed


def test_a_case_taken_away_is_proved_by_a_bare_python(taken, tmp_path):
    assert proved(taken(), tmp_path) == (0, "已证实 · proved")


def test_a_browser_without_network_says_the_same(taken, tmp_path, page):
    said = told(page, taken())
    assert said[-1] == proved(taken(), tmp_path)[1]
    assert said[1:3] == [
        "日志 2 条，逐条相连 · 2 journal entries, each linked",
        "内容与承诺一致 2 条，依法销毁 0 条，健康数据不随附 0 条 · 2 contents as committed to, "
        "0 lawfully destroyed, 0 withheld as health data",
    ]


def test_the_same_case_gives_the_same_bytes(taken, desk, case):
    first = taken()
    desk.note_reading(CLERK, case.dossier)
    assert taken() == first


def test_it_holds_the_procedure_the_journal_the_outcomes_and_the_files(taken):
    with zipfile.ZipFile(io.BytesIO(taken())) as archive:
        names = archive.namelist()
        outcome = json.loads(archive.read("outcomes/00001.json"))
    tops = {name.split("/")[0] for name in names}
    assert {"release", "facts", "files", "journal.jsonl", "receipt.json", "verify.py"} <= tops
    assert ["done", "screen"] in [line[:2] for line in outcome["trace"]]
    assert len([name for name in names if name.startswith("files/")]) == 1


DAMAGE = {
    "actor": ("journal", in_line(1, "body", lambda t: t.replace("clerk", "judge")), "not the one"),
    "first entry": ("journal", in_line(0, "body", lambda t: t.replace("clerk", "x")), "entry 1"),
    "entry removed": ("journal", lambda t: t.split(b"\n", 1)[1], "entry 0 is missing"),
    "entry doubled": ("journal", lambda t: t.split(b"\n")[0] + b"\n" + t, "entry 1 is missing"),
    "tail cut off": ("journal", lambda t: t.split(b"\n")[0], "not the one that is proved"),
    "content": (
        "journal",
        in_line(1, "payload", lambda t: t.replace("属实", "不实")),
        "content of",
    ),
    "outcome": ("outcomes/00001", lambda t: t.replace(b"screen", b"scream"), "outcome of entry 1"),
    "outcome removed": ("outcomes/00001", lambda t: None, "outcome of entry 1"),
    "facts": ("facts/", lambda t: t + b" ", "facts"),
    "file": ("files/", lambda t: t + b" ", "was altered"),
    "checkpoint": ("receipt", lambda t: t.replace(b"2026-", b"2025-"), "signature"),
    "no receipt": ("receipt", lambda t: None, "missing or damaged"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found_and_named_here_and_in_a_browser(taken, tmp_path, page, name):
    file, change, said = DAMAGE[name]
    content = altered(taken(), file, change)
    code, last = proved(content, tmp_path)
    assert (code, last[:5]) == (1, "FAULT")
    assert said in last
    assert said in told(page, content)[-1]


def test_a_swapped_diagram_is_found(taken, tmp_path):
    with zipfile.ZipFile(io.BytesIO(taken())) as archive:
        diagram = next(name for name in archive.namelist() if name.endswith("process.bpmn"))
    code, last = proved(altered(taken(), diagram, lambda text: text + b" "), tmp_path)
    assert (code, "release" in last) == (1, True)


def test_what_is_no_zip_is_refused(tmp_path, taken):
    path = tmp_path / "x"
    path.mkdir()
    verify = altered(taken(), "verify.py", lambda text: text)
    (path / "case.zip").write_bytes(verify)
    assert proved(verify, path)[0] == 0
    (path / "case.zip").write_bytes(b"no zip")
    command = [sys.executable, "-I", str(path / "verify.py"), str(path / "case.zip")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2


def test_a_case_that_is_not_sealed_yet_says_so(store, case, photographs):
    with store() as opened, pytest.raises(Conflict, match="not_sealed_yet"):
        take_away(opened, photographs, case.id)


@pytest.mark.parametrize("health", [False, True])
def test_health_data_stays_behind_and_the_rest_is_still_proved(
    desk, store, photographs, tmp_path, health
):
    release = {**EXAMINED_FILES, "process.bpmn": EXAMINED}
    desk._publish(INSTALLATION, INSTALLATION, "examined", release, "")
    begun = desk.begin(CLERK, "examined", {})
    examine = read_state(begun.state).tasks[0].id
    desk.answer(DOCTOR, examine, {"/health/bp": "120/80", "/health/history": "哮喘"})
    desk.seal(FolderKeys(tmp_path / "log-keys"))
    with store() as opened:
        content = b"".join(take_away(opened, photographs, begun.id, health=health))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    assert ("哮喘" in told) is health
    assert proved(content, tmp_path)[0] == 0


@pytest.fixture
def dossier_taken(desk, store, case, photographs, tmp_path):
    """The zip of a dossier in which a second case has begun."""
    desk.begin(CLERK, "small", {"/dispute/title": "同一邻居"}, Where(dossier=case.dossier))
    desk.note_reading(CLERK, case.dossier)
    desk.seal(FolderKeys(tmp_path / "log-keys"))
    with store() as opened:
        return b"".join(take_away_dossier(opened, photographs, case.dossier))


def test_a_dossier_is_taken_away_with_its_own_journal_and_every_case(dossier_taken, tmp_path, page):
    assert proved(dossier_taken, tmp_path) == (0, "已证实 · proved")
    said = told(page, dossier_taken)
    assert sum(line.startswith("small-") for line in said) == 2
    assert said[0] == "dossier/ 部分 · part dossier/"


def test_a_case_left_out_of_a_dossier_is_named(dossier_taken, case, tmp_path, page):
    left = altered(dossier_taken, f"small-{case.id}/receipt.json", lambda text: None)
    assert proved(left, tmp_path) == (1, f"FAULT  缺少办件 {case.id} · case {case.id} is missing")
    assert told(page, left)[-1] == f"缺少办件 {case.id} · case {case.id} is missing"
