"""Printing under control: checked before, numbered, logged; void copies keep their number."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest

from engine.sealports import Verified

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SIGNED = PDF + b"%/ByteRange\n"
PRESS = {"printer": "HP-1", "workstation": "窗口2", "count": "2"}


def of(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def clerk(browser, case):
    opened = browser("clerk").get(f"/dossiers/{case.dossier}?tab=documents")
    for name, content in (("裁定.pdf", PDF), ("签章.pdf", SIGNED)):
        opened.post(f"/dossiers/{case.dossier}/files", file=(BytesIO(content), name))
    return opened


def page(case, content=PDF, part=""):
    return f"/dossiers/{case.dossier}/print/{of(content)}{part}"


def entries(built, case, verb):
    with built.open_store() as store:
        return [p.data for e, p in store.entries(f"dossier:{case.dossier}") if e.verb == verb]


@pytest.mark.clause("CQ4.6", "S8-13")
def test_copies_are_numbered_and_logged_before_the_file_opens(clerk, case, built):
    assert clerk.client.get(page(case, part="/file")).status_code == 403
    clerk.get(page(case))
    assert f"{of(PDF)[:8].upper()}-002" in clerk.post(page(case), **PRESS).text
    assert clerk.client.get(page(case, part="/file")).data == PDF
    (told,) = entries(built, case, "print")
    assert told == {"digest": of(PDF), "seal": "NOT_SEALED", "numbers": [1, 2],
                    "printer": "HP-1", "workstation": "窗口2"}  # fmt: skip


def test_a_void_copy_keeps_its_reason_and_its_number_is_not_given_again(clerk, case, built):
    clerk.get(page(case))
    clerk.post(page(case), **PRESS)
    void = clerk.link(r"/dossiers/[^\"]+/void")
    assert "缺页" in clerk.post(void, digest=of(PDF), reason="缺页").text
    assert "已经作废" in clerk.post(void, digest=of(PDF), reason="缺页").text
    assert f"{of(PDF)[:8].upper()}-003" in clerk.post(page(case), **PRESS | {"count": "1"}).text
    assert entries(built, case, "void_copy") == [{"digest": of(PDF), "number": 2}]


def test_a_damaged_file_is_not_printed(clerk, case, built):
    kept = built.config.data / "blobs" / of(PDF)[:2] / of(PDF)[2:]
    kept.chmod(0o640)
    kept.write_bytes(b"forged")
    assert "不得打印" in clerk.get(page(case)).text
    assert clerk.post(page(case), **PRESS).status == 409
    assert entries(built, case, "print_refused")[0]["code"] == "blob_damaged"
    assert entries(built, case, "print") == []


class Judge:
    """Says of every seal what it is told to."""

    def __init__(self, result):
        self.result = result

    def verify(self, content):
        return Verified(self.result, "")


@pytest.mark.parametrize(("result", "prints"), [
    ("OK", True), ("CERT_REVOKED", True), ("SEAL_EXPIRED", True),
    ("HASH_MISMATCH", False), ("SIG_INVALID", False), ("NOT_IN_LIST", False), ("TSA_FAIL", False),
])  # fmt: skip
def test_the_seal_decides_whether_it_prints(clerk, case, built, result, prints):
    built.engine.seals = Judge(result)
    clerk.get(page(case, SIGNED))
    status = clerk.post(page(case, SIGNED), **PRESS).status
    assert status == (200 if prints else 409)
    told = entries(built, case, "print" if prints else "print_refused")
    assert [one["seal"] for one in told] == [result]


@pytest.mark.parametrize(
    "wrong", [{"count": "0"}, {"count": "51"}, {"count": "x"}, {"printer": " "}]
)
def test_without_a_number_and_a_place_nothing_is_printed(clerk, case, built, wrong):
    clerk.get(page(case))
    assert clerk.post(page(case), **PRESS | wrong).status == 422
    assert entries(built, case, "print") == []


def test_who_does_not_work_on_it_prints_nothing(clerk, case, browser):
    auditor = browser("auditor").get(page(case))
    assert auditor.status == 200
    assert auditor.post(page(case), **PRESS).status == 403
    assert browser("doctor").get(page(case)).status == 404
