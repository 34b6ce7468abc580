"""Seals from registration to revocation; their use by effects: once each, judged before, in the ledger."""

from __future__ import annotations

import errno
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from pypdfium2 import PdfDocument

from engine.errors import Conflict, Failed, Invalid, NotAllowed
from engine.proofs.notes import printed
from engine.services.log_keys import FolderKeys
from engine.services.seal.custody import SoftwareKeys
from engine.services.seal.keyfiles import KeyFiles
from engine.services.seal.provider import LocalSeals
from engine.services.seal.stamping import AskedStamps
from storage.blobs import FolderBlobs
from tests.builders import BEGIN
from tests.cast import JUDGE, actor
from tests.seal.asking import COURT, RULING, asked, effect_params
from tests.seal.offices import NOW, Office

CUSTODIAN = actor("seal")
LATER = NOW + timedelta(days=700)


@pytest.fixture
def seals(desk, clock, tmp_path, letter):
    """The desk with a seal office, files, and a letter among them."""
    office = Office(tmp_path / "keys", clock)
    desk.seals, desk.blobs = office.seals, FolderBlobs(tmp_path / "blobs")
    desk.blobs.put(letter)
    return desk


@pytest.fixture
def seal(seals):
    return seals.register_seal(CUSTODIAN, COURT, "云溪县人民法院", LATER, "新制")


def use_of(store, effect):
    with store() as opened:
        return opened.seal_use(effect)


def verbs(store, seal):
    with store() as opened:
        return [entry.verb for entry, _ in opened.entries(f"seal:{seal.id}")]


def test_an_effect_seals_once_and_the_ledger_says_so(seals, seal, store, letter):
    effect = asked(seals, store, letter)
    assert seals.perform(effect)
    use = use_of(store, effect)
    assert (use.result, use.person, use.document, use.number) == (
        "OK",
        "seal",
        "R1",
        "印簿〔2026〕1号",
    )
    assert seals.seals.verify(seals.blobs.get(use.digest)).level == "B-LTA"
    assert verbs(store, seal) == ["seal_registered", "seal_asked", "seal_used"]


def test_a_sealed_paper_prints_the_head_of_the_log(seals, seal, store, letter, tmp_path):
    seals.seal(FolderKeys(tmp_path / "log-keys"))
    with store() as opened:
        head = printed(opened.last_checkpoint()[1])
    effect = asked(seals, store, letter)
    assert seals.perform(effect)
    paper = PdfDocument(seals.blobs.get(use_of(store, effect).digest))
    text = paper[len(paper) - 1].get_textpage().get_text_bounded()
    assert head.replace(" ", "") in "".join(text.split())


def test_killed_between_sealing_and_journalling_there_is_one_seal(seals, seal, store, letter):
    effect = asked(seals, store, letter)
    with store() as opened:
        params = opened.effect(effect)[1].params
    first = seals.apply_seal(effect, params)  # and here the process dies
    assert seals.perform(effect)
    assert use_of(store, effect).digest == first["digest"]
    assert verbs(store, seal).count("seal_used") == 1


def test_killed_before_the_file_is_kept_it_goes_on_under_its_line(seals, seal, store, letter):
    effect = asked(seals, store, letter)
    seals._again(lambda: seals._begin_use(seals._seal_wish(effect)))  # and here the process dies
    assert seals.perform(effect)
    assert use_of(store, effect).result == "OK"
    assert verbs(store, seal).count("seal_asked") == 1


def test_of_two_who_seal_one_ruling_one_wins(seals, seal, store, letter):
    one, other = asked(seals, store, letter), asked(seals, store, letter)
    assert seals.perform(one)
    with pytest.raises(Failed) as late:
        seals.apply_seal(other, effect_params(store, other))
    assert late.value.code == "seal_taken"
    assert use_of(store, other) is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"operator": '"judge"'}, "SAME_PERSON"),
        ({"open_flag": '"RED"'}, "FLAG_OPEN"),
        ({"ruling": RULING.replace("DIGEST", "another")}, "TEXT_CHANGED"),
        ({"ruling": RULING.replace("clerk_signed_at: now()", "clerk_signed_at: null")}, "UNSIGNED"),
    ],
)
def test_it_is_judged_again_right_before(seals, seal, store, letter, changed, reason):
    effect = asked(seals, store, letter, **changed)
    with pytest.raises(Failed) as denied:
        seals.apply_seal(effect, effect_params(store, effect))
    assert denied.value.params["reason"] == reason
    assert (use_of(store, effect).result, use_of(store, effect).digest) == ("DENIED", "")


