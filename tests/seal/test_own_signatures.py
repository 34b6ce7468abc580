"""Judge and clerk sign a file themselves, in order, before the court seals it; every use in the ledger."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader

from engine.errors import Failed, Invalid, NotAllowed
from engine.services.seal.custody import TokenKeys
from storage.blobs import FolderBlobs
from tests.cast import CLERK, JUDGE, actor
from tests.seal.asking import COURT, SECOND, laid_in, sealed, signed, twice_signed
from tests.seal.offices import NOW, Office

CUSTODIAN = actor("seal")
LATER = NOW + timedelta(days=700)


@pytest.fixture
def desk(desk, clock, tmp_path):
    desk.seals, desk.blobs = Office(tmp_path / "keys", clock).seals, FolderBlobs(tmp_path / "blobs")
    return desk


@pytest.fixture
def paper(desk, store, letter):
    """The digest of a letter with places for judge, clerk and seal, made by a procedure that signs."""
    return laid_in(desk, store, letter)


def lines(store, digest):
    """The uses that led to a file, the last one first."""
    with store() as opened:
        while use := opened.use_by_digest(digest):
            yield use
            digest = use.source


def reason(desk, digest):
    return desk.seals.verify(desk.blobs.get(digest)).reason


@pytest.mark.clause("S1-157", "S8-13", "S8-14")
def test_judge_clerk_and_court_sign_one_file_and_each_use_stands_in_the_ledger(desk, store, paper):
    first = signed(desk, store, paper)["digest"]
    second = signed(desk, store, first, **SECOND)["digest"]
    assert [reason(desk, digest) for digest in (first, second)] == ["seal_unsealed"] * 2
    use = sealed(desk, store, second)
    told = [(one.place, one.person) for one in lines(store, use.digest)]
    assert told == [("", "seal"), ("clerk", "clerk"), ("judge", "judge")]
    verified = desk.seals.verify(desk.blobs.get(use.digest))
    assert [one.field for one in verified.signatures] == ["judge", "clerk", "court_seal"]


def test_the_code_that_was_printed_first_is_the_code_of_the_sealed_document(desk, store, paper):
    second = twice_signed(desk, store, paper)
    use = sealed(desk, store, second)
    page = PdfReader(io.BytesIO(desk.blobs.get(use.digest))).pages[-1].extract_text()
    assert use.code in page.replace("-", "")


def test_each_signature_is_on_the_stream_of_its_certificate(desk, store, paper):
    signed(desk, store, paper)
    with store() as opened:
        (own,) = opened.signatures_of("judge")
        assert (own.demonstration, own.owner, opened.seals_of(COURT)) == (True, COURT, [])
        entries = [(entry.verb, entry.actor) for entry, _ in opened.entries(f"seal:{own.id}")]
    assert entries[1:] == [("seal_asked", "judge"), ("seal_used", "judge")]


@pytest.mark.clause("S8-13")
@pytest.mark.parametrize(("changed", "why"), [
    ({"by": CLERK}, "signature_not_own"),
    ({"by": CLERK, "signer": ""}, "signature_not_own"),
    (SECOND, "signature_not_turn"),
    ({"digest": "0" * 64}, "seal_file_missing"),
])  # fmt: skip
def test_what_is_not_ones_own_or_not_ones_turn_is_refused(desk, store, paper, changed, why):
    told = signed(desk, store, **({"digest": paper} | changed))
    assert told == {"result": "REFUSED", "reason": why}


def test_the_court_does_not_seal_before_judge_and_clerk_have_signed(desk, store, paper):
    with pytest.raises(Failed, match="seal_unsigned"):
        sealed(desk, store, paper)
    first = signed(desk, store, paper)["digest"]
    with pytest.raises(Failed, match="signature_not_turn"):
        sealed(desk, store, first)


def test_nobody_signs_after_the_court(desk, store, paper):
    second = twice_signed(desk, store, paper)
    use = sealed(desk, store, second)
    told = [signed(desk, store, use.digest)["reason"], signed(desk, store, second)["reason"]]
    assert told == ["signature_closed", "seal_taken"]


def test_who_is_asked_again_for_the_same_file_has_signed_it(desk, store, paper):
    first, again = (signed(desk, store, paper) for _ in range(2))
    assert first == again
    assert twice_signed(desk, store, paper) == twice_signed(desk, store, paper)


def test_a_suspended_certificate_signs_nothing_until_it_is_taken_up_again(desk, store, paper):
    own = desk.register_signature(CUSTODIAN, COURT, "judge", LATER, "新发")
    desk.suspend_seal(CUSTODIAN, own.id, "出差")
    assert signed(desk, store, paper)["reason"] == "SEAL_EXPIRED"
    desk.resume_seal(CUSTODIAN, own.id, "回来了")
    assert signed(desk, store, paper)["result"] == "OK"


def test_a_certificate_revoked_later_flags_the_document_it_signed(desk, store, paper, clock):
    second = twice_signed(desk, store, paper)
    use = sealed(desk, store, second)
    clock.now += timedelta(days=1)
    with store() as opened:
        (own,) = opened.signatures_of("judge")
    desk.revoke_seal(CUSTODIAN, own.id, "密钥可能泄露")
    assert [one.place for one in lines(store, use.digest) if one.recheck_at] == [""]
    assert desk.recheck_use(CUSTODIAN, use.id).result == "OK"


def test_a_file_not_sealed_yet_is_looked_at_again_for_what_is_on_it(desk, store, paper, clock):
    first = signed(desk, store, paper)["digest"]
    clock.now += timedelta(days=1)
    with store() as opened:
        (own,) = opened.signatures_of("judge")
        use = opened.use_by_digest(first)
    desk.revoke_seal(CUSTODIAN, own.id, "密钥可能泄露")
    assert desk.recheck_use(CUSTODIAN, use.id).result == "OK"


def test_outside_a_demonstration_nobody_gets_a_certificate_unasked(desk, store, paper, tmp_path):
    token = TokenKeys(tmp_path / "no.so", "court", "1234")
    desk.seals = replace(desk.seals, keys=token, trusted=tmp_path)
    assert signed(desk, store, paper)["reason"] == "signature_no_certificate"


def test_only_the_custodian_registers_certificates_and_says_why(desk):
    with pytest.raises(NotAllowed, match="seal_not_yours"):
        desk.register_signature(JUDGE, COURT, "judge", LATER, "给我自己")
    with pytest.raises(Invalid, match="say_why"):
        desk.register_signature(CUSTODIAN, COURT, "judge", LATER, " ")