def test_a_suspended_seal_seals_nothing_until_it_is_taken_up_again(seals, seal, store, letter):
    seals.suspend_seal(CUSTODIAN, seal.id, "保管人休假")
    effect = asked(seals, store, letter)
    assert seals.apply_seal(effect, effect_params(store, effect))["result"] == "SEAL_EXPIRED"
    seals.resume_seal(CUSTODIAN, seal.id, "回来了")
    again = asked(seals, store, letter)
    assert seals.apply_seal(again, effect_params(store, again))["result"] == "OK"


def test_a_revoked_seal_flags_what_it_sealed_and_that_stays_good(seals, seal, store, letter, clock):
    effect = asked(seals, store, letter)
    seals.perform(effect)
    clock.now += timedelta(days=1)
    seals.revoke_seal(CUSTODIAN, seal.id, "密钥可能泄露")
    assert use_of(store, effect).recheck_at == clock()
    assert seals.recheck_use(CUSTODIAN, effect).result == "OK"
    assert use_of(store, effect).recheck_at is None
    assert verbs(store, seal)[-2:] == ["seal_revoked", "seal_rechecked"]


def test_compromised_since_before_the_use_the_recheck_says_so(seals, seal, store, letter, clock):
    effect = asked(seals, store, letter)
    seals.perform(effect)
    clock.now += timedelta(days=1)
    seals.revoke_seal(CUSTODIAN, seal.id, "密钥泄露", BEGIN - timedelta(hours=1))
    assert seals.recheck_use(CUSTODIAN, effect).reason == "seal_revoked_before"


def test_a_renewed_seal_has_another_key(seals, seal, store, letter, clock):
    clock.now += timedelta(days=800)
    effect = asked(seals, store, letter)
    assert seals.apply_seal(effect, effect_params(store, effect))["result"] == "CERT_EXPIRED"
    fresh = seals.renew_seal(CUSTODIAN, seal.id, clock() + timedelta(days=700), "到期换证")
    assert fresh.serial != seal.serial
    again = asked(seals, store, letter)
    assert seals.apply_seal(again, effect_params(store, again))["certificate"] == fresh.serial


def test_only_the_custodian_keeps_seals_and_says_why(seals, seal):
    with pytest.raises(NotAllowed):
        seals.revoke_seal(JUDGE, seal.id, "试试")
    with pytest.raises(Invalid):
        seals.suspend_seal(CUSTODIAN, seal.id, " ")
    seals.expire_seal(CUSTODIAN, seal.id, "换新章")
    with pytest.raises(Conflict):
        seals.suspend_seal(CUSTODIAN, seal.id, "晚了")


@pytest.mark.parametrize(
    ("name", "code"),
    [("法" * 41, "seal_name_long"), ("𫝀县人民法院", "seal_name_character")],
)
def test_a_name_that_cannot_be_cut_is_refused_when_it_is_registered(seals, name, code):
    with pytest.raises(Invalid, match=code):
        seals.register_seal(CUSTODIAN, COURT, name, LATER, "新制")


def test_a_wrong_pin_is_told_once_and_with_the_right_one_it_is_sealed(
    seals, seal, store, letter, tmp_path
):
    effect, good = asked(seals, store, letter), seals.seals
    locked = KeyFiles(tmp_path / "keys", "wrong", rounds=1000)
    seals.seals = replace(good, keys=SoftwareKeys(locked, good.authority))
    with pytest.raises(Failed, match="seal_pin_wrong") as refused:
        seals.apply_seal(effect, effect_params(store, effect))
    assert refused.value.permanent  # a device locks itself after a few
    assert use_of(store, effect).reason == "seal_pin_wrong"
    seals.seals = good
    assert seals.apply_seal(effect, effect_params(store, effect))["result"] == "OK"


def test_a_file_that_is_not_there_is_not_sealed(seals, seal, store):
    effect = asked(seals, store, b"never kept")
    with pytest.raises(Failed) as missing:
        seals.apply_seal(effect, effect_params(store, effect))
    assert missing.value.code == "seal_file_missing"
    assert use_of(store, effect).result == "HASH_MISMATCH"


def test_without_a_time_stamp_it_is_tried_again_and_nothing_lesser_is_kept(
    seals, seal, store, letter
):
    effect, good = asked(seals, store, letter), seals.seals
    seals.seals = replace(good, stamper=lambda: AskedStamps("http://127.0.0.1:1/", 1))
    with pytest.raises(Failed) as later:
        seals.perform(effect)
    assert not later.value.permanent
    assert use_of(store, effect).result == ""
    seals.seals = good
    assert seals.perform(effect)
    assert use_of(store, effect).result == "OK"


def test_a_demonstration_court_gets_a_seal_at_first_use_and_nobody_else_does(seals, store, letter):
    effect = asked(seals, store, letter)
    assert seals.perform(effect)
    with store() as opened:
        mine = opened.seals_of(COURT)
    assert [(one.name, one.demonstration) for one in mine] == [("云溪县人民法院", True)]
    other = asked(seals, store, letter, seal='"没有这枚章"')
    with pytest.raises(Failed) as unknown:
        seals.apply_seal(other, effect_params(store, other))
    assert unknown.value.code == "seal_unknown"


class Spoiling(LocalSeals):
    """A provider whose files come back with something behind their end."""

    def sign(self, pdf, mark, certificate):
        return super().sign(pdf, mark, certificate) + b"\nmore"


def test_what_does_not_pass_the_check_right_afterwards_is_not_kept(seals, seal, store, letter):
    good = seals.seals
    seals.seals = Spoiling(*(getattr(good, field.name) for field in fields(good)))
    effect = asked(seals, store, letter)
    assert seals.apply_seal(effect, effect_params(store, effect))["result"] == "HASH_MISMATCH"
    use = use_of(store, effect)
    assert (use.digest, use.reason) == ("", "seal_revised")


class FullDisk(FolderBlobs):
    """A folder on a disk that takes nothing more."""

    def _write(self, path, content):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_delays_sealing_and_leaves_one_line(seals, seal, store, letter, tmp_path):
    effect, roomy = asked(seals, store, letter), seals.blobs
    seals.blobs = FullDisk(tmp_path / "blobs")
    with pytest.raises(Failed) as later:
        seals.perform(effect)
    assert (later.value.code, later.value.permanent) == ("disk_full", False)
    seals.blobs = roomy
    assert seals.perform(effect)
    assert verbs(store, seal) == ["seal_registered", "seal_asked", "seal_used"]


def test_a_ruling_sealed_anew_supersedes_the_earlier_one(seals, seal, store, letter):
    first = asked(seals, store, letter)
    seals.perform(first)
    fresh = letter + b"\n"
    seals.blobs.put(fresh)
    seals.perform(asked(seals, store, fresh))
    assert use_of(store, first).superseded_by == "印簿〔2026〕2号"


def test_what_was_refused_can_be_tried_again_unless_somebody_else_has_sealed_it(
    seals, seal, store, letter
):
    seals.suspend_seal(CUSTODIAN, seal.id, "保管人休假")
    refused = asked(seals, store, letter)
    params = effect_params(store, refused)
    assert seals.apply_seal(refused, params)["result"] == "SEAL_EXPIRED"
    seals.resume_seal(CUSTODIAN, seal.id, "回来了")
    assert seals.apply_seal(refused, params)["result"] == "OK"
    late = asked(seals, store, letter)
    with pytest.raises(Failed, match="seal_taken"):
        seals.apply_seal(late, effect_params(store, late))
